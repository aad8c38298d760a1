import { useEffect, useRef } from 'react';
import { commandOf, type Command } from './canvas/keys.ts';

/** Where keys are somebody else's. */
const OTHERS = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"], [role="listbox"]';
/** What a space presses. */
const PRESSED_BY_SPACE = 'button, a, summary, [role="button"]';

/** Calls back with what is asked for by keys, wherever on the page the focus is. */
export function usePageKeys(onCommand: (command: Command) => void): void {
  const latest = useRef(onCommand);
  useEffect(() => {
    latest.current = onCommand;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || target.closest(OTHERS) !== null) return;
      if (event.key === ' ' && target.closest(PRESSED_BY_SPACE) !== null) return;
      const command = commandOf(event);
      if (command === undefined) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
