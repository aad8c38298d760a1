import type { EventsAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import type { EventFilter } from './event-filter.ts';
import { eventId } from './event-rows.ts';

/**
 * Pages of events, the newest first, with the newest page as it is now. Those behind it stay: they change only by what is done to them
 * here. What was done to an event here does not take it out of sight, though the filter would not let it through any more.
 */
export function withNewestPage(
  pages: readonly EventsAnswer[],
  newest: EventsAnswer,
  filter: EventFilter,
): readonly EventsAnswer[] {
  const [first, ...rest] = pages;
  const last = newest.events.at(-1);
  if (first === undefined) return [newest];
  const known = new Set(newest.events.map(eventId));
  const stays = (event: EventSummaryJson): boolean =>
    !known.has(eventId(event)) &&
    (!isWanted(event, filter) || isBehind(event, newest.next === null ? undefined : last));
  const kept = first.events.filter(stays);
  const events = [...newest.events, ...kept].toSorted(compare);
  return [
    { events, next: first.next },
    ...rest.map((page) => ({ ...page, events: page.events.filter(stays) })),
  ];
}

function isWanted({ isSeen, isKept }: EventSummaryJson, { show }: EventFilter): boolean {
  return show === 'all' || (show === 'unseen' ? !isSeen : isKept);
}

function isBehind(event: EventSummaryJson, last: EventSummaryJson | undefined): boolean {
  return last !== undefined && compare(event, last) > 0;
}

/** As the server orders them. */
function compare(a: EventSummaryJson, b: EventSummaryJson): number {
  return b.triggerMs - a.triggerMs || (a.camera < b.camera ? -1 : Number(a.camera > b.camera));
}
