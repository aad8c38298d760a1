import { useSyncExternalStore } from 'react';
import type { StoredChoice } from './stored-choice.ts';

/** @returns what is chosen, and how to choose. */
export function useChoice<Value extends string>(
  choice: StoredChoice<Value>,
): readonly [Value, (value: Value) => void] {
  return [useSyncExternalStore(choice.subscribe, choice.get), choice.set];
}
