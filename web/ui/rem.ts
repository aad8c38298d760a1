import { useSyncExternalStore } from 'react';

/** What sizes are written in where style sheets are not: the ordinary size of a `rem`. */
const ORDINARY_PX = 16;

/** How much larger than ordinary all is: on walls and televisions, and for those who have set large letters. */
export function enlargement(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / ORDINARY_PX;
}

/** The same, followed: it changes with the window's width. */
export function useEnlargement(): number {
  return useSyncExternalStore(subscribe, enlargement);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
