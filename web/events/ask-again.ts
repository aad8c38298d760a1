import type { EventSummaryJson } from '../../src/http/api/events.ts';

const FIRST_MS = 2_000;
const LONGEST_MS = 16_000;
/** Footage comes into the index some seconds after it was recorded. As long as the server says so (src/http/routes/events.ts). */
const FOOTAGE_LAG_MS = 60_000;

/** Until when a picture of an event that is missing may still come, in ms since 1970. */
export function picturesComeUntilMs({ isOpen, endMs }: Pick<EventSummaryJson, 'isOpen' | 'endMs'>): number {
  return isOpen ? Infinity : endMs + FOOTAGE_LAG_MS;
}

/**
 * When to ask again for a picture that was missing.
 * @param tries how many times it was asked for before.
 * @returns ms from now; undefined where it comes no more.
 */
export function askAgainInMs(tries: number, untilMs: number, nowMs: number): number | undefined {
  return nowMs > untilMs ? undefined : Math.min(FIRST_MS * 2 ** tries, LONGEST_MS);
}
