import type { LocalTime } from './canvas/local-time.ts';

const DAY_MS = 86_400_000;

/** What `<input type="datetime-local" step="1">` holds: a moment to the second, as clocks show it where the cameras are. */
export function localField(time: LocalTime, ms: number): string {
  return new Date(time.localOf(ms)).toISOString().slice(0, 19);
}

/** Undefined while it is not filled in. An hour that is left out in spring is taken for the one after it. */
export function momentOfField(time: LocalTime, value: string): number | undefined {
  const localMs = Date.parse(`${value}Z`);
  if (Number.isNaN(localMs)) return undefined;
  return time.momentsOf(localMs)[0] ?? localMs - time.offsetAt(localMs - DAY_MS);
}
