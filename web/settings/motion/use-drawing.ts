import { useState } from 'react';
import type { Area } from './areas.ts';
import { changed, historyOf, redone, settled, undone } from './history.ts';

/** Areas that are being drawn, with what can be taken back. */
export interface Drawing {
  readonly areas: readonly Area[];
  /** @param gesture the same for all changes that are taken back at once. */
  readonly change: (areas: readonly Area[], gesture?: string) => void;
  readonly settle: () => void;
  readonly selected: Area | undefined;
  readonly select: (id: number | undefined) => void;
  /** Undefined where there is nothing to take back, or to make again. */
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
}

export function useDrawing(saved: readonly Area[]): Drawing {
  const [history, setHistory] = useState(() => historyOf(saved));
  const [selectedId, select] = useState<number>();
  return {
    areas: history.present,
    change: (areas, gesture) => setHistory((before) => changed(before, areas, gesture)),
    settle: () => setHistory(settled),
    selected: history.present.find(({ id }) => id === selectedId),
    select,
    undo: history.past.length === 0 ? undefined : () => setHistory(undone),
    redo: history.future.length === 0 ? undefined : () => setHistory(redone),
  };
}
