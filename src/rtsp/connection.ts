import { Socket, type SocketConstructorOpts, type TcpNetConnectOpts } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { socketsRead } from '../base/sockets-read.ts';
import type { MonotonicMs } from '../base/time.ts';
import { Watchdog } from '../base/watchdog.ts';
import type { LentMemory } from '../media/slab.ts';
import {
  printable,
  RtspError,
  RtspSyntaxError,
  type ConnectionName,
  type RtspErrorContext,
  type RtspErrorKind,
} from './error.ts';
import { isForbiddenAddress } from './forbidden-address.ts';
import { formatFrame, InterleavedReader, type InterleavedSink } from './interleaved.ts';
import {
  formatRequest,
  formatResponse,
  type OutgoingRequest,
  type RtspMessage,
  type RtspRequest,
  type RtspResponse,
} from './message.ts';
import { pauseAfter, type Turns } from './stream-pace.ts';

/** What connections read into where nothing better is lent: a read, which takes at most this much, is used up before the next one. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);
/** Nothing that may be left out is written while so much waits to be sent. */
const MAX_UNSENT_BYTES = 64 * 1024;

/** In one turn of the event loop libuv reads up to 32 full buffers of a socket: what the system holds of a camera comes in a few. */
const MOST_REST_TURNS = 16;

/** Receives interleaved frames. */
export interface FrameSink {
  /** The frame is `bytes[from..to)`, valid during the call only; `arrivalMs` is when the read that brought its end returned. */
  onFrame(channel: number, bytes: Uint8Array, from: number, to: number, arrivalMs: MonotonicMs): void;
  onResynchronised(junkBytes: number): void;
  isPlausibleFrame(channel: number, first: number, second: number): boolean;
  /**
   * Memory to read the next frames into, in which they are then handed out; asked before each read.
   * @param aheadBytes the size of a frame that began in the read before, and is handed out first, not in that memory.
   */
  lend(aheadBytes: number): LentMemory | undefined;
  /** The connection ended otherwise than by `destroy`. Told once. */
  onEnd(error: unknown): void;
}

const NO_FRAMES: FrameSink = {
  onFrame() {},
  onResynchronised() {},
  isPlausibleFrame: () => false,
  lend: () => undefined,
  onEnd() {},
};

export interface ConnectOptions {
  readonly camera: string;
  readonly ordinal: number;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

interface Pending {
  readonly what: string;
  resolve(response: RtspResponse): void;
  reject(error: unknown): void;
}

/**
 * One TCP connection with a camera: requests one at a time, and the interleaved frames between the answers.
 *
 * An answer belongs to the only request under way whatever CSeq it bears: cameras leave CSeq out or echo that of the
 * request before (Tapo does). Requests of the camera are answered here.
 */
export class RtspConnection implements InterleavedSink {
  readonly #options: ConnectOptions;
  readonly #socket: Socket;
  readonly #reader = new InterleavedReader(this);
  #name: ConnectionName;
  #arrivalMs: MonotonicMs;
  #receivedBytes = 0;
  #cseq = 0;
  #pending: Pending | undefined;
  #frames: FrameSink = NO_FRAMES;
  /** What is read into at present, if that is lent. Not released when the connection ends, for the system may still have it. */
  #lent: LentMemory | undefined;
  #turns: Turns | undefined;
  #pacedSinceMs: MonotonicMs;
  #pause: Timer | undefined;
  #isPauseDue = false;
  #ended: unknown;

  /** @internal Use `connect`. */
  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#arrivalMs = options.clock.monotonicMs();
    this.#pacedSinceMs = this.#arrivalMs;
    this.#name = { ordinal: options.ordinal, local: '-', remote: `${options.host}:${options.port}` };
    // @types/node knows `onread` only for `connect`, which passes it to this very constructor.
    const socketOptions: SocketConstructorOpts & Pick<TcpNetConnectOpts, 'onread'> = {
      onread: {
        buffer: () => this.#readInto(),
        callback: (length, bytes) => this.#receive(length, bytes),
      },
    };
    this.#socket = new Socket(socketOptions);
  }

  /**
   * @throws RtspError `connect` or `timeout`; the signal's reason when it aborts.
   */
  static async connect(options: ConnectOptions, signal: AbortSignal): Promise<RtspConnection> {
    signal.throwIfAborted();
    const connection = new RtspConnection(options);
    try {
      await connection.#connected(signal);
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  /** The camera's address; empty once the connection is destroyed. */
  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? '';
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '';
  }

  get name(): ConnectionName {
    return this.#name;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** True once nothing can be sent or received any more. */
  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** An error that carries this connection and the position of what was read last. */
  error(
    kind: RtspErrorKind,
    message: string,
    context: Omit<RtspErrorContext, 'camera' | 'connection'> = {},
    options?: ErrorOptions,
  ): RtspError {
    const { camera } = this.#options;
    return new RtspError(
      kind,
      message,
      { camera, connection: this.#name, positionBytes: this.#reader.positionBytes, ...context },
      options,
    );
  }

  /**
   * Sends a request and waits for the whole answer, at most `timeoutMs` in all: bytes that trickle in do not prolong it.
   * The request's CSeq is added here.
   * @throws RtspError; the signal's reason when it aborts.
   */
  request(request: OutgoingRequest, timeoutMs: number, signal: AbortSignal): Promise<RtspResponse> {
    const what = request.method;
    return new Promise<RtspResponse>((resolve, reject) => {
      if (signal.aborted) throw signal.reason;
      if (this.#ended !== undefined) throw this.#ended;
      if (this.#pending !== undefined) throw new Error(`${what} before the answer to ${this.#pending.what}`);
      const bytes = formatRequest({
        ...request,
        headers: [['CSeq', String(++this.#cseq)], ...request.headers],
      });
      const settle = () => {
        this.#pending = undefined;
        late[Symbol.dispose]();
        signal.removeEventListener('abort', abort);
      };
      const pending: Pending = {
        what,
        resolve: (response) => {
          settle();
          resolve(response);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      const abort = () => pending.reject(signal.reason);
      const late = new Watchdog(this.#options.clock, timeoutMs, () =>
        pending.reject(this.#timeout(what, timeoutMs)),
      );
      signal.addEventListener('abort', abort, { once: true });
      this.#pending = pending;
      this.#socket.write(bytes);
    });
  }

  #timeout(what: string, timeoutMs: number): RtspError {
    const inHand = this.#reader.pendingMessageBytes;
    const found = inHand > 0 ? `only ${inHand} bytes of an unfinished answer` : 'none';
    return this.error('timeout', `${what}: expected a whole answer within ${timeoutMs} ms, found ${found}`);
  }

  /** Sends frames to `sink` from now on, or nowhere. */
  deliverFramesTo(sink: FrameSink | undefined): void {
    this.#frames = sink ?? NO_FRAMES;
  }

  /** From now on reads in these turns, or at once what comes. */
  readInTurns(turns: Turns | undefined): void {
    this.#turns = turns;
    this.#pacedSinceMs = this.#options.clock.monotonicMs();
    if (turns === undefined) this.#goOnReading();
  }

  /** Reads what had come by now, in a pause or not: as long as each turn brings more, and no longer than a few turns. */
  async readRest(): Promise<void> {
    this.readInTurns(undefined);
    for (let turns = 0; turns < MOST_REST_TURNS; turns += 1) {
      const before = this.#receivedBytes;
      await socketsRead();
      if (this.#receivedBytes === before) return;
    }
  }

  /** Sends `payload` on an interleaved channel; drops it when the camera does not read. */
  sendFrame(channel: number, payload: Uint8Array): void {
    if (this.#canSpare()) this.#socket.write(formatFrame(channel, payload));
  }

  /** Ends the connection at once. Idempotent. Nothing is handed out afterwards and `onEnd` is not called. */
  destroy(): void {
    this.#ended ??= this.error('closed', 'the connection was closed by us');
    this.#reader.stop();
    this.#pause?.[Symbol.dispose]();
    this.#socket.destroy();
  }

  #canSpare(): boolean {
    return this.#ended === undefined && this.#socket.writableLength < MAX_UNSENT_BYTES;
  }

  #connected(signal: AbortSignal): Promise<void> {
    const { host, port, timeoutMs, clock } = this.#options;
    return new Promise<void>((resolve, reject) => {
      const settle = () => {
        late[Symbol.dispose]();
        signal.removeEventListener('abort', abort);
      };
      const fail = (error: unknown) => {
        settle();
        reject(error);
      };
      const abort = () => fail(signal.reason);
      const late = new Watchdog(clock, timeoutMs, () =>
        fail(this.error('connect', `connecting to ${host}:${port}: found no answer within ${timeoutMs} ms`)),
      );
      signal.addEventListener('abort', abort, { once: true });
      this.#socket.once('connect', () => {
        if (isForbiddenAddress(this.remoteAddress)) {
          fail(this.error('connect', `connecting to ${host}:${port}: no camera can be at this address`));
          return;
        }
        settle();
        this.#nameEnds();
        resolve();
      });
      this.#socket.on('error', (cause) => {
        if (this.#name.local === '-') {
          fail(this.error('connect', `connecting to ${host}:${port} failed`, {}, { cause }));
        } else
          this.#end(this.error('closed', `reading ${this.#awaited()}: the connection broke`, {}, { cause }));
      });
      this.#socket.on('close', () => {
        const found = `the camera closed the connection after ${this.#receivedBytes} bytes`;
        this.#end(this.error('closed', `reading ${this.#awaited()}: ${found}`));
      });
      this.#socket.connect({ host, port, noDelay: true });
    });
  }

  #nameEnds(): void {
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = this.#socket;
    this.#name = {
      ordinal: this.#options.ordinal,
      local: joinAddress(localAddress, localPort),
      remote: joinAddress(remoteAddress, remotePort),
    };
  }

  #readInto(): Uint8Array {
    this.#lent?.memory.release();
    this.#lent = this.#frames.lend(this.#reader.unfinishedFrameBytes);
    return this.#lent?.bytes ?? READ_BUFFER;
  }

  /** Returns true to go on reading, as `onread` wants it. */
  #receive(length: number, bytes: Uint8Array): boolean {
    this.#receivedBytes += length;
    this.#arrivalMs = this.#options.clock.monotonicMs();
    try {
      this.#reader.feed(bytes, length);
    } catch (error) {
      this.#end(error instanceof RtspSyntaxError ? this.#notUnderstood(error) : error);
    }
    // A full buffer: there is more to read.
    if (length < bytes.length && this.#turns !== undefined) this.#pauseSoon();
    return true;
  }

  #notUnderstood({ isAlien, message }: RtspSyntaxError): RtspError {
    const kind = isAlien && !this.#reader.hasMessage ? 'alien' : 'protocol';
    return this.error(kind, `reading ${this.#awaited()}: ${message}`);
  }

  /** Once the system has been asked again: that the camera has left is to be known now, not after the pause. */
  #pauseSoon(): void {
    if (this.#isPauseDue) return;
    this.#isPauseDue = true;
    void socketsRead().then(() => this.#beginPause());
  }

  #beginPause(): void {
    this.#isPauseDue = false;
    if (this.#turns === undefined || this.#ended !== undefined || this.#pause !== undefined) return;
    const pauseMs = pauseAfter(this.#arrivalMs - this.#pacedSinceMs, this.#turns.longestPauseMs);
    this.#socket.pause();
    this.#pause = this.#turns.pause(pauseMs, () => this.#goOnReading());
  }

  #goOnReading(): void {
    if (this.#pause === undefined) return;
    this.#pause[Symbol.dispose]();
    this.#pause = undefined;
    this.#socket.resume();
  }

  #awaited(): string {
    return this.#pending === undefined ? 'the stream' : `the answer to ${this.#pending.what}`;
  }

  /** The first cause wins; later ones follow from it. */
  #end(error: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#reader.stop();
    this.#socket.destroy();
    this.#pending?.reject(error);
    this.#frames.onEnd(error);
  }

  onFrame(channel: number, bytes: Uint8Array, from: number, to: number): void {
    this.#frames.onFrame(channel, bytes, from, to, this.#arrivalMs);
  }

  onResynchronised(junkBytes: number): void {
    this.#frames.onResynchronised(junkBytes);
  }

  isPlausibleFrame(channel: number, first: number, second: number): boolean {
    return this.#frames.isPlausibleFrame(channel, first, second);
  }

  onMessage(message: RtspMessage): void {
    if (message.kind === 'request') this.#answer(message);
    else this.#pending?.resolve(message);
  }

  /** Cameras ping with OPTIONS or GET_PARAMETER and announce what we need not know; anything else is not for us. */
  #answer(request: RtspRequest): void {
    if (!this.#canSpare()) return;
    const isKnown = ['OPTIONS', 'GET_PARAMETER', 'ANNOUNCE'].includes(request.method);
    const cseq = request.headers.get('CSeq');
    const headers = cseq === undefined ? [] : ([['CSeq', printable(cseq, 20)]] as const);
    this.#socket.write(formatResponse({ status: isKnown ? 200 : 501, headers }));
  }
}

function joinAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
