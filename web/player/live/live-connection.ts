import type { LiveNotice, LiveRequest, PlayRequest } from '../../../src/http/api/live.ts';
import { Acknowledger } from './acknowledger.ts';
import { readMediaMessage, type MediaMessage } from './media-message.ts';

export interface LiveConnectionListener {
  onOpen(): void;
  onNotice(notice: LiveNotice): void;
  onMedia(message: MediaMessage): void;
  /** Tried again by itself until `close`. */
  onLost(): void;
}

/** Between attempts, doubling, up to a half more by chance: not all tiles of all pages at once. */
const WAIT_MS = { first: 300, longest: 3_000 };
/** A connection on which nothing comes for so long is taken for dead, where pictures should come. */
const SILENCE_MS = 15_000;
const NORMAL_CLOSURE = 1_000;

/** The WebSocket of a player: kept up, what it plays asked for anew, what comes acknowledged. */
export class LiveConnection {
  readonly #url: string;
  readonly #listener: LiveConnectionListener;
  #socket: WebSocket | undefined;
  #request: PlayRequest | undefined;
  #acknowledger = new Acknowledger();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #waitMs = WAIT_MS.first;

  constructor(url: string, listener: LiveConnectionListener) {
    this.#url = url;
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Plays this from now on; connects where there is no connection. */
  play(request: PlayRequest): void {
    this.#request = request;
    if (this.isOpen) this.#send(request);
    else if (this.#socket === undefined) this.#connect();
  }

  close(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#request = undefined;
    this.#waitMs = WAIT_MS.first;
    socket?.close(NORMAL_CLOSURE);
  }

  #connect(): void {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#acknowledger = new Acknowledger();
    socket.addEventListener('open', () => {
      if (this.#socket !== socket || this.#request === undefined) return;
      this.#listener.onOpen();
      this.#send(this.#request);
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#socket !== socket) return;
      this.#waitMs = WAIT_MS.first;
      if (data instanceof ArrayBuffer) this.#receive(data);
      // The server is ours: its messages are what its types say.
      else if (typeof data === 'string') this.#hear(JSON.parse(data) as LiveNotice);
    });
    // An error is followed by a close.
    socket.addEventListener('close', () => this.#isLost(socket));
  }

  #isLost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    clearTimeout(this.#silence);
    this.#socket = undefined;
    this.#listener.onLost();
    const waitMs = this.#waitMs * (1 + Math.random() / 2);
    this.#waitMs = Math.min(WAIT_MS.longest, 2 * this.#waitMs);
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #hear(notice: LiveNotice): void {
    // Nothing is expected of a camera that is away.
    if (notice.t === 'track') this.#expectMore();
    if (notice.t === 'away' || notice.t === 'error') clearTimeout(this.#silence);
    this.#listener.onNotice(notice);
  }

  #receive(data: ArrayBuffer): void {
    const message = readMediaMessage(data);
    if (message === undefined) return;
    this.#expectMore();
    if (message.kind !== 'init' && this.#acknowledger.count(message)) {
      this.#send({ t: 'ack', seq: message.seq });
    }
    this.#listener.onMedia(message);
  }

  #expectMore(): void {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#silence = setTimeout(() => {
      if (socket === undefined) return;
      socket.close();
      // Closing waits for an answer that a dead connection does not give.
      this.#isLost(socket);
    }, SILENCE_MS);
  }

  #send(request: LiveRequest): void {
    if (this.isOpen) this.#socket?.send(JSON.stringify(request));
  }
}
