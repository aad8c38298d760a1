import { useEffect, useRef } from 'react';

/** Where keys are somebody else's. */
const OTHERS =
  'input:not([type="range"]), textarea, select, [contenteditable], [role="menu"], [role="listbox"], [role="alertdialog"]';
const DIALOG = '[role="dialog"]';
/** What Space presses, and what Enter presses. */
const PRESSED: Readonly<Record<string, string>> = {
  ' ': 'button, summary, [role="button"], [role="combobox"]',
  Enter: 'button, a, summary, [role="button"], [role="combobox"]',
};

/**
 * Calls back with what is asked for by keys, wherever on the page the focus is. The latest callback given counts.
 * @param commandOf what a key asks for; undefined for one that is none of the page's.
 * @param inDialogs whether the page's keys hold in its dialogs too.
 */
export function usePageKeys<Command>(
  commandOf: (event: KeyboardEvent) => Command | undefined,
  onCommand: (command: Command) => void,
  inDialogs = false,
): void {
  const latest = useRef({ commandOf, onCommand, inDialogs });
  useEffect(() => {
    latest.current = { commandOf, onCommand, inDialogs };
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || target.closest(OTHERS) !== null) return;
      if (!latest.current.inDialogs && target.closest(DIALOG) !== null) return;
      const pressed = PRESSED[event.key];
      if (pressed !== undefined && target.closest(pressed) !== null) return;
      // A slider goes by arrows itself.
      if (target instanceof HTMLInputElement && event.key.startsWith('Arrow')) return;
      const command = latest.current.commandOf(event);
      if (command === undefined) return;
      event.preventDefault();
      latest.current.onCommand(command);
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
