import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LogAnswer } from '../../src/http/api/logs.ts';
import { ask } from '../api/client.ts';
import { withNewer, type LogPages } from './log-pages.ts';

export interface LogFilter {
  readonly level: string | undefined;
  readonly camera: string | undefined;
  readonly text: string;
}

const FOLLOW_MS = 2_000;

/** Lines of the log, with further pages of older ones, and with new ones while it is followed. */
export function useLog(filter: LogFilter, isFollowed: boolean) {
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: ['logs', filter],
    queryFn: ({ pageParam, signal }) =>
      ask<LogAnswer>(addressOf(filter, pageParam === undefined ? {} : { before: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ older }) => older ?? undefined,
    gcTime: 0,
    // What is shown would be asked for anew, page by page.
    refetchOnWindowFocus: false,
  });
  const isThere = query.data !== undefined;

  useEffect(() => {
    if (!isFollowed || !isThere) return undefined;
    const leaving = new AbortController();
    const look = async (): Promise<void> => {
      const key = ['logs', filter];
      const newest = queries.getQueryData<LogPages>(key)?.pages[0]?.newest ?? null;
      const newer =
        newest === null
          ? undefined
          : await ask<LogAnswer>(addressOf(filter, { after: newest }), { signal: leaving.signal });
      if (newer === undefined || newer.newest === null) await queries.resetQueries({ queryKey: key });
      else queries.setQueryData<LogPages>(key, (known) => known && withNewer(known, newer));
    };
    let isLooking = false;
    const timer = setInterval(() => {
      if (isLooking || document.hidden) return;
      isLooking = true;
      // One that fails is tried again: the app tells by itself when the server is away.
      void look()
        .catch(() => undefined)
        .finally(() => {
          isLooking = false;
        });
    }, FOLLOW_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [queries, filter, isFollowed, isThere]);

  return query;
}

function addressOf({ level, camera, text }: LogFilter, place: Readonly<Record<string, string>>): string {
  const parameters = new URLSearchParams({
    ...(level === undefined ? {} : { level }),
    ...(camera === undefined ? {} : { camera }),
    ...(text === '' ? {} : { text }),
    ...place,
  });
  return `api/logs?${parameters.toString()}`;
}
