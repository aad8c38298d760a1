import type { Socket } from 'node:net';
import { formatFrame } from '../interleaved.ts';
import { packetsOf, type RtpBatch } from '../packetize/rtp-writer.ts';
import type { UdpPorts } from './udp-ports.ts';

/** Changes what leaves for a client: packets may be left out, repeated, put in another order. For tests. */
export type PacketFilter = (
  packets: readonly Uint8Array[],
  sent: { readonly transport: 'tcp' | 'udp'; readonly kind: 'rtp' | 'rtcp'; readonly track: number },
) => readonly Uint8Array[];

/** Where one track goes for one client. */
export interface Outlet {
  sendRtp(batch: RtpBatch, isKey: boolean): void;
  sendRtcp(packet: Uint8Array): void;
}

/** Bytes that may wait for a client that does not read; beyond, pictures are dropped up to the next key picture. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** One track interleaved with the RTSP connection (RFC 2326 10.12). */
export class InterleavedOutlet implements Outlet {
  readonly #socket: Socket;
  readonly #track: number;
  readonly #channel: number;
  readonly #filter: PacketFilter | undefined;
  #isBehind = false;

  /** RTP goes on `channel`, RTCP on the next. */
  constructor(socket: Socket, track: number, channel: number, filter: PacketFilter | undefined) {
    this.#socket = socket;
    this.#track = track;
    this.#channel = channel;
    this.#filter = filter;
  }

  sendRtp(batch: RtpBatch, isKey: boolean): void {
    if (this.#socket.writableLength > MAX_WAITING_BYTES) this.#isBehind = true;
    else if (isKey) this.#isBehind = false;
    if (this.#isBehind || this.#socket.destroyed) return;
    if (this.#filter !== undefined) this.#sendFiltered(batch, this.#filter);
    else this.#socket.write(this.#onOwnChannel(batch));
  }

  sendRtcp(packet: Uint8Array): void {
    if (this.#socket.writableLength > MAX_WAITING_BYTES || this.#socket.destroyed) return;
    const sent = { transport: 'tcp', kind: 'rtcp', track: this.#track } as const;
    const packets = this.#filter === undefined ? [packet] : this.#filter([packet], sent);
    for (const each of packets) this.#socket.write(formatFrame(this.#channel + 1, each));
  }

  /** The batch as it is, which all clients share, unless this one asked for unusual channels. */
  #onOwnChannel(batch: RtpBatch): Buffer {
    if (batch.bytes[1] === this.#channel) return batch.bytes;
    const own = Buffer.from(batch.bytes);
    for (const start of batch.starts) own[start + 1] = this.#channel;
    return own;
  }

  #sendFiltered(batch: RtpBatch, filter: PacketFilter): void {
    const packets = filter(packetsOf(batch), { transport: 'tcp', kind: 'rtp', track: this.#track });
    this.#socket.write(Buffer.concat(packets.map((packet) => formatFrame(this.#channel, packet))));
  }
}

/** One track by UDP. */
export class UdpOutlet implements Outlet {
  readonly #ports: UdpPorts;
  readonly #track: number;
  readonly #address: string;
  readonly #clientPort: number;
  readonly #filter: PacketFilter | undefined;

  /** RTP goes to `clientPort`, RTCP to the next. */
  constructor(
    ports: UdpPorts,
    track: number,
    client: { readonly address: string; readonly port: number },
    filter: PacketFilter | undefined,
  ) {
    this.#ports = ports;
    this.#track = track;
    this.#address = client.address;
    this.#clientPort = client.port;
    this.#filter = filter;
  }

  sendRtp(batch: RtpBatch): void {
    const packets = packetsOf(batch);
    const sent = { transport: 'udp', kind: 'rtp', track: this.#track } as const;
    const passed = this.#filter === undefined ? packets : this.#filter(packets, sent);
    this.#ports.sendRtp(passed, this.#clientPort, this.#address);
  }

  sendRtcp(packet: Uint8Array): void {
    const sent = { transport: 'udp', kind: 'rtcp', track: this.#track } as const;
    const packets = this.#filter === undefined ? [packet] : this.#filter([packet], sent);
    for (const each of packets) this.#ports.sendRtcp(each, this.#clientPort + 1, this.#address);
  }
}
