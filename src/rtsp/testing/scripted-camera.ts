import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { formatFrame, InterleavedReader } from '../interleaved.ts';
import { formatResponse, type HeaderLine, type OutgoingResponse, type RtspRequest } from '../message.ts';

/** One G.711 track, so that every RTP packet becomes one media packet. */
export const AUDIO_SDP = 'v=0\r\ns=test\r\nm=audio 0 RTP/AVP 8\r\na=control:track1\r\n';

/** What a camera does with a request: an answer, raw bytes, nothing, or hang up. */
export type Reaction = Partial<OutgoingResponse> | Buffer | 'nothing' | 'close';

type Script = Partial<Record<string, (request: RtspRequest, connection: CameraConnection) => Reaction>>;

/** One client of a scripted camera. */
export class CameraConnection {
  readonly socket: Socket;
  /** Frames that came from the client. */
  readonly frames: { readonly channel: number; readonly bytes: Buffer }[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
  }

  /** Resolves once the client's machine has taken the bytes from us. */
  send(bytes: Uint8Array | string): Promise<void> {
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  sendRtp(channel: number, sequence: number, payload = 'sound'): Promise<void> {
    return this.send(formatFrame(channel, rtpPacket(sequence, payload)));
  }
}

/** A PCMA packet of 20 ms. */
export function rtpPacket(sequence: number, payload = 'sound'): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = 8;
  header.writeUInt16BE(sequence & 0xffff, 2);
  header.writeUInt32BE((sequence * 160) >>> 0, 4);
  header.writeUInt32BE(0xca_fe, 8);
  return Buffer.concat([header, Buffer.from(payload)]);
}

/** A camera for tests on a loopback socket: answers every method sensibly, or as its script says. */
export class ScriptedCamera implements AsyncDisposable {
  readonly requests: RtspRequest[] = [];
  readonly connections: CameraConnection[] = [];
  readonly #script: Script;
  readonly #server: Server;
  #port = 0;
  #waiting: { readonly isThere: () => boolean; readonly resolve: () => void }[] = [];

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  static async start(script: Script = {}): Promise<ScriptedCamera> {
    const camera = new ScriptedCamera(script);
    camera.#server.listen(0, '127.0.0.1');
    await once(camera.#server, 'listening');
    camera.#port = (camera.#server.address() as AddressInfo).port;
    return camera;
  }

  get port(): number {
    return this.#port;
  }

  url(path = '/main', userInfo = ''): string {
    return `rtsp://${userInfo}127.0.0.1:${this.port}${path}`;
  }

  /** The connection that came last. */
  get connection(): CameraConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('nobody has connected');
    return last;
  }

  methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  lastOf(method: string): RtspRequest | undefined {
    return this.requests.findLast((request) => request.method === method);
  }

  /** Waits for the `count`th request of that method. */
  received(method: string, count = 1): Promise<void> {
    return this.until(() => this.requests.filter((request) => request.method === method).length >= count);
  }

  /** Waits until something that a client does makes `isThere` true. */
  until(isThere: () => boolean): Promise<void> {
    if (isThere()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isThere, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    const connection = new CameraConnection(socket);
    this.connections.push(connection);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#notify());
    const reader = new InterleavedReader({
      onFrame: (channel, bytes, from, to) =>
        connection.frames.push({ channel, bytes: Buffer.from(bytes.subarray(from, to)) }),
      onMessage: (message) => {
        if (message.kind === 'request') this.#react(message, connection);
      },
      onResynchronised() {},
      isPlausibleFrame: () => false,
    });
    socket.on('data', (bytes) => {
      reader.feed(bytes, bytes.length);
      this.#notify();
    });
    this.#notify();
  }

  #notify(): void {
    const ready = this.#waiting.filter(({ isThere }) => isThere());
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  #react(request: RtspRequest, connection: CameraConnection): void {
    this.requests.push(request);
    const reaction = this.#script[request.method]?.(request, connection) ?? {};
    if (reaction === 'nothing') return;
    if (reaction === 'close') connection.socket.end();
    else if (Buffer.isBuffer(reaction)) connection.socket.write(reaction);
    else connection.socket.write(respond(request, reaction));
  }
}

/** A sensible answer to `request`, with what `reaction` gives in place of it. */
export function respond(request: RtspRequest, reaction: Partial<OutgoingResponse> = {}): Buffer {
  const cseq: HeaderLine = ['CSeq', request.headers.get('CSeq') ?? ''];
  const isSuccess = (reaction.status ?? 200) < 300;
  const usual = isSuccess ? usualAnswer(request) : { headers: [] };
  return formatResponse({
    status: 200,
    ...usual,
    ...reaction,
    headers: [cseq, ...(reaction.headers ?? []), ...usual.headers],
  });
}

function usualAnswer(request: RtspRequest): { headers: HeaderLine[]; body?: Uint8Array } {
  switch (request.method) {
    case 'OPTIONS':
      return { headers: [['Public', 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER']] };
    case 'DESCRIBE':
      return { headers: [['Content-Type', 'application/sdp']], body: Buffer.from(AUDIO_SDP) };
    case 'SETUP':
      return {
        headers: [
          ['Transport', request.headers.get('Transport') ?? ''],
          ['Session', 'abc;timeout=60'],
        ],
      };
    default:
      return { headers: [] };
  }
}
