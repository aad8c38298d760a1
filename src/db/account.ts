import { wallMs, type WallMs } from '../base/time.ts';
import type { ArchiveIndex, CameraTimeline, Span } from './archive-index.ts';
import { LONGEST_PAUSE_MS } from './recorded-spans.ts';
import type { GapCause } from './records.ts';

/** A part of an account: `recorded`, `missing` for a cause, or `unaccounted`, of which there should be none. */
export type AccountEntry =
  | (Span & { readonly kind: 'recorded' })
  | (Span & { readonly kind: 'missing'; readonly cause: GapCause; readonly detail: string })
  | (Span & { readonly kind: 'unaccounted' });

/**
 * Accounts for a span of a camera's time: the entries cover it in order, without overlaps. Where footage and a gap are
 * told of the same moment the footage counts, of two gaps the one that began last. What lies between two recorded
 * spans is recorded too if it is not a second long and no gap: a picture lasts until the next.
 */
export function account(
  span: Span,
  { recorded, gaps }: Pick<CameraTimeline, 'recorded' | 'gaps'>,
): readonly AccountEntry[] {
  const footage = new Sweep(recorded);
  const missing = new Sweep(gaps);
  const moments = momentsWithin(span, [...recorded, ...gaps]);
  const entries = moments.slice(1).map((endWallMs, at): AccountEntry => {
    const startWallMs = moments[at] ?? span.startWallMs;
    if (footage.at(startWallMs) !== undefined) return { kind: 'recorded', startWallMs, endWallMs };
    const gap = missing.at(startWallMs);
    return gap === undefined
      ? { kind: 'unaccounted', startWallMs, endWallMs }
      : { kind: 'missing', startWallMs, endWallMs, cause: gap.cause, detail: gap.detail };
  });
  return joined(withoutPauses(joined(entries)));
}

/** Where something begins or ends, the edges of the span included, in order. */
function momentsWithin(span: Span, told: readonly Span[]): readonly WallMs[] {
  const moments = new Set([span.startWallMs, span.endWallMs]);
  for (const { startWallMs, endWallMs } of told) {
    for (const moment of [startWallMs, endWallMs]) {
      if (moment > span.startWallMs && moment < span.endWallMs) moments.add(moment);
    }
  }
  return [...moments].toSorted((a, b) => a - b);
}

/** Finds what covers a moment, for moments in order of time; of several the one that began last. */
class Sweep<T extends Span> {
  readonly #spans: readonly T[];
  #next = 0;
  /** Those that have begun and have not ended, in the order of their starts. */
  #open: readonly T[] = [];

  constructor(spans: readonly T[]) {
    this.#spans = spans.toSorted((a, b) => a.startWallMs - b.startWallMs);
  }

  at(moment: WallMs): T | undefined {
    for (; ; this.#next += 1) {
      const span = this.#spans[this.#next];
      if (span === undefined || span.startWallMs > moment) break;
      this.#open = [...this.#open, span];
    }
    this.#open = this.#open.filter((span) => span.endWallMs > moment);
    return this.#open.at(-1);
  }
}

function withoutPauses(entries: readonly AccountEntry[]): readonly AccountEntry[] {
  return entries.map((entry, at) => {
    const isPause =
      entry.kind === 'unaccounted' &&
      entry.endWallMs - entry.startWallMs <= LONGEST_PAUSE_MS &&
      entries[at - 1]?.kind === 'recorded' &&
      entries[at + 1]?.kind === 'recorded';
    return isPause ? { ...entry, kind: 'recorded' } : entry;
  });
}

function joined(entries: readonly AccountEntry[]): readonly AccountEntry[] {
  const result: AccountEntry[] = [];
  for (const entry of entries) {
    const last = result.at(-1);
    if (last !== undefined && isAlike(last, entry))
      result[result.length - 1] = { ...last, endWallMs: entry.endWallMs };
    else result.push(entry);
  }
  return result;
}

function isAlike(a: AccountEntry, b: AccountEntry): boolean {
  if (a.kind !== 'missing' || b.kind !== 'missing') return a.kind === b.kind;
  return a.cause === b.cause && a.detail === b.detail;
}

/** Of the last seconds before a recorder's last sign of life, not everything has been told. */
const NOT_TOLD_YET_MS = 20_000;

/** Until when all is told that happened. @param alive a recorder's last sign of life. */
export function surelyTold(alive: ReturnType<ArchiveIndex['lastAlive']>): WallMs | undefined {
  return alive && wallMs(alive.atWallMs - (alive.isLeaving ? 0 : NOT_TOLD_YET_MS));
}

/** When the account of a camera begins: with the first thing known of it. Undefined where nothing is. */
export function accountBegins(known: Pick<CameraTimeline, 'recorded' | 'gaps'>): WallMs | undefined {
  const starts = [...known.recorded, ...known.gaps].map(({ startWallMs }) => startWallMs);
  return starts.length === 0 ? undefined : starts.reduce((a, b) => (a < b ? a : b));
}

/** When it ends: with the last. */
export function accountEnds(known: Pick<CameraTimeline, 'recorded' | 'gaps'>): WallMs | undefined {
  const ends = [...known.recorded, ...known.gaps].map(({ endWallMs }) => endWallMs);
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (a > b ? a : b));
}
