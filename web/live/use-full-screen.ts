import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => document.removeEventListener('fullscreenchange', listener);
}

interface FullScreen {
  readonly isOn: boolean;
  /** Undefined where the browser has none. */
  readonly toggle: (() => void) | undefined;
}

/** The whole page, for menus and tooltips lie beside what they belong to; the live view covers the rest of it. */
export function useFullScreen(): FullScreen {
  const isOn = useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
  const toggle = (): void => {
    const done = isOn ? document.exitFullscreen() : document.documentElement.requestFullscreen();
    // Refused where nobody touched the page; then it stays as it is.
    done.catch(() => undefined);
  };
  return { isOn, toggle: document.fullscreenEnabled ? toggle : undefined };
}
