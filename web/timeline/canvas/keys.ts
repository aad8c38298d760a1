/** What keys do on the timeline page. */
export type Command =
  | {
      readonly kind:
        | 'toggle-play'
        | 'help'
        | 'escape'
        | 'mute'
        | 'snapshot'
        | 'full-screen'
        | 'live'
        | 'start-of-day'
        | 'span';
    }
  | { readonly kind: 'frame' | 'event' | 'speed' | 'zoom' | 'page'; readonly direction: 1 | -1 }
  | { readonly kind: 'move'; readonly byMs: number }
  | { readonly kind: 'mark'; readonly end: 'from' | 'to' };

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

const STEP_MS = 10_000;
const LONG_STEP_MS = 60_000;

/** By the key's own name, so that they are where people's keyboards have them. */
const COMMANDS = new Map<string, Command>(
  Object.entries({
    ' ': { kind: 'toggle-play' },
    k: { kind: 'toggle-play' },
    '?': { kind: 'help' },
    Escape: { kind: 'escape' },
    m: { kind: 'mute' },
    s: { kind: 'snapshot' },
    f: { kind: 'full-screen' },
    l: { kind: 'live' },
    End: { kind: 'live' },
    Home: { kind: 'start-of-day' },
    ',': { kind: 'frame', direction: -1 },
    '.': { kind: 'frame', direction: 1 },
    p: { kind: 'event', direction: -1 },
    n: { kind: 'event', direction: 1 },
    '<': { kind: 'speed', direction: -1 },
    '>': { kind: 'speed', direction: 1 },
    '-': { kind: 'zoom', direction: -1 },
    '+': { kind: 'zoom', direction: 1 },
    '=': { kind: 'zoom', direction: 1 },
    PageUp: { kind: 'page', direction: -1 },
    PageDown: { kind: 'page', direction: 1 },
    e: { kind: 'span' },
    i: { kind: 'mark', end: 'from' },
    o: { kind: 'mark', end: 'to' },
  } satisfies Readonly<Record<string, Command>>),
);

/** @returns undefined for what is no key of ours. */
export function commandOf({ key, shiftKey, ctrlKey, altKey, metaKey }: Pressed): Command | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  const stepMs = shiftKey ? LONG_STEP_MS : STEP_MS;
  if (key === 'ArrowLeft') return { kind: 'move', byMs: -stepMs };
  if (key === 'ArrowRight') return { kind: 'move', byMs: stepMs };
  if (key === 'ArrowUp') return { kind: 'zoom', direction: 1 };
  if (key === 'ArrowDown') return { kind: 'zoom', direction: -1 };
  return COMMANDS.get(key.length === 1 ? key.toLowerCase() : key);
}

/** Whether a command is about the moment shown, so that it has to be in sight, though somebody has looked elsewhere on the timeline. */
export function isAboutMoment({ kind }: Command, isPlaying: boolean): boolean {
  if (kind === 'toggle-play') return !isPlaying;
  return kind === 'span' || kind === 'mark' || kind === 'frame';
}
