import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** The kernel keeps so much while we are busy: about 4 s of 4 Mbit/s. Granted as far as the system allows. */
const RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;
const MAX_ATTEMPTS = 50;
/** The dynamic ports (RFC 6335 6) from which we pick a pair. */
const FIRST_PORT = 49_152;
const LAST_PORT = 65_534;

/** A picture of RTP with nothing in it; opens the way back through a firewall. Version 2, everything else zero. */
const PUNCH = Buffer.from('800000000000000000000000', 'hex');

export interface UdpOptions {
  /** The local end of the RTSP connection: media is taken in on that interface only. */
  readonly localAddress: string;
  /** The remote end of the RTSP connection: packets from elsewhere are dropped. */
  readonly remoteAddress: string;
}

/** The two sockets of one track: RTP on an even port, RTCP on the next (RFC 3550 11). */
export class UdpTransport {
  readonly rtpPort: number;
  /** `bytes` is the receiver's to read during the call only. */
  onRtp: (bytes: Uint8Array) => void = () => {};
  onRtcp: (bytes: Uint8Array) => void = () => {};
  onError: (error: Error) => void = () => {};

  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #remoteAddress: string;
  #remoteRtcpPort: number | undefined;
  #foreign = 0;
  #isClosed = false;

  private constructor(rtp: Socket, rtcp: Socket, rtpPort: number, remoteAddress: string) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.rtpPort = rtpPort;
    this.#remoteAddress = remoteAddress;
  }

  /** @throws the system's error when no pair of ports is free. */
  static async open({ localAddress, remoteAddress }: UdpOptions): Promise<UdpTransport> {
    for (let attempt = 1; ; attempt++) {
      const port = FIRST_PORT + 2 * Math.floor((Math.random() * (LAST_PORT - FIRST_PORT + 2)) / 2);
      const sockets: Socket[] = [];
      try {
        const rtp = await bind(localAddress, port, sockets);
        const rtcp = await bind(localAddress, port + 1, sockets);
        const transport = new UdpTransport(rtp, rtcp, port, remoteAddress);
        transport.#listen();
        return transport;
      } catch (error) {
        for (const socket of sockets) socket.close();
        if (attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** Packets dropped because they came from another address than the camera's. */
  get foreignPackets(): number {
    return this.#foreign;
  }

  /** Takes the camera's ports from its SETUP answer and opens firewalls in between by sending to them first. */
  aimAt(serverPorts: readonly [rtp: number, rtcp: number]): void {
    const [rtpPort, rtcpPort] = serverPorts;
    this.#remoteRtcpPort = rtcpPort;
    this.#rtp.send(PUNCH, rtpPort, this.#remoteAddress, ignoreFailure);
  }

  /** Sends to the camera's RTCP port, once that is known. */
  sendRtcp(bytes: Uint8Array): void {
    if (this.#remoteRtcpPort === undefined || this.#isClosed) return;
    this.#rtcp.send(bytes, this.#remoteRtcpPort, this.#remoteAddress, ignoreFailure);
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rtp.close();
    this.#rtcp.close();
  }

  #listen(): void {
    this.#rtp.on('message', (bytes, from) => {
      if (this.#isFromCamera(from)) this.onRtp(bytes);
    });
    this.#rtcp.on('message', (bytes, from) => {
      if (this.#isFromCamera(from)) this.onRtcp(bytes);
    });
    for (const socket of [this.#rtp, this.#rtcp]) socket.on('error', (error) => this.onError(error));
  }

  #isFromCamera(from: RemoteInfo): boolean {
    if (this.#isClosed) return false;
    if (withoutZone(from.address) === withoutZone(this.#remoteAddress)) return true;
    this.#foreign++;
    return false;
  }
}

/** Binds a socket and notes it in `opened`, so that it can be closed whatever happens. */
async function bind(address: string, port: number, opened: Socket[]): Promise<Socket> {
  const socket = createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  opened.push(socket);
  socket.bind({ address, port, exclusive: true });
  await once(socket, 'listening');
  return socket;
}

/** What we send by UDP only helps: a network that refuses it is no reason to end the session. */
function ignoreFailure(): void {}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '').toLowerCase();
}
