import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AAC_UNIT_SAMPLES, type Clip } from '../../src/demo/clip.ts';
import { encodeDecoderConfiguration } from '../../src/media/fmp4/decoder-configuration.ts';
import { withLengths } from '../../src/media/coded-picture.ts';

/* Message types and the few commands of Adobe's RTMP 1.0 (2012) that a player needs. */
const SET_CHUNK_SIZE = 1;
const AUDIO = 8;
const VIDEO = 9;
const COMMAND = 20;
const HANDSHAKE_BYTES = 1_536;
/** What a client sends stays in chunks of the usual size. */
const CLIENT_CHUNK_BYTES = 128;
const CHUNK_BYTES = 65_536;
/** The one stream that there is. */
const STREAM_ID = 1;
/** Video tags (FLV 10.1 E.4.3): AVC, key or not; then the configuration or a picture. */
const KEY_AVC = 0x17;
const INTER_AVC = 0x27;
/** Sound tags: AAC, 44 kHz, 16 bit, stereo, as they are for all AAC. */
const AAC = 0xaf;

/** A camera that serves a clip over RTMP: who connects is told to play it, over and over, at its pace. H.264 without B frames. */
export class RtmpCamera implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #clip: Clip;

  private constructor(clip: Clip) {
    this.#clip = clip;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      const player = new Player(socket, this.#clip);
      socket.on('data', (bytes) => player.take(bytes));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        player[Symbol.dispose]();
        this.#sockets.delete(socket);
      });
    });
  }

  static async start(clip: Clip): Promise<RtmpCamera> {
    const camera = new RtmpCamera(clip);
    await new Promise<void>((resolve) => camera.#server.listen(0, '127.0.0.1', resolve));
    return camera;
  }

  get url(): string {
    return `rtmp://127.0.0.1:${(this.#server.address() as AddressInfo).port}/live/yard`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One connection. */
class Player implements Disposable {
  readonly #socket: Socket;
  readonly #clip: Clip;
  #received = Buffer.alloc(0);
  #isShakingHands = true;
  /** Of messages under way: what has come and how long it will be, by chunk stream. */
  readonly #headers = new Map<
    number,
    { type: number; lengthBytes: number; body: Buffer[]; gotBytes: number }
  >();
  #timer: NodeJS.Timeout | undefined;
  #picture = 0;
  #soundUnits = 0;

  constructor(socket: Socket, clip: Clip) {
    this.#socket = socket;
    this.#clip = clip;
  }

  take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    if (this.#isShakingHands && !this.#shakeHands()) return;
    while (this.#takeChunk());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** C0, C1 and C2 against S0, S1 and S2: nobody checks what is in them. */
  #shakeHands(): boolean {
    const wantedBytes = 1 + 2 * HANDSHAKE_BYTES;
    if (this.#socket.bytesWritten === 0 && this.#received.length > HANDSHAKE_BYTES) {
      const own = Buffer.alloc(1 + HANDSHAKE_BYTES);
      own[0] = 3;
      this.#socket.write(Buffer.concat([own, this.#received.subarray(1, 1 + HANDSHAKE_BYTES)]));
    }
    if (this.#received.length < wantedBytes) return false;
    this.#received = this.#received.subarray(wantedBytes);
    this.#isShakingHands = false;
    const size = Buffer.alloc(4);
    size.writeUInt32BE(CHUNK_BYTES);
    this.#send(SET_CHUNK_SIZE, 0, 0, size);
    return true;
  }

  /** @returns whether there was a whole one. */
  #takeChunk(): boolean {
    const [first] = this.#received;
    if (first === undefined) return false;
    const [format, chunkStream] = [first >> 6, first & 0x3f];
    const headBytes = 1 + ([11, 7, 3, 0][format] ?? 0);
    if (this.#received.length < headBytes) return false;
    const known = this.#headers.get(chunkStream);
    const header =
      format < 2
        ? {
            type: this.#received[7] ?? 0,
            lengthBytes: this.#received.readUIntBE(4, 3),
            body: [],
            gotBytes: 0,
          }
        : (known ?? { type: 0, lengthBytes: 0, body: [], gotBytes: 0 });
    const bodyBytes = Math.min(CLIENT_CHUNK_BYTES, header.lengthBytes - header.gotBytes);
    if (this.#received.length < headBytes + bodyBytes) return false;
    header.body.push(this.#received.subarray(headBytes, headBytes + bodyBytes));
    header.gotBytes += bodyBytes;
    this.#received = this.#received.subarray(headBytes + bodyBytes);
    this.#headers.set(chunkStream, header);
    if (header.gotBytes < header.lengthBytes) return true;
    if (header.type === COMMAND) this.#answer(Buffer.concat(header.body));
    header.body = [];
    header.gotBytes = 0;
    return true;
  }

  #answer(command: Buffer): void {
    const nameBytes = command.readUInt16BE(1);
    const name = command.toString('latin1', 3, 3 + nameBytes);
    const transaction = command.readDoubleBE(3 + nameBytes + 1);
    if (name === 'connect') {
      const status = object({ level: 'status', code: 'NetConnection.Connect.Success' });
      this.#say(0, string('_result'), number(transaction), object({}), status);
    } else if (name === 'createStream') {
      this.#say(0, string('_result'), number(transaction), NULL, number(STREAM_ID));
    } else if (name === 'play') {
      const status = object({ level: 'status', code: 'NetStream.Play.Start' });
      this.#say(STREAM_ID, string('onStatus'), number(0), NULL, status);
      this.#play();
    }
  }

  #say(stream: number, ...values: readonly Buffer[]): void {
    this.#send(COMMAND, stream, 0, Buffer.concat(values));
  }

  #play(): void {
    const { parameterSets, sound, rateFps } = this.#clip;
    const configuration = encodeDecoderConfiguration(parameterSets);
    this.#send(VIDEO, STREAM_ID, 0, Buffer.concat([Buffer.of(KEY_AVC, 0, 0, 0, 0), configuration]));
    if (sound !== undefined) {
      this.#send(AUDIO, STREAM_ID, 0, Buffer.concat([Buffer.of(AAC, 0), sound.audioSpecificConfig]));
    }
    this.#timer = setInterval(() => this.#sendNext(), 1_000 / rateFps);
  }

  #sendNext(): void {
    const { units, rateFps, sound } = this.#clip;
    const unit = units[this.#picture % units.length];
    if (unit === undefined) return;
    const atMs = (this.#picture * 1_000) / rateFps;
    const head = Buffer.of(unit.isKey ? KEY_AVC : INTER_AVC, 1, 0, 0, 0);
    this.#send(VIDEO, STREAM_ID, atMs, Buffer.concat([head, withLengths(unit.nals)]));
    this.#picture += 1;
    if (sound === undefined) return;
    for (;;) {
      const heardMs = (this.#soundUnits * AAC_UNIT_SAMPLES * 1_000) / sound.sampleRateHz;
      if (heardMs > atMs) return;
      const heard = sound.units[this.#soundUnits % sound.units.length] ?? new Uint8Array(0);
      this.#send(AUDIO, STREAM_ID, heardMs, Buffer.concat([Buffer.of(AAC, 1), heard]));
      this.#soundUnits += 1;
    }
  }

  /** Each message in one chunk with a whole header (5.3.1.2.1): none is longer than a chunk. */
  #send(type: number, stream: number, atMs: number, body: Buffer): void {
    const header = Buffer.alloc(12);
    header[0] = 3;
    header.writeUIntBE(Math.round(atMs) & 0xff_ffff, 1, 3);
    header.writeUIntBE(body.length, 4, 3);
    header[7] = type;
    header.writeUInt32LE(stream, 8);
    this.#socket.write(Buffer.concat([header, body]));
  }
}

/* AMF 0 values (2.2 to 2.7). */

const NULL = Buffer.of(5);

function number(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function string(text: string): Buffer {
  return Buffer.concat([Buffer.of(2), characters(text)]);
}

function object(members: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(members).flatMap(([key, value]) => [characters(key), string(value)]);
  return Buffer.concat([Buffer.of(3), ...pairs, Buffer.of(0, 0, 9)]);
}

function characters(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}
