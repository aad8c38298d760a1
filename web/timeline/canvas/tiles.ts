import type { TimelineAnswer } from '../../../src/http/api/timeline.ts';
import { tracksOf, type Track, type Tracks } from './track.ts';
import { toMs, type View } from './view.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How much is told at once, from near to far: about 4,000 pixels a tile. */
export const LEVELS = [
  { resolutionMs: 0, tileMs: HOUR_MS },
  { resolutionMs: 5 * SECOND_MS, tileMs: 6 * HOUR_MS },
  { resolutionMs: 40 * SECOND_MS, tileMs: 2 * DAY_MS },
  { resolutionMs: 320 * SECOND_MS, tileMs: 16 * DAY_MS },
  { resolutionMs: 1_280 * SECOND_MS, tileMs: 64 * DAY_MS },
] as const;

/** A tile with the present in it is asked for again after so long, or after as long as a cell lasts. */
const FRESH_MS = 5_000;
/** Changed, not sooner than after a part of that. */
const CHANGED_PART = 5;
/** After an answer that could not be had. */
const RETRY_MS = 3_000;
const MOST_TILES = 60;

export interface TileQuestion {
  readonly fromMs: number;
  readonly toMs: number;
  readonly resolutionMs: number;
  readonly cameras: readonly string[];
}

export interface TilesOptions {
  /** Asks the server. */
  readonly ask: (question: TileQuestion, signal: AbortSignal) => Promise<TimelineAnswer>;
  readonly nowMs: () => number;
  /** Something else is to be drawn, or an answer could not be had. */
  readonly onChange: () => void;
}

/** A stretch of a view, and what is known of it. */
export interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
  readonly tracks: Tracks;
}

interface Tile {
  readonly level: number;
  readonly fromMs: number;
  tracks: Tracks | undefined;
  /** When it was asked for last, by this machine's clock. */
  askedMs: number;
  isAsking: boolean;
  isStale: boolean;
  usedAt: number;
}

/** The farthest level whose cells are no longer than a pixel. */
export function levelFor(msPerPx: number): number {
  const finer = LEVELS.findIndex(({ resolutionMs }) => resolutionMs > msPerPx);
  return finer < 0 ? LEVELS.length - 1 : Math.max(0, finer - 1);
}

/** What is known of the cameras' timelines, asked for as it comes into sight and kept for a while. */
export class Tiles {
  readonly #options: TilesOptions;
  #cameras: readonly string[] = [];
  #tiles = new Map<string, Tile>();
  #uses = 0;
  #aborter = new AbortController();
  /** How far the recorder's clock is ahead of this machine's. */
  #aheadMs = 0;
  /** Why the last answer could not be had; undefined when it was. */
  error: unknown;

  constructor(options: TilesOptions) {
    this.#options = options;
  }

  /** The present by the recorder's clock. */
  get presentMs(): number {
    return this.#options.nowMs() + this.#aheadMs;
  }

  /** Forgets what is known of others. */
  setCameras(cameras: readonly string[]): void {
    if (cameras.join('\n') === this.#cameras.join('\n')) return;
    this.dispose();
    this.#cameras = cameras;
  }

  /** Something has changed around now. */
  invalidate(): void {
    for (const tile of this.#tiles.values()) if (this.#isPresent(tile)) tile.isStale = true;
  }

  /** Ends what is under way and forgets all. */
  dispose(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    this.#tiles = new Map();
    this.error = undefined;
  }

  /** Whether something of the view is still to come. */
  isLoading(view: View): boolean {
    return this.#wanted(view).some((tile) => tile.tracks === undefined && tile.isAsking);
  }

  /** What is known of a view, in order; asks for what is missing or old. */
  slices(view: View): readonly Slice[] {
    if (this.#cameras.length === 0) return [];
    const wanted = this.#wanted(view);
    for (const tile of wanted) this.#askIfNeeded(tile);
    this.#forgetUnused();
    return wanted.flatMap((tile) => {
      const span = { fromMs: tile.fromMs, toMs: tile.fromMs + levelAt(tile.level).tileMs };
      return tile.tracks === undefined ? this.#meanwhile(span) : [{ ...span, tracks: tile.tracks }];
    });
  }

  #wanted(view: View): readonly Tile[] {
    const level = levelFor(view.msPerPx);
    const { tileMs } = levelAt(level);
    const tiles: Tile[] = [];
    const last = Math.min(toMs(view), this.presentMs);
    for (let at = Math.floor(view.fromMs / tileMs) * tileMs; at < last; at += tileMs)
      tiles.push(this.#tile(level, at));
    return tiles;
  }

  #tile(level: number, fromMs: number): Tile {
    const key = `${level} ${fromMs}`;
    const known = this.#tiles.get(key);
    const tile = known ?? {
      level,
      fromMs,
      tracks: undefined,
      askedMs: -Infinity,
      isAsking: false,
      isStale: false,
      usedAt: 0,
    };
    tile.usedAt = this.#uses += 1;
    this.#tiles.set(key, tile);
    return tile;
  }

  #isPresent({ level, fromMs }: Tile): boolean {
    const nowMs = this.presentMs;
    // Recordings and events are told a little later than they happen.
    return fromMs <= nowMs && fromMs + levelAt(level).tileMs > nowMs - 60_000;
  }

  #askIfNeeded(tile: Tile): void {
    if (tile.isAsking) return;
    const ageMs = this.#options.nowMs() - tile.askedMs;
    const { resolutionMs } = levelAt(tile.level);
    const freshMs = Math.max(FRESH_MS, resolutionMs);
    const isOld = this.#isPresent(tile) && ageMs > freshMs;
    const isNeeded =
      tile.tracks === undefined
        ? ageMs > RETRY_MS
        : isOld || (tile.isStale && ageMs > freshMs / CHANGED_PART);
    if (isNeeded) void this.#ask(tile);
  }

  async #ask(tile: Tile): Promise<void> {
    const { signal } = this.#aborter;
    const { resolutionMs, tileMs } = levelAt(tile.level);
    tile.isAsking = true;
    tile.isStale = false;
    tile.askedMs = this.#options.nowMs();
    const span = { fromMs: tile.fromMs, toMs: tile.fromMs + tileMs };
    try {
      const answer = await this.#options.ask({ ...span, resolutionMs, cameras: this.#cameras }, signal);
      if (signal.aborted) return;
      tile.tracks = tracksOf(answer);
      this.#aheadMs = answer.nowMs - this.#options.nowMs();
      this.error = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.error = error;
    } finally {
      tile.isAsking = false;
    }
    this.#options.onChange();
  }

  /** What other levels know of a span whose own tile is still to come: the nearest level that has all of it, or parts. */
  #meanwhile({ fromMs, toMs: endMs }: { readonly fromMs: number; readonly toMs: number }): readonly Slice[] {
    const loaded = [...this.#tiles.values()].flatMap(({ fromMs: startMs, level, tracks }) => {
      const tileEndMs = startMs + levelAt(level).tileMs;
      const [from, to] = [Math.max(fromMs, startMs), Math.min(endMs, tileEndMs)];
      return tracks === undefined || from >= to ? [] : [{ level, fromMs: from, toMs: to, tracks }];
    });
    const slices: Slice[] = [];
    for (const one of loaded.toSorted((a, b) => a.level - b.level || a.fromMs - b.fromMs)) {
      const isCovered = slices.some((slice) => slice.fromMs < one.toMs && slice.toMs > one.fromMs);
      if (!isCovered) slices.push(one);
    }
    return slices.toSorted((a, b) => a.fromMs - b.fromMs);
  }

  #forgetUnused(): void {
    if (this.#tiles.size <= MOST_TILES) return;
    const byUse = [...this.#tiles].toSorted(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key, tile] of byUse.slice(0, this.#tiles.size - MOST_TILES))
      if (!tile.isAsking) this.#tiles.delete(key);
  }
}

function levelAt(level: number): (typeof LEVELS)[number] {
  return LEVELS[level] ?? LEVELS[LEVELS.length - 1] ?? LEVELS[0];
}

/** What a slice knows of a camera. */
export function trackIn({ tracks }: Slice, camera: string): Track | undefined {
  return tracks.tracks.find((track) => track.camera === camera);
}
