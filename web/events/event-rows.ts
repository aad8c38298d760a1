import type { EventName } from './event-key.ts';

/** A row of the grid: a day's name, or events beside each other. */
export type EventRow =
  | { readonly kind: 'day'; readonly dayMs: number }
  | { readonly kind: 'events'; readonly first: number; readonly count: number };

/**
 * Lays events out in rows, each day beginning with its name.
 * @param startOfDay when the day begins in which a moment lies; asked once a day, for it is slow.
 */
export function layOutRows(
  events: readonly EventName[],
  columns: number,
  startOfDay: (ms: number) => number,
): readonly EventRow[] {
  const rows: EventRow[] = [];
  let dayMs = Infinity;
  let first = 0;
  const endRow = (end: number): void => {
    for (; first < end; first += columns) {
      rows.push({ kind: 'events', first, count: Math.min(columns, end - first) });
    }
    first = end;
  };
  for (const [index, { triggerMs }] of events.entries()) {
    if (triggerMs >= dayMs) continue;
    endRow(index);
    dayMs = startOfDay(triggerMs);
    rows.push({ kind: 'day', dayMs });
  }
  endRow(events.length);
  return rows;
}

/** Which row holds an event. */
export function rowOf(rows: readonly EventRow[], index: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (firstOf(rows, middle) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The first event in a row or, for a day's name, behind it. */
function firstOf(rows: readonly EventRow[], row: number): number {
  const found = rows[row];
  if (found?.kind === 'events') return found.first;
  const next = rows[row + 1];
  // A day's name is searched for as if it came right before its first event.
  return next?.kind === 'events' ? next.first - 0.5 : Infinity;
}
