import type { Clock } from '../base/clock.ts';

/** Does some work at most once in `forMs`, however many ask for what it gives. What fails is done again for the next one. */
export function remembered<T>(clock: Clock, forMs: number, work: () => Promise<T>): () => Promise<T> {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return async () => {
    if (last !== undefined && clock.monotonicMs() - last.atMs < forMs) return await last.answer;
    const begun = { atMs: clock.monotonicMs(), answer: work() };
    last = begun;
    try {
      return await begun.answer;
    } catch (error) {
      if (last === begun) last = undefined;
      throw error;
    }
  };
}
