/** What is, what was before each change, and what was taken back. */
export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** Of the last change: another one with it becomes part of that, as all moves of one drag do. */
  readonly gesture: string | undefined;
}

const LONGEST = 200;

export function historyOf<State>(present: State): History<State> {
  return { past: [], present, future: [], gesture: undefined };
}

/** @param gesture changes that are made with the same one, one after the other, are taken back at once. */
export function changed<State>(
  history: History<State>,
  present: State,
  gesture: string | undefined,
): History<State> {
  if (present === history.present) return history;
  const isSame = gesture !== undefined && gesture === history.gesture;
  const past = isSame ? history.past : [...history.past, history.present].slice(-LONGEST);
  return { past, present, future: [], gesture };
}

/** The next change is one of its own. */
export function settled<State>(history: History<State>): History<State> {
  return history.gesture === undefined ? history : { ...history, gesture: undefined };
}

export function undone<State>({ past, present, future, gesture }: History<State>): History<State> {
  const before = past.at(-1);
  if (before === undefined) return { past, present, future, gesture };
  return { past: past.slice(0, -1), present: before, future: [present, ...future], gesture: undefined };
}

export function redone<State>({ past, present, future, gesture }: History<State>): History<State> {
  const [next, ...rest] = future;
  if (next === undefined) return { past, present, future, gesture };
  return { past: [...past, present], present: next, future: rest, gesture: undefined };
}
