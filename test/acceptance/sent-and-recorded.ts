import type { Stamp } from './recordings.ts';
import type { SentFrame } from './simulator.ts';

/** What became of the pictures that a camera says it sent. Pictures are told as `number@time`. */
export interface Balance {
  readonly recorded: number;
  /** Sent between the first and the last recorded one, and in no file. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Recorded, but never sent: stamps out of damaged bytes. */
  readonly invented: readonly string[];
}

/** Compares the stamps found in a camera's files with its own log. */
export function balance(sent: readonly SentFrame[], stamps: readonly Stamp[]): Balance {
  const order = sent.map(nameOf);
  const known = new Set(order);
  const counts = new Map<string, number>();
  for (const name of stamps.map(nameOf)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const first = order.findIndex((name) => counts.has(name));
  const last = order.findLastIndex((name) => counts.has(name));
  return {
    recorded: stamps.length,
    lost: order.slice(Math.max(0, first), last + 1).filter((name) => !counts.has(name)),
    doubled: [...counts.keys()].filter((name) => (counts.get(name) ?? 0) > 1),
    invented: [...counts.keys()].filter((name) => !known.has(name)),
  };
}

/** A camera that was switched off counts from 1 again; together with its time a number is unique. */
function nameOf({ number, wallMs }: Stamp | SentFrame): string {
  return `${number}@${wallMs}`;
}
