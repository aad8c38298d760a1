import type { EventSummaryJson } from '../../src/http/api/events.ts';

/** A row of the list: a day's heading, or some events beside each other. */
export type EventRow =
  | { readonly kind: 'day'; readonly dayMs: number }
  | { readonly kind: 'events'; readonly events: readonly EventSummaryJson[] };

/**
 * Lays events out in rows, day by day in the browser's time zone.
 * @param events the newest first.
 */
export function eventRows(events: readonly EventSummaryJson[], columns: number): readonly EventRow[] {
  const rows: EventRow[] = [];
  let dayMs: number | undefined;
  let row: EventSummaryJson[] = [];
  for (const event of events) {
    const day = new Date(event.triggerMs).setHours(0, 0, 0, 0);
    if (day !== dayMs) rows.push({ kind: 'day', dayMs: day });
    if (day !== dayMs || row.length === columns) {
      row = [];
      rows.push({ kind: 'events', events: row });
    }
    dayMs = day;
    row.push(event);
  }
  return rows;
}

/** Names an event among all. */
export function eventId({ camera, triggerMs }: Pick<EventSummaryJson, 'camera' | 'triggerMs'>): string {
  return `${triggerMs}:${camera}`;
}
