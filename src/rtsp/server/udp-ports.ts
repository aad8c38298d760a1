import { createSocket, type Socket } from 'node:dgram';

const ATTEMPTS = 20;
/** Packets sent at once; the rest of a large picture follows a moment later, as a receiver's buffer is small. */
const BURST_PACKETS = 32;
/** Packets waiting to be sent, over all clients; beyond, new ones are dropped. */
const MAX_WAITING = 4096;

/** A pair of UDP ports, an even one for RTP and the next for RTCP (RFC 3550 11), shared by all clients of a server. */
export class UdpPorts implements AsyncDisposable {
  readonly rtpPort: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #waiting: { readonly packet: Uint8Array; readonly port: number; readonly address: string }[] = [];
  #isDraining = false;
  #isClosed = false;

  private constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.rtpPort = rtp.address().port;
    for (const socket of [rtp, rtcp]) {
      // A client whose port is closed answers with ICMP; that is the client's affair.
      socket.on('error', () => undefined);
      socket.unref();
    }
  }

  /** @throws Error if no free pair of ports is found on the address. */
  static async bind(address: string): Promise<UdpPorts> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const rtp = await bindSocket(address, 0);
      if (rtp === undefined) continue;
      const port = rtp.address().port;
      const rtcp = port % 2 === 0 ? await bindSocket(address, port + 1) : undefined;
      if (rtcp !== undefined) return new UdpPorts(rtp, rtcp);
      rtp.close();
    }
    throw new Error(`Binding two neighbouring UDP ports on ${address}, found none in ${ATTEMPTS} attempts`);
  }

  /** Sends RTP packets to a client, large pictures in bursts. */
  sendRtp(packets: readonly Uint8Array[], port: number, address: string): void {
    for (const packet of packets) {
      if (this.#waiting.length >= MAX_WAITING) return;
      this.#waiting.push({ packet, port, address });
    }
    if (!this.#isDraining) this.#drain();
  }

  sendRtcp(packet: Uint8Array, port: number, address: string): void {
    if (!this.#isClosed) this.#rtcp.send(packet, port, address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    await Promise.all(
      [this.#rtp, this.#rtcp].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
    );
  }

  #drain(): void {
    this.#isDraining = false;
    if (this.#isClosed) return;
    const burst = this.#waiting.splice(0, BURST_PACKETS);
    for (const { packet, port, address } of burst) this.#rtp.send(packet, port, address);
    if (this.#waiting.length === 0) return;
    this.#isDraining = true;
    // The next turn of the event loop, after the receivers had theirs.
    setImmediate(() => this.#drain());
  }
}

function bindSocket(address: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({
      type: address.includes(':') ? 'udp6' : 'udp4',
      sendBufferSize: 1024 * 1024,
    });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
