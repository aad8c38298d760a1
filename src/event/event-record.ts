import { wallMs } from '../base/time.ts';
import type { EventRecord } from '../db/records.ts';
import type { Event } from './event.ts';
import { eventJson } from './event-json.ts';

/** An event as the index is told of it. Times are cut to whole milliseconds, as in its JSON. */
export function eventRecord(event: Event, state: 'open' | 'closed'): EventRecord {
  return {
    camera: event.camera,
    triggerWallMs: wallMs(Math.trunc(event.triggerWallMs)),
    fromWallMs: wallMs(Math.trunc(event.fromWallMs)),
    untilWallMs: wallMs(Math.trunc(event.untilWallMs)),
    isOpen: state === 'open',
    causes: event.causes,
    zones: event.zones,
    score: event.trigger?.score,
    peakScore: event.peak?.score,
    isKept: false,
    detail: eventJson(event),
    thumbnail: undefined,
  };
}
