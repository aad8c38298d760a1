import { useState } from 'react';
import { useLocation, useRoute } from 'wouter';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { filterSearch, type EventFilter } from './event-filter.ts';
import { eventOfKey, indexOfEvent, keyOf, pathOf, type EventName } from './event-key.ts';
import { useEvent } from './events-api.ts';

/** Where somebody is in the list of events: at the one that the address opens, else at the one that the cursor is on. */
export interface CurrentEvent {
  readonly key: string | undefined;
  /** In the list; -1 where it is not in it. */
  readonly index: number;
  readonly event: EventSummaryJson | undefined;
  /** The one that the address opens. */
  readonly opened: EventName | undefined;
  /** Whether the card of the current one takes the focus: it was gone to with keys. */
  readonly takesFocus: boolean;
  readonly hrefOf: (key: string) => string;
  readonly open: (key: string) => void;
  /** The same by pointer, which leaves the focus where it is. */
  readonly press: (key: string) => void;
  readonly close: () => void;
  readonly goTo: (event: EventName | undefined) => void;
  /** So many further down the list; to the first one where there is no current one. */
  readonly go: (by: number) => void;
}

export function useCurrentEvent(events: readonly EventSummaryJson[], filter: EventFilter): CurrentEvent {
  const [, navigate] = useLocation();
  const [, params] = useRoute('/events/:camera/:trigger');
  const [cursor, setCursor] = useState<string>();
  const [takesFocus, setTakesFocus] = useState(false);
  const opened = openedOf(params);
  const key = opened === undefined ? cursor : keyOf(opened);
  const index = key === undefined ? -1 : indexOfEvent(events, eventOfKey(key));
  // An address may lead to one that is not loaded, or that the filter does not let through.
  const { data: addressed } = useEvent(opened);
  const query = filterSearch(filter);
  const hrefOf = (of: string): string => `events/${pathOf(eventOfKey(of))}${query}`;
  const open = (to: string): void => {
    setCursor(to);
    navigate(`/${hrefOf(to)}`, { replace: opened !== undefined });
  };
  const goTo = (event: EventName | undefined): void => {
    if (event === undefined) return;
    setTakesFocus(true);
    if (opened === undefined) setCursor(keyOf(event));
    else open(keyOf(event));
  };
  return {
    key,
    index,
    event: events[index] ?? addressed,
    opened,
    takesFocus,
    hrefOf,
    open,
    press(to) {
      setTakesFocus(false);
      open(to);
    },
    close() {
      setTakesFocus(true);
      navigate(`/events${query}`);
    },
    goTo,
    go: (by) => goTo(events[index < 0 ? 0 : Math.min(events.length - 1, Math.max(0, index + by))]),
  };
}

function openedOf(params: Readonly<Record<string, string | undefined>> | null): EventName | undefined {
  const triggerMs = Number(params?.trigger);
  const camera = params?.camera;
  return camera !== undefined && Number.isSafeInteger(triggerMs) ? { camera, triggerMs } : undefined;
}
