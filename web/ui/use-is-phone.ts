import { useSyncExternalStore } from 'react';

/** Tailwind's `sm`: from here on there is room for what stands beside something. */
const PHONE = '(width < 40rem)';

/** Whether the window is as narrow as a phone's, for what style sheets cannot decide. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(PHONE).matches);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
