export type EventCommand = 'next' | 'previous' | 'open' | 'play' | 'keep' | 'seen' | 'delete' | 'all-seen';

const COMMANDS = new Map<string, EventCommand>([
  ['j', 'next'],
  ['ArrowRight', 'next'],
  ['k', 'previous'],
  ['ArrowLeft', 'previous'],
  ['Enter', 'open'],
  [' ', 'play'],
  ['x', 'keep'],
  ['s', 'seen'],
  ['d', 'delete'],
  ['a', 'all-seen'],
]);

/** What keys do on the events page. @returns undefined for what is no key of ours. */
export function eventCommandOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): EventCommand | undefined {
  return ctrlKey || altKey || metaKey ? undefined : COMMANDS.get(key);
}
