import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useChanges, useConnection } from '../api/changes.tsx';
import type { LocalTime } from '../timeline/canvas/local-time.ts';
import { EventList, type EventListState } from './event-list.ts';
import { filterQuery, filterSearch, parseFilter, type EventFilter } from './event-filter.ts';
import { askEvents } from './events-api.ts';

/** Changes come in groups: an event that begins is told to be longer right after. */
const REFRESH_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;

interface ShownEvents {
  readonly list: EventList;
  readonly state: EventListState;
  /** Events have begun that are held back. */
  readonly hasNewer: boolean;
  readonly loadMore: () => void;
}

interface EventListOptions {
  readonly time: LocalTime;
  /** Somebody looks at what lies further down: newer events would push it away. */
  readonly isHeld: boolean;
}

/** The events that a filter lets through. What changes at the recorder changes here by itself. */
export function useEventList(filter: EventFilter, { time, isHeld }: EventListOptions): ShownEvents {
  const search = filterSearch(filter);
  const list = useMemo(() => {
    const wanted = parseFilter(search);
    const query = filterQuery(wanted, wanted.day === undefined ? undefined : endOf(wanted.day, time));
    return new EventList((after) => askEvents(query, after));
  }, [search, time]);
  const state = useSyncExternalStore(list.subscribe, list.state);
  const loadMore = useCallback(() => void list.loadMore(), [list]);
  useEffect(loadMore, [loadMore]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const refresh = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void latest.current.refresh();
    }, REFRESH_EVERY_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  const [hasNewer, setHasNewer] = useState(false);
  if (hasNewer && !isHeld) setHasNewer(false);
  useChanges((notice) => {
    if (notice.type !== 'event') return;
    if (!isHeld) refresh();
    else if (notice.change === 'begun' && isShown(filter, notice.camera)) setHasNewer(true);
  });
  const connection = useConnection();
  useEffect(() => {
    if (connection === 'fine' && !isHeld && list.state().events.length > 0) refresh();
  }, [connection, isHeld, list, refresh]);
  return { list, state, hasNewer, loadMore };
}

/** Midnight where the cameras are. */
function endOf(day: string, time: LocalTime): number {
  // No clock leaves out noon.
  const nextNoonMs = Date.parse(`${day}T12:00:00Z`) + DAY_MS;
  return time.startOfDay(nextNoonMs - time.offsetAt(nextNoonMs));
}

function isShown({ cameras }: EventFilter, camera: string): boolean {
  return cameras.length === 0 || cameras.includes(camera);
}
