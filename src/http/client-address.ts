import { BlockList, isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';

/** Whom a request comes from and how it reached us, proxies in between looked through as far as they are trusted. */
export interface Client {
  readonly address: string;
  readonly isLoopback: boolean;
  /** Whether it travelled encrypted to us or to the proxy. */
  readonly isSecure: boolean;
  /** As the client wrote it: `recorder.example:8470`. */
  readonly host: string;
  /** What a proxy cut off the beginning of the path: empty, or `/` and what follows, without a slash at its end. */
  readonly prefix: string;
}

const PREFIX = /^(\/[\w.~-]+)*$/;

/** Looks through proxies of these addresses and networks. */
export class ClientFinder {
  readonly #trusted: BlockList;

  constructor(trustedProxies: readonly string[]) {
    this.#trusted = blockListOf(trustedProxies);
  }

  /** Whether what comes from there is believed about where it came from. */
  isTrusted(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }

  clientOf(request: IncomingMessage): Client {
    const { socket, headers } = request;
    const peer = plainAddress(socket.remoteAddress ?? '');
    const direct: Client = {
      address: peer,
      isLoopback: isLoopback(peer),
      isSecure: 'encrypted' in socket,
      host: headers.host ?? '',
      prefix: '',
    };
    if (!this.isTrusted(peer)) return direct;
    const address = this.#farthest(lastOf(headers['x-forwarded-for'])) ?? peer;
    const proto = firstOf(headers['x-forwarded-proto']);
    const prefix = (firstOf(headers['x-forwarded-prefix']) ?? '').replace(/\/$/, '');
    return {
      address,
      isLoopback: isLoopback(address),
      isSecure: proto === undefined ? direct.isSecure : proto === 'https',
      host: firstOf(headers['x-forwarded-host']) ?? direct.host,
      prefix: PREFIX.test(prefix) ? prefix : '',
    };
  }

  /** The last address that no trusted proxy wrote about itself: whoever writes the header first can write what he likes. */
  #farthest(addresses: readonly string[]): string | undefined {
    return addresses.toReversed().find((address) => isIP(address) !== 0 && !this.isTrusted(address));
  }
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** IPv4 over a socket of IPv6 is written as such. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return lastOf(header)[0];
}

function lastOf(header: string | string[] | undefined): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
