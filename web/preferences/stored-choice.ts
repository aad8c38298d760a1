/** One of a few values that the user of this browser has chosen; kept here and nowhere else. */
export interface StoredChoice<Value extends string> {
  readonly values: readonly Value[];
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** @returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** @param key in the browser's local storage, where this app's origin may hold other apps' too. */
export function storedChoice<const Value extends string>(
  key: string,
  values: readonly Value[],
  initial: Value,
): StoredChoice<Value> {
  const listeners = new Set<() => void>();
  const stored = read(`preroll.${key}`);
  let current = values.find((value) => value === stored) ?? initial;
  return {
    values,
    get: () => current,
    set: (value) => {
      current = value;
      write(`preroll.${key}`, value);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

// Browsers may refuse storage altogether, by throwing; a choice then lasts as long as the page.

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
