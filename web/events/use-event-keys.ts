import { useEffect, useRef } from 'react';

export type EventCommand = 'next' | 'previous' | 'open' | 'play' | 'keep' | 'seen' | 'delete' | 'all-seen';

const COMMANDS: Readonly<Record<string, EventCommand>> = {
  j: 'next',
  ArrowRight: 'next',
  k: 'previous',
  ArrowLeft: 'previous',
  Enter: 'open',
  ' ': 'play',
  x: 'keep',
  s: 'seen',
  d: 'delete',
  a: 'all-seen',
};

/** Where keys are somebody else's. */
const OTHERS =
  'input:not([type="range"]), textarea, select, [role="menu"], [role="listbox"], [role="alertdialog"]';
const PRESSED = 'button, a, [role="button"], [role="combobox"]';

/** Calls back with what is asked for by keys, wherever on the page the focus is. */
export function useEventKeys(onCommand: (command: EventCommand) => void): void {
  const latest = useRef(onCommand);
  useEffect(() => {
    latest.current = onCommand;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      const command = COMMANDS[event.key];
      if (command === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (target.closest(OTHERS) !== null) return;
      if ((event.key === ' ' || event.key === 'Enter') && target.closest(PRESSED) !== null) return;
      if (event.key.startsWith('Arrow') && target instanceof HTMLInputElement) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
