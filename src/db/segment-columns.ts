import { IndexError } from './index-error.ts';
import type { SegmentKind } from './records.ts';

/** In the order of the numbers that stand for them in the column `kind`. */
const KINDS: readonly SegmentKind[] = ['continuous', 'event', 'timelapse'];

export function kindNumber(kind: SegmentKind): number {
  return KINDS.indexOf(kind);
}

/** @throws IndexError `damaged` for a number that stands for none. */
export function kindOf(number: number): SegmentKind {
  const kind = KINDS[number];
  if (kind === undefined) throw new IndexError('damaged', `reading the kind of a segment: found ${number}`);
  return kind;
}

/** What stands in the column `holds`: how much of events a segment holds. */
export const HOLDS_NOTHING = 0;
export const HOLDS_EVENT = 1;
export const HOLDS_KEPT_EVENT = 2;
