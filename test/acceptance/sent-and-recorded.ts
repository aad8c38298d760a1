import type { Stamp } from './recordings.ts';
import type { SentFrame } from './simulator.ts';

/** What became of the pictures that a camera says it sent. */
export interface Balance {
  readonly recorded: number;
  /** Sent between the first and the last recorded one, and in no file. */
  readonly lost: readonly number[];
  readonly doubled: readonly number[];
  /** Recorded, but never sent: numbers out of damaged bytes. */
  readonly invented: readonly number[];
  /** Pictures sent before the first recorded one and after the last. */
  readonly before: number;
  readonly after: number;
}

/** Compares the stamps found in a camera's files with its own log. */
export function balance(sent: readonly SentFrame[], stamps: readonly Stamp[]): Balance {
  const sentNumbers = sent.map(({ number }) => number);
  const known = new Set(sentNumbers);
  const counts = new Map<number, number>();
  for (const { number } of stamps) counts.set(number, (counts.get(number) ?? 0) + 1);
  const numbers = [...counts.keys()].toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
  return {
    recorded: stamps.length,
    lost: sentNumbers.filter((number) => number > first && number < last && !counts.has(number)),
    doubled: numbers.filter((number) => (counts.get(number) ?? 0) > 1),
    invented: numbers.filter((number) => !known.has(number)),
    before: sentNumbers.filter((number) => number < first).length,
    after: sentNumbers.filter((number) => number > last).length,
  };
}
