import { useEffect, useRef } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { eventOfKey, keyOf, type EventName } from './event-key.ts';

/** What is looked at is seen; marked as unseen by hand then, it stays so. */
export function useSeeing(
  event: EventSummaryJson | undefined,
  setSeen: (events: readonly EventName[], isSeen: boolean) => Promise<void>,
): void {
  const key = event && keyOf(event);
  const isSeen = event?.isSeen ?? true;
  const latest = useRef({ isSeen, setSeen });
  useEffect(() => {
    latest.current = { isSeen, setSeen };
  });
  useEffect(() => {
    if (key !== undefined && !latest.current.isSeen) void latest.current.setSeen([eventOfKey(key)], true);
  }, [key]);
}
