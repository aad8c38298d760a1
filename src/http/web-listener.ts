import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { networkOf } from '../account/network-of.ts';
import type { WebConfig } from '../config/config.ts';
import type { Certificate } from './certificate.ts';
import { isLoopback, plainAddress } from './client-address.ts';

export interface WebListenerOptions {
  /** The server that answers, which listens itself nowhere. */
  readonly server: HttpServer;
  readonly encryption: WebConfig['encryption'];
  /** Undefined where nothing is encrypted. */
  readonly certificate: Certificate | undefined;
  /** Whether this address is that of a proxy that is believed. */
  readonly isTrusted: (address: string) => boolean;
}

export type Reach = 'loopback' | 'lan';

/** The first byte of a TLS connection: a handshake record (RFC 8446 5.1). */
const TLS_HANDSHAKE = 0x16;
const FIRST_BYTE_WAIT_MS = 10_000;
/**
 * Together, and from one address, so that nobody keeps all others out: a browser has at most 255 WebSockets and six other
 * connections. A trusted proxy brings many people.
 */
const MOST_CONNECTIONS = { all: 4_096, ofOne: 512 } as const;
const IDLE_HANDSHAKE_MS = 15_000;

/**
 * The port on which the web server is reached. One port serves HTTP and HTTPS: the first byte of a connection tells which it is, and
 * where it comes from decides whether HTTP is answered or sent on to HTTPS.
 */
export class WebListener implements AsyncDisposable {
  readonly #options: WebListenerOptions;
  readonly #tls: TlsServer | undefined;
  readonly #redirect: HttpServer;
  readonly #sockets = new Set<Socket>();
  /** How many connections there are from an address, or a /64 of IPv6. */
  readonly #counts = new Map<string, number>();
  #listening: Server[] = [];

  constructor(options: WebListenerOptions) {
    const { server, certificate } = options;
    this.#options = options;
    this.#redirect = createHttpServer(({ headers, url = '/' }, response) => {
      const location = `https://${headers.host ?? ''}${url.startsWith('/') ? url : '/'}`;
      response.writeHead(308, { location, connection: 'close' }).end();
    });
    // What otherwise comes with listening: it ends connections whose requests do not come to an end.
    for (const one of [server, this.#redirect]) one.emit('listening');
    if (certificate === undefined) return;
    this.#tls = createTlsServer({
      ...certificate,
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: IDLE_HANDSHAKE_MS,
    });
    this.#tls.on('secureConnection', (socket) => server.emit('connection', socket));
    // Of somebody who does not trust the certificate, or does not speak TLS after all.
    this.#tls.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Uses another certificate for connections to come. */
  renew(certificate: Certificate): void {
    this.#tls?.setSecureContext(certificate);
  }

  /**
   * Listens there, and nowhere else any more. Connections that are there stay.
   * @param port 0 for a free one.
   * @returns the port.
   * @throws when the port is taken or may not be had.
   */
  async listen(reach: Reach, port: number): Promise<number> {
    await this.#stopListening();
    if (reach === 'lan')
      return await this.#listenAt('::', port).catch(orIPv4(() => this.#listenAt('0.0.0.0', port)));
    const found = await this.#listenAt('127.0.0.1', port);
    // A machine may have no IPv6; `localhost` then means the other.
    await this.#listenAt('::1', found).catch(() => undefined);
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.#stopListening();
    for (const socket of this.#sockets) socket.destroy();
    this.#redirect.closeAllConnections();
    await stopped;
  }

  async #stopListening(): Promise<void> {
    const servers = this.#listening;
    this.#listening = [];
    // Closing waits for connections; the port is free at once.
    for (const server of servers) server.close();
    await Promise.resolve();
  }

  async #listenAt(host: string, port: number): Promise<number> {
    const server = createNetServer({ noDelay: true }, (socket) => this.#sort(socket));
    server.maxConnections = MOST_CONNECTIONS.all;
    await new Promise<void>((resolve, reject) => {
      // Later ones are of connections that the system could not give us, and end nothing.
      server.on('error', reject);
      server.listen({ host, port }, resolve);
    });
    this.#listening.push(server);
    // A server that listens on TCP.
    return (server.address() as AddressInfo).port;
  }

  #sort(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    const network = networkOf(address);
    const count = this.#counts.get(network) ?? 0;
    if (count >= MOST_CONNECTIONS.ofOne && !this.#options.isTrusted(address)) {
      socket.destroy();
      return;
    }
    this.#counts.set(network, count + 1);
    this.#sockets.add(socket);
    socket.once('close', () => this.#forget(socket, network));
    // Whoever takes the connection over looks for errors himself.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(FIRST_BYTE_WAIT_MS, () => socket.destroy());
    socket.once('readable', () => this.#lookAtFirstByte(socket));
  }

  #forget(socket: Socket, network: string): void {
    this.#sockets.delete(socket);
    const left = (this.#counts.get(network) ?? 0) - 1;
    if (left > 0) this.#counts.set(network, left);
    else this.#counts.delete(network);
  }

  #lookAtFirstByte(socket: Socket): void {
    const first = socket.read(1) as Buffer | null;
    if (first === null) {
      // The other side left without a word.
      socket.destroy();
      return;
    }
    socket.unshift(first);
    socket.removeAllListeners('timeout').setTimeout(0);
    this.#hand(socket, first[0] === TLS_HANDSHAKE);
  }

  #hand(socket: Socket, isTls: boolean): void {
    const { server, encryption, isTrusted } = this.#options;
    if (isTls) {
      if (this.#tls === undefined) socket.destroy();
      else this.#tls.emit('connection', socket);
      return;
    }
    const address = plainAddress(socket.remoteAddress ?? '');
    const isNear = isLoopback(address) || isTrusted(address);
    const isAnswered = encryption === 'never' || (encryption === 'lan' && isNear);
    (isAnswered ? server : this.#redirect).emit('connection', socket);
  }
}

/** @returns what tries the other where the machine has no IPv6. */
function orIPv4(listen: () => Promise<number>): (error: unknown) => Promise<number> {
  return async (error) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL') return await listen();
    throw error;
  };
}
