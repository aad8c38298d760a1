import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock, Timer } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';
import { Watchdog } from '../base/watchdog.ts';

/** Proxies end connections that are silent for a minute. */
const PING_MS = 25_000;
/** Who leaves so much of what he is told unread is given up. */
const MAX_UNREAD_BYTES = 4 * 2 ** 20;

/** What a page says: a player acknowledges some times a second. */
const MOST_MESSAGES = { atOnce: 500, perSecond: 100 } as const;

/** Of RFC 6455 7.4.1: the other side breaks the rules. */
const POLICY_VIOLATION = 1008;

/** A WebSocket that is kept open, and ended when nobody answers at its other end. */
export class KeptSocket implements Disposable {
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #clock: Clock;
  readonly #watchdog: Watchdog;
  #timer: Timer;
  /** How many more messages may come now; as of when. */
  #allowed: number = MOST_MESSAGES.atOnce;
  #allowedAtMs: MonotonicMs;

  /** @param stream what the WebSocket goes over. */
  constructor(socket: WebSocket, stream: Socket, clock: Clock) {
    this.#socket = socket;
    this.#stream = stream;
    this.#clock = clock;
    this.#allowedAtMs = clock.monotonicMs();
    this.#watchdog = new Watchdog(clock, 2 * PING_MS, () => socket.terminate());
    this.#timer = this.#pingLater();
    // Pings are answered by the WebSocket itself: many of them would fill the memory of who does not read the answers.
    for (const sign of ['ping', 'pong', 'message'] as const) socket.on(sign, () => this.#count());
    // What follows an error is the end.
    socket.on('error', () => undefined);
    socket.on('close', () => this[Symbol.dispose]());
  }

  /** Waits to be sent. */
  get unreadBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** What comes as text. */
  onText(receive: (text: string) => void): void {
    this.#socket.on('message', (data, isBinary) => {
      // Without other settings a message comes as one buffer.
      if (!isBinary && Buffer.isBuffer(data)) receive(data.toString('utf8'));
    });
  }

  onClose(closed: () => void): void {
    this.#socket.on('close', closed);
  }

  sendText(text: string): void {
    if (this.#isReading()) this.#socket.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#isReading()) this.#socket.send(bytes);
  }

  /** @returns once it is on its way, or there is nobody any more to send it to. */
  async deliver(bytes: Uint8Array): Promise<void> {
    if (!this.#isReading()) return;
    await new Promise<void>((resolve) => this.#socket.send(bytes, () => resolve()));
  }

  /**
   * A message with the head of its frame. Messages are not compressed, so that the WebSocket writes its own at once: whole
   * frames follow each other in any case.
   */
  sendFrame(frame: Uint8Array): void {
    if (this.#isReading()) this.#stream.write(frame);
  }

  close(reason: string): void {
    this.#socket.close(POLICY_VIOLATION, reason);
  }

  [Symbol.dispose](): void {
    this.#watchdog[Symbol.dispose]();
    this.#timer[Symbol.dispose]();
  }

  /** A sign of life, one of at most so many. */
  #count(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#watchdog.calm(nowMs);
    const earned = ((nowMs - this.#allowedAtMs) / 1_000) * MOST_MESSAGES.perSecond;
    this.#allowedAtMs = nowMs;
    this.#allowed = Math.min(MOST_MESSAGES.atOnce, this.#allowed + earned) - 1;
    if (this.#allowed < 0) this.#socket.terminate();
  }

  #isReading(): boolean {
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#socket.terminate();
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #pingLater(): Timer {
    return this.#clock.setTimer(PING_MS, () => {
      this.#socket.ping();
      this.#timer = this.#pingLater();
    });
  }
}
