import { useState } from 'react';
import { eventOfKey, indexOfEvent, keyOf, type EventName } from './event-key.ts';

export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** @param isRange takes in all from the one before, which was selected or taken out. */
  readonly toggle: (key: string, isRange: boolean) => void;
  readonly selectAll: () => void;
  readonly drop: (keys: ReadonlySet<string>) => void;
  readonly clear: () => void;
}

/** The events that something is to be done with together. */
export function useSelection(events: readonly EventName[]): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string>();
  const indexOf = (key: string): number => indexOfEvent(events, eventOfKey(key));
  return {
    keys,
    toggle(key, isRange) {
      const [from, to] = [anchor === undefined ? -1 : indexOf(anchor), indexOf(key)];
      const next = new Set(keys);
      if (isRange && from >= 0 && to >= 0) {
        for (const event of events.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(keyOf(event));
      } else if (!next.delete(key)) next.add(key);
      setAnchor(key);
      setKeys(next);
    },
    selectAll: () => setKeys(new Set(events.map(keyOf))),
    drop: (gone) => setKeys((before) => new Set([...before].filter((key) => !gone.has(key)))),
    clear: () => setKeys(new Set()),
  };
}
