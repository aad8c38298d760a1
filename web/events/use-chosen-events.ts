import { useState } from 'react';
import type { EventSummaryJson } from '../../src/http/api/events.ts';
import { eventOfKey, keyOf, type EventName } from './event-key.ts';
import type { CurrentEvent } from './use-current-event.ts';
import type { EventActions } from './use-event-actions.ts';
import type { Selection } from './use-selection.ts';

interface ChosenEvents {
  /** Those selected, else the current one. */
  readonly all: () => readonly EventSummaryJson[];
  /** Or not seen, where all of them are. */
  readonly see: () => void;
  /** Or not kept, where all of them are. */
  readonly keep: () => void;
  /** Asks first; `delete` does it. */
  readonly askToDelete: (events: readonly EventName[]) => void;
  /** How many are asked about; undefined where nothing is asked. */
  readonly asked: number | undefined;
  readonly delete: () => void;
  readonly cancel: () => void;
}

interface ChosenEventsOptions {
  readonly events: readonly EventSummaryJson[];
  readonly current: CurrentEvent;
  readonly selection: Selection;
  readonly actions: EventActions;
  readonly mayChange: boolean;
}

/** What is done with several events at once, or with the one that is current. */
export function useChosenEvents(options: ChosenEventsOptions): ChosenEvents {
  const { events, current, selection, actions, mayChange } = options;
  const [asked, setAsked] = useState<ReadonlySet<string>>();
  const all = (): readonly EventSummaryJson[] => {
    if (selection.keys.size > 0) return events.filter((event) => selection.keys.has(keyOf(event)));
    return current.event === undefined ? [] : [current.event];
  };
  return {
    all,
    see() {
      const found = all();
      void actions.setSeen(found, !found.every(({ isSeen }) => isSeen));
      if (selection.keys.size === 0) current.go(1);
    },
    keep() {
      const found = all();
      if (mayChange) void actions.setKept(found, !found.every(({ isKept }) => isKept));
    },
    askToDelete(found) {
      if (mayChange && found.length > 0) setAsked(new Set(found.map(keyOf)));
    },
    asked: asked?.size,
    delete() {
      const keys = asked ?? new Set<string>();
      setAsked(undefined);
      // The one that follows is looked at next.
      const next = [
        ...events.slice(current.index + 1),
        ...events.slice(0, Math.max(0, current.index)).toReversed(),
      ].find((event) => !keys.has(keyOf(event)));
      void actions.remove([...keys].map(eventOfKey), (gone) => {
        selection.drop(gone);
        if (current.key === undefined || !gone.has(current.key)) return;
        if (next !== undefined) current.goTo(next);
        else if (current.opened !== undefined) current.close();
      });
    },
    cancel: () => setAsked(undefined),
  };
}
