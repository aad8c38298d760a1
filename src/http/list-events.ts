import type { EventMarks, MarksOfEvents } from '../account/event-marks.ts';
import type { User } from '../account/user.ts';
import { wallMs } from '../base/time.ts';
import type { EventPageQuery, EventSummary, IndexQueries } from '../db/archive-index.ts';
import type { EventsAnswer, EventsQuery, EventSummaryJson } from './api/events.ts';

const END_OF_TIME = 8.64e15;
/** Pages that are looked through for events that somebody has not seen. */
const MOST_PAGES = 40;
const LONGEST_SEARCH = 500;

interface Listing {
  readonly index: Pick<IndexQueries, 'eventPage'>;
  readonly marks: EventMarks;
  readonly user: User;
}

/** A page of events. @param cameras those that are asked for, all of which the user may see. */
export async function listEvents(
  listing: Listing,
  cameras: readonly string[],
  query: EventsQuery,
): Promise<EventsAnswer> {
  if (query.text !== undefined) return await searchNotes(listing, cameras, query, query.text);
  const found: EventSummaryJson[] = [];
  let after = placeOf(query.after);
  for (let page = 0; page < MOST_PAGES; page++) {
    const events = await listing.index.eventPage({ ...pageQuery(query), cameras, after, limit: query.limit });
    const marks = listing.marks.of(listing.user.id, events);
    for (const event of events) {
      after = event;
      if (isWanted(query, marks, event)) found.push(summaryJson(marks, event));
      if (found.length === query.limit) break;
    }
    if (events.length < query.limit && found.length < query.limit) return answerOf(found, undefined);
    if (found.length === query.limit) break;
  }
  return answerOf(found, after);
}

export function summaryJson(marks: MarksOfEvents, event: EventSummary): EventSummaryJson {
  const note = marks.note(event);
  return {
    camera: event.camera,
    triggerMs: event.triggerWallMs,
    startMs: event.startWallMs,
    endMs: event.endWallMs,
    isOpen: event.isOpen,
    causes: [...event.causes],
    zones: [...event.zones],
    peakScore: event.peakScore ?? null,
    isKept: event.isKept,
    isSeen: marks.isSeen(event),
    note: note === undefined ? null : { text: note.text, author: note.author, atMs: note.atWallMs },
  };
}

/** Notes are few: they are found first, and the events that they belong to then. */
async function searchNotes(
  { index, marks, user }: Listing,
  cameras: readonly string[],
  query: EventsQuery,
  text: string,
): Promise<EventsAnswer> {
  const after = placeOf(query.after);
  const found: EventSummaryJson[] = [];
  for (const { camera, triggerWallMs } of marks.search(text, LONGEST_SEARCH)) {
    if (!cameras.includes(camera)) continue;
    const { fromWallMs, toWallMs, ...filters } = pageQuery(query);
    if (triggerWallMs < fromWallMs || triggerWallMs >= toWallMs) continue;
    const moment = { fromWallMs: triggerWallMs, toWallMs: wallMs(triggerWallMs + 1) };
    const [event] = await index.eventPage({ ...filters, ...moment, cameras: [camera], after, limit: 1 });
    if (event === undefined) continue;
    const its = marks.of(user.id, [event]);
    if (!isWanted(query, its, event)) continue;
    if (found.push(summaryJson(its, event)) === query.limit) return answerOf(found, event);
  }
  return answerOf(found, undefined);
}

function isWanted({ unseen }: EventsQuery, marks: MarksOfEvents, event: EventSummary): boolean {
  return unseen === undefined || unseen !== marks.isSeen(event);
}

function answerOf(events: EventSummaryJson[], after: EventPageQuery['after']): EventsAnswer {
  return { events, next: after === undefined ? null : `${after.triggerWallMs}:${after.camera}` };
}

function pageQuery({ from, to, cause, zone, kept }: EventsQuery) {
  return {
    fromWallMs: wallMs(from ?? 0),
    toWallMs: wallMs(to ?? END_OF_TIME),
    cause,
    zone,
    isKept: kept,
  };
}

/** As `answerOf` writes it. */
function placeOf(after: string | undefined): EventPageQuery['after'] {
  if (after === undefined) return undefined;
  const colon = after.indexOf(':');
  return { triggerWallMs: wallMs(Number(after.slice(0, colon))), camera: after.slice(colon + 1) };
}
