import type { FootageGapJson, FootageJson, FootageSegmentJson } from '../../../src/http/api/footage.ts';
import type { PlaybackGap } from './player.ts';

/** A fragment of the archive, and when it is shown. */
export interface FragmentPlace {
  readonly segment: FootageSegmentJson;
  /** Counted from 0 in its segment. */
  readonly index: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly sizeBytes: number;
  readonly isKey: boolean;
}

/** What there is at a moment: footage, or a reason why there is none. */
export type Found =
  | { readonly kind: 'footage'; readonly place: FragmentPlace }
  | { readonly kind: 'gap'; readonly gap: PlaybackGap };

export type LoadWindow = (fromMs: number, toMs: number, signal: AbortSignal) => Promise<FootageJson>;

/** Over less, the last picture stands: the recorder itself calls no shorter time a gap within a run. */
export const SHORTEST_GAP_MS = 1_000;
/** Footage that is that old is all known to the index; newer is asked for again. */
const SETTLED_MS = 20_000;
/** How often the index learns what the recorder wrote. */
const GROWTH_MS = 2_000;
/** Asked for at a time, at least: before and behind the moment that is wanted. */
const BEFORE_MS = 20_000;
const BEHIND_MS = 60_000;

const FRAGMENT_NUMBERS = 4;

interface Known {
  fromMs: number;
  toMs: number;
}

/** What is recorded of a camera, as far as it was asked for. */
export class FootageMap {
  readonly #load: LoadWindow;
  readonly #monotonicMs: () => number;
  /** By their names, so that one that grew replaces what was known of it. */
  readonly #segments = new Map<string, FootageSegmentJson>();
  #sorted: readonly FootageSegmentJson[] = [];
  #gaps: readonly FootageGapJson[] = [];
  /** Spans of which everything is known, in order, apart from each other. */
  #known: readonly Known[] = [];
  /** Of what may still grow: until when it is good. */
  #fresh: (Known & { readonly untilMs: number }) | undefined;
  /** By the server's clock, when it was asked last. */
  #toldAtMs = Number.NEGATIVE_INFINITY;
  /** Where, beyond what is known, footage is known to end and to begin. */
  readonly #ends = new Set<number>();
  readonly #starts = new Set<number>();

  /** @param monotonicMs milliseconds on a clock that never jumps. */
  constructor(load: LoadWindow, monotonicMs: () => number = () => performance.now()) {
    this.#load = load;
    this.#monotonicMs = monotonicMs;
  }

  /** What there is at a moment; asks for what is around it if need be. @throws as `load` does. */
  async find(wallMs: number, signal: AbortSignal): Promise<Found> {
    await this.ensure(wallMs, wallMs + 1, signal);
    return this.peek(wallMs) ?? { kind: 'gap', gap: this.#gapAt(wallMs) };
  }

  /** Makes a span known. @throws as `load` does. */
  async ensure(fromMs: number, toMs: number, signal: AbortSignal): Promise<void> {
    let missingMs = this.#firstUnknown(fromMs);
    while (missingMs < toMs) {
      const answer = await this.#load(
        missingMs - (missingMs === fromMs ? BEFORE_MS : 0),
        Math.max(toMs, missingMs + BEHIND_MS),
        signal,
      );
      this.add(answer);
      const nextMs = this.#firstUnknown(missingMs);
      if (nextMs <= missingMs) return;
      missingMs = nextMs;
    }
  }

  /** For what turned out to be otherwise: all is asked for again. */
  forget(): void {
    this.#segments.clear();
    this.#sorted = [];
    this.#gaps = [];
    this.#known = [];
    this.#fresh = undefined;
    this.#ends.clear();
    this.#starts.clear();
  }

  /** What there is at a moment; undefined when that is not known (any more). */
  peek(wallMs: number): Found | undefined {
    if (this.#firstUnknown(wallMs) <= wallMs) return undefined;
    const place = this.#placeAt(wallMs);
    return place === undefined ? { kind: 'gap', gap: this.#gapAt(wallMs) } : { kind: 'footage', place };
  }

  /** Whether what is recorded from this moment on is known, and will not become more. */
  isSettled(wallMs: number): boolean {
    return this.#known.some(({ fromMs, toMs }) => fromMs <= wallMs && wallMs < toMs);
  }

  /** The fragment that goes on from this one, and ends later; undefined at a gap and where nothing is known. */
  after(place: FragmentPlace): FragmentPlace | undefined {
    const next = placeOf(place.segment, place.index + 1);
    if (next !== undefined) {
      return next.startMs - place.endMs < SHORTEST_GAP_MS ? next : undefined;
    }
    return this.#placeAt(place.endMs, SHORTEST_GAP_MS, place);
  }

  /** The fragment before this one, without a gap between them. */
  before(place: FragmentPlace): FragmentPlace | undefined {
    const found =
      place.index > 0 ? placeOf(place.segment, place.index - 1) : this.#placeAt(place.startMs - 1);
    return found !== undefined && place.startMs - found.endMs < SHORTEST_GAP_MS ? found : undefined;
  }

  /** From the key picture without which a fragment cannot be decoded, up to that fragment. All of one segment. */
  groupOf(place: FragmentPlace): readonly FragmentPlace[] {
    const group = [place];
    for (let first = place; !first.isKey;) {
      const before = placeOf(first.segment, first.index - 1);
      if (before === undefined) break;
      group.unshift(before);
      first = before;
    }
    return group;
  }

  add({ fromMs, toMs, nowMs, segments, gaps, previousMs, nextMs }: FootageJson): void {
    this.#toldAtMs = nowMs;
    for (const segment of segments) this.#segments.set(segment.id, segment);
    this.#sorted = [...this.#segments.values()].toSorted((a, b) => a.startMs - b.startMs);
    this.#gaps = [...this.#gaps.filter((known) => !gaps.some((gap) => gap.fromMs === known.fromMs)), ...gaps];
    if (previousMs !== null) this.#ends.add(previousMs);
    if (nextMs !== null) this.#starts.add(nextMs);
    const settledMs = Math.min(toMs, nowMs - SETTLED_MS);
    if (settledMs > fromMs) this.#known = merge([...this.#known, { fromMs, toMs: settledMs }]);
    if (toMs > settledMs) {
      this.#fresh = { fromMs: Math.max(fromMs, settledMs), toMs, untilMs: this.#monotonicMs() + GROWTH_MS };
    }
  }

  /** The first moment from this one on that is not known. */
  #firstUnknown(wallMs: number): number {
    const known = this.#known.find(({ fromMs, toMs }) => fromMs <= wallMs && wallMs < toMs);
    const reachedMs = known?.toMs ?? wallMs;
    const fresh = this.#fresh;
    const isFresh =
      fresh !== undefined &&
      fresh.untilMs > this.#monotonicMs() &&
      fresh.fromMs <= reachedMs &&
      reachedMs < fresh.toMs;
    return isFresh ? fresh.toMs : reachedMs;
  }

  /**
   * @param earlyMs how much later than asked for footage may begin.
   * @param beyond what it has to go on from: of two files that end at nearly the same time, each would follow the other for ever.
   */
  #placeAt(wallMs: number, earlyMs = 0, beyond?: FragmentPlace): FragmentPlace | undefined {
    let best: FragmentPlace | undefined;
    for (const segment of this.#sorted) {
      if (segment.startMs > wallMs + earlyMs) break;
      if (segment === beyond?.segment || segment.endMs + SHORTEST_GAP_MS <= wallMs) continue;
      const place = fragmentAt(segment, wallMs) ?? (earlyMs > 0 ? placeOf(segment, 0) : undefined);
      if (place === undefined || (beyond !== undefined && place.endMs <= beyond.endMs)) continue;
      if (isBetter(place, best, wallMs)) best = place;
    }
    return best;
  }

  #gapAt(wallMs: number): PlaybackGap {
    let [fromMs, toMs] = [0, Number.POSITIVE_INFINITY];
    for (const segment of this.#sorted) {
      if (segment.startMs > wallMs) toMs = Math.min(toMs, segment.startMs);
      const before = lastFragmentBefore(segment, wallMs);
      if (before === undefined) continue;
      fromMs = Math.max(fromMs, before.endMs);
      const next = placeOf(segment, before.index + 1);
      if (next !== undefined) toMs = Math.min(toMs, next.startMs);
    }
    for (const endMs of this.#ends) if (endMs <= wallMs) fromMs = Math.max(fromMs, endMs);
    for (const startMs of this.#starts) if (startMs > wallMs) toMs = Math.min(toMs, startMs);
    const told = this.#gaps.findLast((gap) => gap.fromMs <= wallMs && wallMs < gap.toMs);
    const isBeingRecorded = toMs === Number.POSITIVE_INFINITY && fromMs > this.#toldAtMs - SETTLED_MS;
    const cause = told?.cause ?? (isBeingRecorded ? 'present' : 'unknown');
    return { fromMs, toMs, cause, detail: told?.detail ?? '', what: told?.what };
  }
}

/** Whatever was recorded as it came, before a time-lapse; what holds the moment, before what ended; the later one. */
function isBetter(place: FragmentPlace, best: FragmentPlace | undefined, wallMs: number): boolean {
  if (best === undefined) return true;
  if (place.segment.isTimelapse !== best.segment.isTimelapse) return best.segment.isTimelapse;
  const [holds, bestHolds] = [place, best].map(({ endMs }) => wallMs < endMs);
  return holds === bestHolds ? place.startMs >= best.startMs : holds === true;
}

/** The last fragment that began by a moment, unless it ended a gap ago. */
function fragmentAt(segment: FootageSegmentJson, wallMs: number): FragmentPlace | undefined {
  const place = lastFragmentBefore(segment, wallMs);
  return place !== undefined && wallMs < place.endMs + SHORTEST_GAP_MS ? place : undefined;
}

function lastFragmentBefore(segment: FootageSegmentJson, wallMs: number): FragmentPlace | undefined {
  let [low, high] = [0, segment.fragments.length / FRAGMENT_NUMBERS];
  while (low < high) {
    const middle = (low + high) >> 1;
    const startMs = segment.startMs + (segment.fragments[middle * FRAGMENT_NUMBERS] ?? 0);
    if (startMs <= wallMs) low = middle + 1;
    else high = middle;
  }
  return placeOf(segment, low - 1);
}

function placeOf(segment: FootageSegmentJson, index: number): FragmentPlace | undefined {
  const at = index * FRAGMENT_NUMBERS;
  const [start, duration, sizeBytes, isKey] = segment.fragments.slice(Math.max(0, at), at + FRAGMENT_NUMBERS);
  if (index < 0 || start === undefined || duration === undefined || sizeBytes === undefined) return undefined;
  const startMs = segment.startMs + start;
  return { segment, index, startMs, endMs: startMs + duration, sizeBytes, isKey: isKey === 1 };
}

function merge(spans: readonly Known[]): readonly Known[] {
  const merged: Known[] = [];
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last !== undefined && fromMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs);
    else merged.push({ fromMs, toMs });
  }
  return merged;
}
