import { COARSE_STEP_MS, COARSEST_STEP_MS, type Clock, type Timer } from '../base/clock.ts';

/** The longest that bytes of a camera wait to be read … */
export const LONGEST_PAUSE_MS = 400;
/** … and of one whose stream is only recorded, the longest first that its GOPs allow: such pauses end when common timers do. */
const LONG_PAUSES_MS = [COARSEST_STEP_MS, COARSE_STEP_MS];
const FIRST_PAUSE_MS = 25;
/** After so long the pause doubles. */
const STEP_MS = 1_000;
/** A recorder that is killed loses what was not read and written at the end of such a pause: it is to be less than a GOP. */
const LONGEST_SHARE_OF_GOP = 0.85;
/** What the system is to hold of a stream in a pause longer than usual … */
const MOST_UNREAD_BYTES = 2 ** 20;
/** … and of all streams together: a process that reads all of that at once holds it until it is written. */
const MOST_UNREAD_TOGETHER_BYTES = 16 * 2 ** 20;

/** Those in this process over whose connections media flows. */
const paced = new Set<StreamPace>();

/** The turns in which a connection is read. */
export interface Turns {
  /** The longest that bytes wait at present. */
  readonly longestPauseMs: number;
  /** Calls `read` once, at the end of the pause. */
  pause(pauseMs: number, read: () => void): Timer;
}

/** Told when all that has come is read; whether a pause longer than usual begins, or what comes next is read soon. */
export type OnRead = (isLongPause: boolean) => void;

/** What can be read in turns. */
export interface PacedConnection {
  /** From now on reads in these turns, or at once what comes. */
  readInTurns(turns: Turns | undefined): void;
}

/**
 * How one stream is read, over all its connections: in turns, or as it comes while somebody waits for its pictures.
 *
 * A process reads its cameras together, a few times a second instead of once a picture. What comes meanwhile waits in the system's
 * receive buffers. Waking up a process costs far more than reading a picture (design/decisions.md). Pauses end on whole multiples of
 * their length on the monotonic clock, the same for all streams.
 */
export class StreamPace implements Turns {
  /** Motion is looked for in it: pauses are no longer than usual, though nobody waits for each picture. */
  isAnalysed = false;
  readonly #clock: Clock;
  readonly #onRead: OnRead | undefined;
  #connection: PacedConnection | undefined;
  #waiting = 0;
  #longestPauseMs = LONGEST_PAUSE_MS;
  #lastKey: { readonly atMs: number; readonly receivedBytes: number } | undefined;

  /** @param onRead of a stream that is only recorded: pauses may be longer than usual where its GOPs are long. */
  constructor(clock: Clock, onRead?: OnRead) {
    this.#clock = clock;
    this.#onRead = onRead;
  }

  get longestPauseMs(): number {
    return this.isAnalysed ? LONGEST_PAUSE_MS : this.#longestPauseMs;
  }

  pause(pauseMs: number, read: () => void): Timer {
    this.#onRead?.(pauseMs > LONGEST_PAUSE_MS);
    const nowMs = this.#clock.monotonicMs();
    return this.#clock.setTimer(Math.floor(nowMs / pauseMs + 1) * pauseMs - nowMs, read);
  }

  /**
   * A key picture has come.
   * @param atMs when it is shown, on the stream's own clock.
   * @param receivedBytes by its connection so far.
   */
  keyPicture(atMs: number, receivedBytes: number): void {
    if (this.#onRead === undefined) return;
    const last = this.#lastKey;
    this.#lastKey = { atMs, receivedBytes };
    if (last === undefined) return;
    const gopMs = atMs - last.atMs;
    const bytesPerMs = (receivedBytes - last.receivedBytes) / gopMs;
    const mostBytes = Math.min(MOST_UNREAD_BYTES, MOST_UNREAD_TOGETHER_BYTES / paced.size);
    const longMs = LONG_PAUSES_MS.find(
      (pauseMs) => pauseMs <= gopMs * LONGEST_SHARE_OF_GOP && pauseMs * bytesPerMs <= mostBytes,
    );
    this.#longestPauseMs = longMs ?? LONGEST_PAUSE_MS;
  }

  /** Reads as it comes until disposed of. */
  hurry(): Disposable {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#apply();
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#apply();
      },
    };
  }

  /** Media flows over this connection from now on. */
  begin(connection: PacedConnection): void {
    this.#connection = connection;
    paced.add(this);
    this.#lastKey = undefined;
    this.#longestPauseMs = LONGEST_PAUSE_MS;
    this.#apply();
  }

  /** No more media over that connection: what it still says is read as it comes. */
  end(connection: PacedConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    paced.delete(this);
    connection.readInTurns(undefined);
    this.#onRead?.(false);
  }

  #apply(): void {
    this.#connection?.readInTurns(this.#waiting > 0 ? undefined : this);
    if (this.#waiting > 0) this.#onRead?.(false);
  }
}

/**
 * How long a connection may pause that has been read in turns for `sinceMs`, at most `longestMs`. The system widens a receive buffer
 * that is emptied in large gulps, so that pauses which begin short and grow never make the camera wait.
 */
export function pauseAfter(sinceMs: number, longestMs: number): number {
  return Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.floor(Math.max(0, sinceMs) / STEP_MS));
}
