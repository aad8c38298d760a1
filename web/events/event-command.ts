/** What keys do on the page of events. */
export type EventCommand =
  | { readonly kind: 'go'; readonly by: 1 | -1 }
  /** By a row of the grid. */
  | { readonly kind: 'row'; readonly by: 1 | -1 }
  | { readonly kind: 'first' | 'last' | 'open' | 'play' | 'seen' | 'keep' | 'delete' | 'select' }
  | { readonly kind: 'note' | 'all-seen' | 'download' | 'timeline' | 'escape' | 'help' };

const COMMANDS = new Map<string, EventCommand>(
  Object.entries({
    j: { kind: 'go', by: 1 },
    k: { kind: 'go', by: -1 },
    ArrowRight: { kind: 'go', by: 1 },
    ArrowLeft: { kind: 'go', by: -1 },
    ArrowDown: { kind: 'row', by: 1 },
    ArrowUp: { kind: 'row', by: -1 },
    Home: { kind: 'first' },
    End: { kind: 'last' },
    Enter: { kind: 'open' },
    ' ': { kind: 'play' },
    s: { kind: 'seen' },
    x: { kind: 'keep' },
    d: { kind: 'delete' },
    Delete: { kind: 'delete' },
    v: { kind: 'select' },
    n: { kind: 'note' },
    a: { kind: 'all-seen' },
    c: { kind: 'download' },
    t: { kind: 'timeline' },
    Escape: { kind: 'escape' },
    '?': { kind: 'help' },
  } satisfies Readonly<Record<string, EventCommand>>),
);

/** @returns undefined for what is no key of ours. */
export function eventCommandOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): EventCommand | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  return COMMANDS.get(key.length === 1 ? key.toLowerCase() : key);
}
