import type { EventSummaryJson } from '../../src/http/api/events.ts';

/** Names an event. */
export type EventName = Pick<EventSummaryJson, 'camera' | 'triggerMs'>;

/** The name as one text, as the server's pages name where the next one begins. */
export function keyOf({ camera, triggerMs }: EventName): string {
  return `${triggerMs}:${camera}`;
}

/** @param key as `keyOf` writes it. */
export function eventOfKey(key: string): EventName {
  const colon = key.indexOf(':');
  return { camera: key.slice(colon + 1), triggerMs: Number(key.slice(0, colon)) };
}

/** The name as a part of an address. */
export function pathOf({ camera, triggerMs }: EventName): string {
  return `${encodeURIComponent(camera)}/${triggerMs}`;
}

/** The order of the list, and of the server: the newest first. */
export function compareEvents(a: EventName, b: EventName): number {
  return b.triggerMs - a.triggerMs || (a.camera < b.camera ? -1 : Number(a.camera > b.camera));
}

/** Where an event lies in a list that is in order; -1 where it is not. */
export function indexOfEvent(events: readonly EventName[], event: EventName): number {
  let [low, high] = [0, events.length - 1];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const found = events[middle];
    const order = found === undefined ? 0 : compareEvents(found, event);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
