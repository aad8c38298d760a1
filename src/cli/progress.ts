import type { Clock } from '../base/clock.ts';
import type { Terminal } from './status-line.ts';

export interface ProgressOptions {
  /** Where it is shown: a bar on a terminal, else a line for each quarter done. */
  readonly stream: Terminal;
  readonly clock: Clock;
  /** What is being worked on. */
  readonly name: string;
}

/** How far a piece of work is. */
export interface ProgressState {
  /** 0..1; undefined where nobody knows how much there is. */
  readonly share: number | undefined;
  /** The media dealt with so far. */
  readonly mediaMs: number;
  /** The time it took. */
  readonly elapsedMs: number;
}

const REFRESH_MS = 100;
const CLEAR_LINE = '\r\u001B[2K';
const BAR_CHARACTERS = 24;

/** Tells how far a piece of work is. Disposing takes the bar away. */
export class Progress implements Disposable {
  readonly #options: ProgressOptions;
  readonly #startMs: number;
  #shownMs = -Infinity;
  #quarters = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startMs = options.clock.monotonicMs();
  }

  /** The time since construction. */
  get elapsedMs(): number {
    return this.#options.clock.monotonicMs() - this.#startMs;
  }

  /** To be told as often as one likes. */
  tell(share: number | undefined, mediaMs: number): void {
    const { stream, name } = this.#options;
    const { elapsedMs } = this;
    if (stream.isTTY !== true) {
      this.#tellQuarter(share ?? 0);
      return;
    }
    if (elapsedMs - this.#shownMs < REFRESH_MS) return;
    this.#shownMs = elapsedMs;
    const text = `${name}  ${progressText({ share, mediaMs, elapsedMs })}`;
    stream.write(CLEAR_LINE + text.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
  }

  [Symbol.dispose](): void {
    if (this.#options.stream.isTTY === true && this.#shownMs >= 0) this.#options.stream.write(CLEAR_LINE);
  }

  #tellQuarter(share: number): void {
    const quarters = Math.min(3, Math.floor(share * 4));
    if (quarters <= this.#quarters) return;
    this.#quarters = quarters;
    this.#options.stream.write(`${this.#options.name}: ${quarters * 25} %\n`);
  }
}

/** Bar, percent, speed and remaining time, as far as they are known. */
export function progressText({ share, mediaMs, elapsedMs }: ProgressState): string {
  const speed = elapsedMs > 0 ? `${(mediaMs / elapsedMs).toFixed(1)} x real time` : '';
  if (share === undefined) return `${(mediaMs / 1000).toFixed(0)} s  ${speed}`.trimEnd();
  const bounded = Math.min(1, Math.max(0, share));
  const done = Math.round(bounded * BAR_CHARACTERS);
  const bar = `[${'#'.repeat(done)}${'.'.repeat(BAR_CHARACTERS - done)}]`;
  const leftMs = bounded > 0 ? (elapsedMs * (1 - bounded)) / bounded : undefined;
  const left = leftMs === undefined ? '' : `${Math.ceil(leftMs / 1000)} s left`;
  return [bar, `${Math.floor(bounded * 100)} %`, speed, left].filter((part) => part !== '').join('  ');
}
