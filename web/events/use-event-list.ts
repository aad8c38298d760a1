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
  const latest = useRef({ list, isHeld });
  useEffect(() => {
    latest.current = { list, isHeld };
  });
  /** The list in whose sight an event has begun that it does not have yet: what another filter let through counts no longer. */
  const begunFor = useRef<EventList>(undefined);
  const [newerFor, setNewerFor] = useState<EventList>();
  if (newerFor !== undefined && !isHeld) setNewerFor(undefined);
  /** Whether somebody has scrolled away from the newest is asked when the time has come, not before. */
  const refresh = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (latest.current.isHeld) {
        setNewerFor(begunFor.current);
        return;
      }
      begunFor.current = undefined;
      void latest.current.list.refresh();
    }, REFRESH_EVERY_MS);
  }, []);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useChanges((notice) => {
    if (notice.type !== 'event') return;
    if (notice.change === 'begun' && isShown(filter, notice.camera)) begunFor.current = list;
    refresh();
  });
  const connection = useConnection();
  useEffect(() => {
    if (connection === 'fine' && !isHeld && list.state().events.length > 0) refresh();
  }, [connection, isHeld, list, refresh]);
  return { list, state, hasNewer: newerFor === list, loadMore };
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
