import { skipToken, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { EventAnswer, EventsAnswer } from '../../src/http/api/events.ts';
import { ask, urlOf } from '../api/client.ts';
import { keyOf, pathOf, type EventName } from './event-key.ts';

/** The first page is there soon, and is asked for again with each change; the others are few. */
const FIRST_PAGE = 100;
const FURTHER_PAGE = 500;

function apiPath(event: EventName): string {
  return `api/events/${pathOf(event)}`;
}

export async function askEvents(query: URLSearchParams, after: string | undefined): Promise<EventsAnswer> {
  const page = new URLSearchParams(query);
  page.set('limit', String(after === undefined ? FIRST_PAGE : FURTHER_PAGE));
  if (after !== undefined) page.set('after', after);
  return await ask<EventsAnswer>(`api/events?${page.toString()}`);
}

/** @param event undefined: none is asked for. */
export function useEvent(event: EventName | undefined): UseQueryResult<EventAnswer> {
  return useQuery({
    queryKey: ['events', event && keyOf(event)],
    queryFn: event === undefined ? skipToken : ({ signal }) => ask<EventAnswer>(apiPath(event), { signal }),
  });
}

export async function setSeen(event: EventName, seen: boolean): Promise<void> {
  await ask(`${apiPath(event)}/seen`, { method: 'PUT', body: { seen } });
}

/** All that began before then, of whichever camera. */
export async function setAllSeen(untilMs: number): Promise<void> {
  await ask('api/events/seen', { method: 'POST', body: { until: untilMs } });
}

export async function setKept(event: EventName, kept: boolean): Promise<void> {
  await ask(`${apiPath(event)}/kept`, { method: 'PUT', body: { kept } });
}

export async function setNote(event: EventName, text: string): Promise<void> {
  await ask(`${apiPath(event)}/note`, { method: 'PUT', body: { text } });
}

export async function deleteEvent(event: EventName): Promise<void> {
  await ask(apiPath(event), { method: 'DELETE' });
}

/** @param atMs a moment of the event; without it that which shows most. */
export function thumbnailUrl(event: EventName, atMs?: number): string {
  return urlOf(`${apiPath(event)}/thumbnail${atMs === undefined ? '' : `?at=${atMs}`}`);
}

export function clipUrl(event: EventName): string {
  return urlOf(`${apiPath(event)}/clip`);
}
