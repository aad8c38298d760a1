import type { Clock } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';
import type { MediaMessage } from './live-message.ts';

export interface SendQueueOptions {
  readonly send: (message: MediaMessage) => void;
  /** Told when something has waited too long to be sent. May clear the queue. */
  readonly onLate: () => void;
  /** Told before the first message after them is sent. */
  readonly onDropped: (pictures: number) => void;
  readonly clock: Clock;
}

interface Waiting {
  readonly message: MediaMessage;
  readonly dueMs: MonotonicMs;
  readonly isBurst: boolean;
}

interface UnderWay {
  readonly seq: number;
  readonly sizeBytes: number;
  /** 1 for a picture, 0 for sound and for what was held for a player that joined. */
  readonly pictures: number;
  readonly sentMs: MonotonicMs;
}

/** So much is sent without an acknowledgement; a player acknowledges in time (`ACK_EVERY`). */
const WINDOW = { pictures: 25, bytes: 192 * 1024 } as const;
/** What waited so long is not sent any more; what was held for a player that joins comes in a burst and may take longer. */
const PATIENCE_MS = { live: 700, burst: 1_500 } as const;

/**
 * What waits to be sent to one player, and what is under way to it. A player that does not keep up is sent the newest key
 * picture as soon as it can take it, and nothing between: what it shows is never older than the window and the patience
 * together, and nothing piles up.
 */
export class SendQueue {
  readonly #options: SendQueueOptions;
  #waiting: Waiting[] = [];
  #underWay: UnderWay[] = [];
  #bytesUnderWay = 0;
  #picturesUnderWay = 0;
  #isWaitingForKey = false;
  #droppedPictures = 0;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  /** How long the oldest message under way has not been acknowledged; 0 without one. */
  get unacknowledgedMs(): number {
    const oldest = this.#underWay[0];
    return oldest === undefined ? 0 : this.#options.clock.monotonicMs() - oldest.sentMs;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  push(message: MediaMessage, kind: 'live' | 'burst' = 'live'): void {
    if (this.#isWaitingForKey && !message.isKey) {
      this.#countDropped(message);
      return;
    }
    this.#isWaitingForKey = false;
    const isBurst = kind === 'burst';
    if (this.#waiting.length === 0 && this.#hasRoom()) {
      this.#send(message, isBurst);
      return;
    }
    const dueMs = (this.#options.clock.monotonicMs() + PATIENCE_MS[kind]) as MonotonicMs;
    this.#waiting.push({ message, dueMs, isBurst });
    this.#pump();
  }

  /** Everything up to that message has come; what was not sent is ignored. */
  acknowledge(seq: number): void {
    const index = this.#underWay.findIndex((sent) => sent.seq === seq);
    for (const { sizeBytes, pictures } of this.#underWay.splice(0, index + 1)) {
      this.#bytesUnderWay -= sizeBytes;
      this.#picturesUnderWay -= pictures;
    }
    this.#pump();
  }

  /** Forgets what waits: something else is played from now on. What is under way still takes its time. */
  clear(): void {
    this.#waiting = [];
    this.#isWaitingForKey = false;
    this.#droppedPictures = 0;
  }

  #pump(): void {
    this.#dropLate();
    while (this.#hasRoom()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#send(next.message, next.isBurst);
    }
  }

  #hasRoom(): boolean {
    return this.#bytesUnderWay < WINDOW.bytes && this.#picturesUnderWay < WINDOW.pictures;
  }

  #send(message: MediaMessage, isBurst: boolean): void {
    const { send, onDropped, clock } = this.#options;
    if (this.#droppedPictures > 0) onDropped(this.#droppedPictures);
    this.#droppedPictures = 0;
    const { seq, sizeBytes } = message;
    const pictures = message.isSound || isBurst ? 0 : 1;
    this.#underWay.push({ seq, sizeBytes, pictures, sentMs: clock.monotonicMs() });
    this.#bytesUnderWay += sizeBytes;
    this.#picturesUnderWay += pictures;
    send(message);
  }

  #dropLate(): void {
    const oldest = this.#waiting[0];
    if (oldest === undefined || oldest.dueMs > this.#options.clock.monotonicMs()) return;
    const newestKey = this.#waiting.findLastIndex(({ message }) => message.isKey);
    // A key picture that is late itself is still better than none: what follows it is not.
    const from = newestKey === -1 ? this.#waiting.length : newestKey;
    for (const { message } of this.#waiting.splice(0, from)) this.#countDropped(message);
    this.#isWaitingForKey = newestKey === -1;
    this.#options.onLate();
  }

  #countDropped({ isSound }: MediaMessage): void {
    if (!isSound) this.#droppedPictures += 1;
  }
}
