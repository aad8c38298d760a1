import { readStored, store } from './storage.ts';

/** One of a few values that the user of this browser has chosen; kept here and nowhere else. */
export interface StoredChoice<Value extends string> {
  readonly values: readonly Value[];
  readonly get: () => Value;
  readonly set: (value: Value) => void;
  /** @returns what ends it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** @param key in the browser's local storage. */
export function storedChoice<const Value extends string>(
  key: string,
  values: readonly Value[],
  initial: Value,
): StoredChoice<Value> {
  const listeners = new Set<() => void>();
  const stored = readStored('localStorage', key);
  let current = values.find((value) => value === stored) ?? initial;
  return {
    values,
    get: () => current,
    set: (value) => {
      current = value;
      store('localStorage', key, value);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
