import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { monotonicMs, wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { SegmentPlace, SegmentSummary } from '../db/archive-index.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { moveRecording, type MoverIndex } from './move-recording.ts';
import { describeSize } from './retention-text.ts';
import { readVolumeSpace } from './volume-space.ts';

export interface MoverOptions {
  readonly index: MoverIndex;
  /** Of each volume; undefined for the default. */
  readonly minFreeBytes: () => number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** One round of moving. */
export interface MoveRound {
  /** In the order in which they are used. */
  readonly mounted: readonly MountedVolume[];
  /** At which recordings are as old as rules take them. */
  readonly now: WallMs;
  /** No recording is begun after this. */
  readonly until: MonotonicMs;
  /** Aborts when something more urgent has to be done: a copy is broken off then. */
  readonly hurry: AbortSignal;
}

const PAGE = 50;
/** What could not be moved is tried again after this. */
const REST_MS = 3_600_000;

/** Moves recordings that are old enough from their volume to the next one that has room, the oldest first. */
export class Mover {
  readonly #options: MoverOptions;
  /** Until when those that could not be moved are left alone. */
  readonly #resting = new Map<string, MonotonicMs>();

  constructor(options: MoverOptions) {
    this.#options = options;
  }

  /**
   * @returns what is wrong: message by subject.
   * @throws the signal's reason; whatever the index throws.
   */
  async move(round: MoveRound, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const troubles = new Map<string, string>();
    for (const [i, from] of round.mounted.entries()) {
      const later = round.mounted.slice(i + 1);
      if (from.moveAfterMs === undefined || later.length === 0) continue;
      const trouble = await this.#moveFrom(from, later, round, signal);
      if (trouble !== undefined) troubles.set(`move ${from.path}`, trouble);
    }
    return troubles;
  }

  async #moveFrom(
    from: MountedVolume,
    later: readonly MountedVolume[],
    round: MoveRound,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { index, clock, log } = this.#options;
    const moved: SegmentSummary[] = [];
    let trouble: string | undefined;
    for await (const segment of this.#oldEnough(from, round)) {
      if (round.hurry.aborted || clock.monotonicMs() > round.until) break;
      const to = await this.#roomFor(segment, later);
      if (to === undefined) {
        trouble = `recordings stay on ${from.path}, for no volume after it has room for them`;
        break;
      }
      try {
        const [left] = await moveRecording(index, clock, { segment, from, to, hurry: round.hurry }, signal);
        moved.push(segment);
        trouble ??= left;
      } catch (error) {
        if (signal.aborted) throw error;
        if (round.hurry.aborted) break;
        this.#resting.set(segment.path, monotonicMs(clock.monotonicMs() + REST_MS));
        trouble = `a recording could not be moved and is tried again in an hour: ${describeError(error)}`;
      }
    }
    if (moved.length > 0) {
      const bytes = moved.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      log.info(`moved ${moved.length} recordings, ${describeSize(bytes)}, from ${from.path}`);
    }
    return trouble;
  }

  async *#oldEnough({ id, moveAfterMs = 0 }: MountedVolume, { now }: MoveRound): AsyncGenerator<SegmentSummary> {
    const { index, clock } = this.#options;
    const query = { volume: id, beforeWallMs: wallMs(now - moveAfterMs), limit: PAGE };
    let after: SegmentPlace | undefined;
    let page: readonly SegmentSummary[];
    do {
      page = await index.oldestSegments(after === undefined ? query : { ...query, after });
      for (const segment of page) {
        const restsUntil = this.#resting.get(segment.path) ?? 0;
        if (segment.isOpen || restsUntil > clock.monotonicMs()) continue;
        this.#resting.delete(segment.path);
        yield segment;
      }
      after = page.at(-1);
    } while (page.length === PAGE);
  }

  async #roomFor({ sizeBytes }: SegmentSummary, volumes: readonly MountedVolume[]) {
    const { index, minFreeBytes } = this.#options;
    const usage = await index.usage();
    for (const volume of volumes) {
      const space = await readVolumeSpace(volume, minFreeBytes());
      const used = usage.reduce((sum, one) => sum + (one.volume === volume.id ? one.sizeBytes : 0), 0);
      const roomBytes = Math.min(
        space.freeBytes - space.floorBytes,
        (space.maxSizeBytes ?? Number.POSITIVE_INFINITY) - used,
      );
      if (roomBytes >= sizeBytes) return volume;
    }
    return undefined;
  }
}
