import type { LogAnswer, LogLine } from '../../src/http/api/logs.ts';

/** What was asked for so far, the newest page first. */
export interface LogPages {
  readonly pages: readonly LogAnswer[];
  readonly pageParams: readonly unknown[];
}

/** More than that is let go of at the far end while the log is followed; it can be asked for again. */
export const MOST_FOLLOWED_LINES = 2_000;

export function linesOf({ pages }: LogPages): readonly LogLine[] {
  return pages.flatMap(({ lines }) => lines);
}

/** With what has been written meanwhile, before the rest. */
export function withNewer(known: LogPages, newer: LogAnswer): LogPages {
  const [first, ...others] = known.pages;
  if (first === undefined || (newer.lines.length === 0 && newer.newest === first.newest)) return known;
  const lines = [...newer.lines, ...first.lines];
  if (lines.length <= MOST_FOLLOWED_LINES) {
    return { ...known, pages: [{ ...first, lines, newest: newer.newest }, ...others] };
  }
  const kept = lines.slice(0, MOST_FOLLOWED_LINES);
  // What lies before the last one that is kept is asked for anew.
  const page = { lines: kept, older: kept.at(-1)?.place ?? null, newest: newer.newest };
  return { pages: [page], pageParams: known.pageParams.slice(0, 1) };
}
