import { wallMs } from '../base/time.ts';
import type { RecordingRate } from './recording-rate.ts';

const HOUR_MS = 3_600_000;

/** A volume as the model fills it. */
export interface ModelVolume {
  /** What recordings may still take; negative where they take too much. */
  roomBytes: number;
  /** Older recordings move on to a later volume that has room. */
  readonly moveAfterMs: number | undefined;
  /** When something found no room on it first. */
  fullMs: number | undefined;
}

export interface ModelBounds {
  readonly maxAgeMs: number | undefined;
  readonly maxSizeBytes: number | undefined;
}

/** Recordings of one camera and kind that began in the same hour and lie on the same volume. */
interface Batch {
  readonly startMs: number;
  sizeBytes: number;
  volume: ModelVolume;
}

/** What one camera has of one kind, in the order of time. */
export class ModelFootage {
  readonly rate: RecordingRate | undefined;
  readonly bounds: ModelBounds;
  sizeBytes = 0;
  readonly #batches: Batch[] = [];
  /** How many of the oldest are gone, and how many have been looked at for moving. */
  #gone = 0;
  readonly #passed = new Map<ModelVolume, number>();

  constructor(rate: RecordingRate | undefined, bounds: ModelBounds) {
    this.rate = rate;
    this.bounds = bounds;
  }

  /** When the oldest began; never, where there is none. */
  get oldestMs(): number {
    return this.#batches[this.#gone]?.startMs ?? Number.POSITIVE_INFINITY;
  }

  /** Takes room on the volume, whether there is any or not. */
  add(startMs: number, sizeBytes: number, volume: ModelVolume): void {
    this.#batches.push({ startMs, sizeBytes, volume });
    this.sizeBytes += sizeBytes;
    volume.roomBytes -= sizeBytes;
  }

  /** Deletes so much of the oldest hour at most, and gives back its room. */
  dropOldest(mostBytes = Number.POSITIVE_INFINITY): number {
    const oldest = this.#batches[this.#gone];
    if (oldest === undefined) return 0;
    const bytes = Math.min(mostBytes, oldest.sizeBytes);
    oldest.sizeBytes -= bytes;
    oldest.volume.roomBytes += bytes;
    this.sizeBytes -= bytes;
    if (oldest.sizeBytes <= 0) this.#gone += 1;
    return bytes;
  }

  keepWithinBounds(nowMs: number): void {
    const { maxAgeMs = Number.POSITIVE_INFINITY, maxSizeBytes = Number.POSITIVE_INFINITY } = this.bounds;
    while (this.oldestMs < nowMs - maxAgeMs) this.dropOldest();
    while (this.sizeBytes > maxSizeBytes) this.dropOldest(this.sizeBytes - maxSizeBytes);
  }

  /** Moves what is old enough to a volume that has room for it. */
  move(from: ModelVolume, to: readonly ModelVolume[], nowMs: number): void {
    const beforeMs = nowMs - (from.moveAfterMs ?? Number.POSITIVE_INFINITY);
    let at = Math.max(this.#gone, this.#passed.get(from) ?? 0);
    for (; ; at += 1) {
      const batch = this.#batches[at];
      if (batch === undefined || batch.startMs >= beforeMs) break;
      if (batch.volume !== from) continue;
      const target = roomFor(batch.sizeBytes, to, nowMs);
      if (target === undefined) break;
      from.roomBytes += batch.sizeBytes;
      target.roomBytes -= batch.sizeBytes;
      batch.volume = target;
    }
    this.#passed.set(from, at);
  }
}

/** The first volume that has room; those before it are full. */
function roomFor(
  sizeBytes: number,
  volumes: readonly ModelVolume[],
  nowMs: number,
): ModelVolume | undefined {
  for (const volume of volumes) {
    if (volume.roomBytes >= sizeBytes) return volume;
    volume.fullMs ??= nowMs;
  }
  return undefined;
}

/** Recordings that may take so much together. */
export interface ModelGroup {
  readonly footage: readonly ModelFootage[];
  readonly maxSizeBytes: number;
}

/** An archive that grows hour by hour. */
export interface ArchiveModel {
  readonly footage: readonly ModelFootage[];
  /** In the order in which they are used. */
  readonly volumes: readonly ModelVolume[];
  readonly groups: readonly ModelGroup[];
}

/**
 * Lets time pass until no volume has room for what is recorded, and notes on each when that was.
 * @returns when the last one was full; undefined if there was room all the time.
 */
export function fillArchive(model: ArchiveModel, fromMs: number, toMs: number): number | undefined {
  const { footage, volumes, groups } = model;
  for (let nowMs = fromMs; nowMs < toMs; nowMs += HOUR_MS) {
    for (const each of footage) {
      const sizeBytes = each.rate?.bytesBetween(wallMs(nowMs), wallMs(nowMs + HOUR_MS)) ?? 0;
      if (sizeBytes === 0) continue;
      const target = roomFor(sizeBytes, volumes, nowMs);
      if (target === undefined) return nowMs;
      each.add(nowMs, sizeBytes, target);
      each.keepWithinBounds(nowMs);
    }
    for (const group of groups) keepWithinSize(group);
    for (const [i, volume] of volumes.entries()) {
      for (const each of footage) each.move(volume, volumes.slice(i + 1), nowMs);
    }
  }
  return undefined;
}

/** The oldest goes first, whichever camera it is of. */
function keepWithinSize({ footage, maxSizeBytes }: ModelGroup): void {
  for (;;) {
    const excessBytes = footage.reduce((sum, each) => sum + each.sizeBytes, 0) - maxSizeBytes;
    if (excessBytes <= 0) return;
    const oldest = footage.reduce((a, b) => (b.oldestMs < a.oldestMs ? b : a));
    oldest.dropOldest(excessBytes);
  }
}
