import type { FootageClient } from './footage-client.ts';
import type { KeyPicture } from './key-stream.ts';

/** What is fetched at a time, in pictures. */
const BATCH = 24;
/** Fetched when less than this share of a batch is left. */
const REFILL = 0.6;

/** Key pictures in the direction in which the clock runs, at a density, fetched before they are needed. */
export class KeyFeed {
  readonly #client: FootageClient;
  readonly #everyMs: number;
  readonly #isForward: boolean;
  readonly #onProblem: (error: unknown) => void;
  readonly #abort = new AbortController();
  /** In the order of time. */
  #pictures: readonly KeyPicture[] = [];
  /** What is fetched, or on its way. */
  #fromMs: number;
  #toMs: number;
  /** What is there. */
  #haveFromMs: number;
  #haveToMs: number;
  #isFetching = false;

  /** @param everyMs how far apart pictures are, at least. */
  constructor(options: {
    readonly client: FootageClient;
    readonly atMs: number;
    readonly everyMs: number;
    readonly isForward: boolean;
    readonly onProblem: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#everyMs = Math.max(1, Math.round(options.everyMs));
    this.#isForward = options.isForward;
    this.#onProblem = options.onProblem;
    // On a grid of whole steps, so that the clock never stands between two fetches.
    const startMs =
      Math.floor(options.atMs / this.#everyMs) * this.#everyMs + (this.#isForward ? 0 : this.#everyMs);
    this.#fromMs = this.#toMs = this.#haveFromMs = this.#haveToMs = startMs;
  }

  get everyMs(): number {
    return this.#everyMs;
  }

  /**
   * The picture of a moment; fetches on.
   * @returns `waiting` while it is on its way; undefined where there is none.
   */
  at(wallMs: number): KeyPicture | 'waiting' | undefined {
    this.#fetchAround(wallMs);
    const isThere = this.#haveFromMs <= wallMs && wallMs < this.#haveToMs;
    const found = this.#pictures.findLast(({ atMs }) => atMs <= wallMs);
    return isThere ? found : 'waiting';
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Whether a moment is far from what was fetched, as after a leap. */
  isFarFrom(wallMs: number): boolean {
    const reachMs = BATCH * this.#everyMs;
    return wallMs < this.#fromMs - reachMs || wallMs > this.#toMs + reachMs;
  }

  #fetchAround(wallMs: number): void {
    const reachMs = BATCH * this.#everyMs;
    const leftMs = this.#isForward ? this.#toMs - wallMs : wallMs - this.#fromMs;
    if (this.#isFetching || leftMs > reachMs * REFILL || this.#abort.signal.aborted) return;
    this.#isFetching = true;
    const [fromMs, toMs] = this.#isForward
      ? [this.#toMs, this.#toMs + reachMs]
      : [this.#fromMs - reachMs, this.#fromMs];
    void this.#fetch(Math.max(0, fromMs), toMs);
  }

  async #fetch(fromMs: number, toMs: number): Promise<void> {
    try {
      const query = { fromMs, toMs, everyMs: this.#everyMs, limit: 4 * BATCH };
      const found = await this.#client.keys(query, this.#abort.signal);
      this.#take(found, fromMs, toMs);
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#onProblem(error);
    } finally {
      this.#isFetching = false;
    }
  }

  #take(found: readonly KeyPicture[], fromMs: number, toMs: number): void {
    const known = new Set(this.#pictures.map(({ atMs }) => atMs));
    const all = [...this.#pictures, ...found.filter(({ atMs }) => !known.has(atMs))];
    this.#fromMs = this.#haveFromMs = Math.min(this.#haveFromMs, fromMs);
    this.#toMs = this.#haveToMs = Math.max(this.#haveToMs, toMs);
    // What lies behind the clock is not needed again in this direction: two batches before, one behind.
    const sorted = all.toSorted((a, b) => a.atMs - b.atMs);
    this.#pictures = this.#isForward ? sorted.slice(-3 * BATCH) : sorted.slice(0, 3 * BATCH);
  }
}
