import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { EventAnswer, EventsAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import { useChanges } from '../api/changes.tsx';
import { ask, urlOf } from '../api/client.ts';
import { eventQuery, type EventFilter } from './event-filter.ts';
import { withNewestPage } from './event-pages.ts';
import { eventId } from './event-rows.ts';

/** Changes come in groups: one that begins is told to be longer right after. */
const REFRESH_EVERY_MS = 1_000;

type EventName = Pick<EventSummaryJson, 'camera' | 'triggerMs'>;

export function eventPath({ camera, triggerMs }: EventName): string {
  return `api/events/${encodeURIComponent(camera)}/${triggerMs}`;
}

/** @param atMs a moment of the event; without it that which shows most. */
export function thumbnailUrl(event: EventName, atMs?: number): string {
  return urlOf(`${eventPath(event)}/thumbnail${atMs === undefined ? '' : `?at=${atMs}`}`);
}

export function clipUrl(event: EventName): string {
  return urlOf(`${eventPath(event)}/clip`);
}

/** The events of a filter, the newest first, page by page. */
export function useEvents(filter: EventFilter) {
  return useInfiniteQuery({
    queryKey: listKey(filter),
    queryFn: ({ pageParam, signal }) => askPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });
}

/** Keeps the newest page true while events begin, go on and end; the pages behind it are not asked for again. */
export function useFreshEvents(filter: EventFilter): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useChanges(({ type }) => {
    if (type !== 'event') return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void refreshNewest(queries, filter);
    }, REFRESH_EVERY_MS);
  });
}

async function refreshNewest(queries: QueryClient, filter: EventFilter): Promise<void> {
  try {
    void queries.invalidateQueries({ queryKey: ['events', 'one'] });
    const newest = await askPage(filter, null);
    queries.setQueryData<InfiniteData<EventsAnswer>>(
      listKey(filter),
      (data) => data && { ...data, pages: [...withNewestPage(data.pages, newest, filter)] },
    );
  } catch {
    // The lost connection is told elsewhere, and all is asked for when it is back.
  }
}

function askPage(filter: EventFilter, after: string | null, signal?: AbortSignal): Promise<EventsAnswer> {
  const query = eventQuery(filter);
  if (after !== null) query.set('after', after);
  return ask<EventsAnswer>(`api/events?${query.toString()}`, signal === undefined ? {} : { signal });
}

function listKey(filter: EventFilter) {
  return ['events', filter] as const;
}

export function useEvent(event: EventName) {
  return useQuery({
    queryKey: ['events', 'one', eventId(event)],
    queryFn: ({ signal }) => ask<EventAnswer>(eventPath(event), { signal }),
  });
}

type Change =
  | { readonly kind: 'seen'; readonly event: EventName; readonly seen: boolean }
  | { readonly kind: 'kept'; readonly event: EventName; readonly kept: boolean }
  | { readonly kind: 'note'; readonly event: EventName; readonly text: string }
  | { readonly kind: 'delete'; readonly event: EventName }
  | { readonly kind: 'all-seen' };

/** Changes events: what is shown changes at once, and is asked for again where the server refused. */
export function useChangeEvents() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onMutate: (change) => showAtOnce(queries, change),
    onError: () => queries.invalidateQueries({ queryKey: ['events'] }),
    onSuccess: async (_, { kind }) => {
      if (kind === 'all-seen' || kind === 'note') await queries.invalidateQueries({ queryKey: ['events'] });
    },
  });
}

async function send(change: Change): Promise<void> {
  if (change.kind === 'all-seen') {
    await ask('api/events/seen', { method: 'POST', body: { until: Date.now() } });
    return;
  }
  const path = eventPath(change.event);
  switch (change.kind) {
    case 'seen':
      return ask(`${path}/seen`, { method: 'PUT', body: { seen: change.seen } });
    case 'kept':
      return ask(`${path}/kept`, { method: 'PUT', body: { kept: change.kept } });
    case 'note':
      return ask(`${path}/note`, { method: 'PUT', body: { text: change.text } });
    case 'delete':
      return ask(path, { method: 'DELETE' });
  }
}

/** In every list that is loaded. Lists of the unseen keep what was just seen until they are loaded anew. */
function showAtOnce(queries: QueryClient, change: Change): void {
  if (change.kind === 'all-seen' || change.kind === 'note') return;
  const id = eventId(change.event);
  const changed = (event: EventSummaryJson): readonly EventSummaryJson[] => {
    if (eventId(event) !== id) return [event];
    if (change.kind === 'delete') return [];
    return [change.kind === 'seen' ? { ...event, isSeen: change.seen } : { ...event, isKept: change.kept }];
  };
  queries.setQueriesData<InfiniteData<EventsAnswer> | EventAnswer>({ queryKey: ['events'] }, (data) => {
    if (data === undefined) return data;
    if (!('pages' in data)) {
      const [event] = changed(data);
      return event === undefined ? data : { ...data, ...event };
    }
    return { ...data, pages: data.pages.map((page) => ({ ...page, events: page.events.flatMap(changed) })) };
  });
}
