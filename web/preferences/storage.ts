/** Of the browser for good, or of the tab as long as it is open. */
type Place = 'localStorage' | 'sessionStorage';

// Browsers may refuse storage altogether, by throwing; what is kept then lasts as long as the page.

/** @param key where this app's origin may hold other apps' too. */
export function readStored(place: Place, key: string): string | undefined {
  try {
    return globalThis[place].getItem(`preroll.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @param value undefined for nothing more. */
export function store(place: Place, key: string, value: string | undefined): void {
  try {
    if (value === undefined) globalThis[place].removeItem(`preroll.${key}`);
    else globalThis[place].setItem(`preroll.${key}`, value);
  } catch {
    // As above.
  }
}
