import type { Clock } from '../base/clock.ts';
import type { MonotonicMs } from '../base/time.ts';

/** What looking for motion may take of an analyzer's core, in ms of CPU a second: the rest is for catching up and for reading. */
export const BUDGET_MS = 800;
/** What nobody spends is kept for so long: a camera that wakes up may decode a whole GOP at once. */
const KEPT_SECONDS = 4;
/** So much has to have been looked at for its cost to be told. */
const TELLING_SECONDS = 5;
/** What was before that counts half. */
const HALF_LIFE_SECONDS = 20;

/** What looking for motion takes in a camera's video. */
export interface AnalysisCost {
  /** CPU that a second of video takes if all of it is looked at, in ms. */
  readonly cpuMs: number;
  /** Of what should have been looked at, how much was left out because there was no CPU for it. */
  readonly leftOutPercent: number;
}

export interface CpuBudgetOptions {
  readonly clock: Clock;
  /** CPU time that the process has taken so far. */
  readonly cpuMs: () => number;
}

/**
 * The CPU of one analyzer, spent by all its cameras. Each has an equal share for certain, and beyond that whatever the others leave.
 * So where there is enough, nobody is held back, and where there is too little, those that cost the most are.
 */
export class CpuBudget {
  readonly #options: CpuBudgetOptions;
  readonly #all = new Purse();
  #cameras = 0;

  constructor(options: CpuBudgetOptions) {
    this.#options = options;
  }

  /** For one more camera. Dispose of it. */
  join(): CpuShare {
    this.#cameras += 1;
    const own = new Purse();
    return new CpuShare({
      cpuMs: this.#options.cpuMs,
      isSpent: () => {
        const nowMs = this.#options.clock.monotonicMs();
        return this.#all.fill(BUDGET_MS, nowMs) <= 0 && own.fill(BUDGET_MS / this.#cameras, nowMs) <= 0;
      },
      take: (ms) => {
        const nowMs = this.#options.clock.monotonicMs();
        this.#all.take(ms, BUDGET_MS, nowMs);
        own.take(ms, BUDGET_MS / this.#cameras, nowMs);
      },
      leave: () => {
        this.#cameras -= 1;
      },
    });
  }
}

interface ShareOptions {
  readonly cpuMs: () => number;
  readonly isSpent: () => boolean;
  readonly take: (ms: number) => void;
  readonly leave: () => void;
}

/** What one camera may spend, and what it has spent. */
export class CpuShare implements Disposable {
  readonly #options: ShareOptions;
  #spentMs = 0;
  #seenSeconds = 0;
  #leftOutSeconds = 0;

  constructor(options: ShareOptions) {
    this.#options = options;
  }

  /** Whether there is nothing left of it, and nothing that others leave. */
  get isSpent(): boolean {
    return this.#options.isSpent();
  }

  /** Looks at video, at this camera's cost. */
  spend<Result>(work: () => Result): Result {
    const beforeMs = this.#options.cpuMs();
    try {
      return this.glance(work);
    } finally {
      this.#spentMs += this.#options.cpuMs() - beforeMs;
    }
  }

  /** The same of what is no more than a glance: it does not tell what looking costs. */
  glance<Result>(work: () => Result): Result {
    const beforeMs = this.#options.cpuMs();
    try {
      return work();
    } finally {
      this.#options.take(this.#options.cpuMs() - beforeMs);
    }
  }

  /** So much video was to be looked at. */
  note(seconds: number, isLeftOut: boolean): void {
    if (isLeftOut) this.#leftOutSeconds += seconds;
    else this.#seenSeconds += seconds;
    if (this.#seenSeconds + this.#leftOutSeconds < 2 * HALF_LIFE_SECONDS) return;
    this.#spentMs /= 2;
    this.#seenSeconds /= 2;
    this.#leftOutSeconds /= 2;
  }

  /** Undefined until enough has been looked at. */
  get cost(): AnalysisCost | undefined {
    const seconds = this.#seenSeconds + this.#leftOutSeconds;
    if (seconds < TELLING_SECONDS || this.#seenSeconds <= 0) return undefined;
    return {
      cpuMs: Math.round(this.#spentMs / this.#seenSeconds),
      leftOutPercent: Math.round((100 * this.#leftOutSeconds) / seconds),
    };
  }

  [Symbol.dispose](): void {
    this.#options.leave();
  }
}

/** CPU that comes in at a rate and is kept for a while. */
class Purse {
  /** Full at first. */
  #leftMs = Number.POSITIVE_INFINITY;
  #filledAtMs: MonotonicMs | undefined;

  /** @returns what is in it now. */
  fill(rateMs: number, nowMs: MonotonicMs): number {
    const come = (rateMs * (nowMs - (this.#filledAtMs ?? nowMs))) / 1_000;
    this.#filledAtMs = nowMs;
    this.#leftMs = Math.min(this.#leftMs + come, rateMs * KEPT_SECONDS);
    return this.#leftMs;
  }

  /** Of a debt that would take longer than a second the rest is forgiven. */
  take(ms: number, rateMs: number, nowMs: MonotonicMs): void {
    this.#leftMs = Math.max(this.fill(rateMs, nowMs) - ms, -rateMs);
  }
}
