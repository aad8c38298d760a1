import { wallMs } from '../../src/base/time.ts';
import type { Span } from '../../src/db/archive-index.ts';
import type { GapCause } from '../../src/db/records.ts';

/** How near an account has to come to the truth. */
export const TOLERANCE_MS = 2_000;

/** What may become of a camera's time. */
export type Fate = 'recorded' | GapCause | 'unaccounted';

export interface FatedSpan extends Span {
  readonly fate: Fate;
}

interface TrueSpan extends Span {
  /** Any of them is right. */
  readonly fates: readonly Fate[];
}

interface Open {
  readonly fromMs: number;
  readonly fates: readonly Fate[];
}

/** What truly was the matter with a camera, as whoever injects the faults knows it. All times are its recorder's. */
export class Truth {
  #told: readonly TrueSpan[] = [];
  #open: Open | undefined;

  /** From then on, this is right. */
  from(ms: number, ...fates: readonly Fate[]): void {
    this.until(ms);
    this.#open = { fromMs: ms, fates };
  }

  /** From then on, this is right too, but for what was surely recorded. */
  orFrom(ms: number, fate: Fate): void {
    const missing = this.#told.filter(({ fates }) => fates.some((other) => other !== 'recorded'));
    for (const { startWallMs, endWallMs, fates } of missing) {
      this.#tell({ fromMs: Math.max(ms, startWallMs), fates: [...fates, fate] }, endWallMs);
    }
  }

  /** The recorder's clock was set from one time to another. */
  jump(fromMs: number, toMs: number): void {
    const open = this.#open;
    this.until(fromMs);
    if (toMs > fromMs) this.#tell({ fromMs, fates: ['clock'] }, toMs);
    this.#open = open && { ...open, fromMs: toMs };
  }

  /** Nothing is known from then on. */
  until(ms: number): void {
    if (this.#open !== undefined) this.#tell(this.#open, ms);
    this.#open = undefined;
  }

  /** What of an account is wrong by more than the tolerance. */
  errorsIn(account: readonly FatedSpan[], toleranceMs: number): readonly FatedSpan[] {
    return account.flatMap(({ fate, ...span }) => {
      const right = this.#told
        .filter(({ fates }) => fates.includes(fate))
        .map(({ startWallMs, endWallMs }) => ({
          startWallMs: wallMs(startWallMs - toleranceMs),
          endWallMs: wallMs(endWallMs + toleranceMs),
        }));
      return right.reduce(cut, [span]).map((wrong) => ({ ...wrong, fate }));
    });
  }

  /** What is told later counts: of time that was gone through twice, the second time. */
  #tell({ fromMs, fates }: Open, untilMs: number): void {
    if (untilMs <= fromMs) return;
    const told = { startWallMs: wallMs(fromMs), endWallMs: wallMs(untilMs), fates };
    const before = this.#told.flatMap((span) =>
      cut([span], told).map((left) => ({ ...left, fates: span.fates })),
    );
    this.#told = [...before, told];
  }
}

/** What of the spans lies outside of another. */
function cut(spans: readonly Span[], out: Span): Span[] {
  return spans.flatMap(({ startWallMs, endWallMs }) => {
    const before = { startWallMs, endWallMs: wallMs(Math.min(endWallMs, out.startWallMs)) };
    const after = { startWallMs: wallMs(Math.max(startWallMs, out.endWallMs)), endWallMs };
    return [before, after].filter((left) => left.endWallMs > left.startWallMs);
  });
}
