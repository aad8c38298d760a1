import { wallMs, type WallMs } from '../base/time.ts';
import type { SegmentSummary, Usage } from '../db/archive-index.ts';

/** A volume that is mounted, as retention sees it. */
export interface VolumeSpace {
  readonly id: string;
  readonly freeBytes: number;
  /** Below this much free space it has no room. */
  readonly floorBytes: number;
  /** The most that recordings may take on it. */
  readonly maxSizeBytes: number | undefined;
}

interface Scope {
  readonly camera?: string;
  readonly holdsEvent?: boolean;
}

/** What recordings take on the mounted volumes, while some of them are being deleted. */
export class RetentionAccount {
  readonly #usage: readonly { readonly of: Usage; sizeBytes: number }[];
  readonly #volumes: readonly VolumeSpace[];
  readonly #freedBytes = new Map<string, number>();

  constructor(usage: readonly Usage[], volumes: readonly VolumeSpace[]) {
    this.#volumes = volumes;
    this.#usage = usage
      .filter(({ volume }) => this.isMounted(volume))
      .map((of) => ({ of, sizeBytes: of.sizeBytes }));
  }

  isMounted(volume: string): boolean {
    return this.#volumes.some(({ id }) => id === volume);
  }

  sizeBytes(scope: Scope): number {
    return this.#within(scope).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /** When the oldest recording began, as far as it was known before anything was deleted; never, where there is none. */
  oldestWallMs(scope: Scope): WallMs {
    return wallMs(Math.min(...this.#within(scope).map(({ of }) => of.oldestWallMs)));
  }

  /** Those on which recordings have room. */
  get roomy(): readonly string[] {
    return this.#volumes.filter((volume) => this.#missingOn(volume) <= 0).map(({ id }) => id);
  }

  /** How much more fits on the volume that has least room; nothing where there is no volume. */
  get leastRoomBytes(): number {
    if (this.#volumes.length === 0) return 0;
    return -Math.max(...this.#volumes.map((volume) => this.#missingOn(volume)));
  }

  /** What the volume that lacks least lacks until recordings have room on it; not above 0 when one has room. */
  get missingRoomBytes(): number {
    if (this.#volumes.length === 0) return 0;
    return Math.min(...this.#volumes.map((volume) => this.#missingOn(volume)));
  }

  delete(segment: SegmentSummary): void {
    const { volume, sizeBytes } = segment;
    this.#freedBytes.set(volume, (this.#freedBytes.get(volume) ?? 0) + sizeBytes);
    this.forget(segment);
  }

  /** It takes nothing any more, and what is free is free without it. */
  forget({ camera, volume, holdsEvent, kind, sizeBytes }: SegmentSummary): void {
    const entry = this.#usage.find(
      ({ of }) =>
        of.camera === camera && of.volume === volume && of.holdsEvent === holdsEvent && of.kind === kind,
    );
    if (entry !== undefined) entry.sizeBytes -= sizeBytes;
  }

  #missingOn({ id, freeBytes, floorBytes, maxSizeBytes = Number.POSITIVE_INFINITY }: VolumeSpace): number {
    const used = this.#usage.filter(({ of }) => of.volume === id);
    const usedBytes = used.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const missingFree = floorBytes - freeBytes - (this.#freedBytes.get(id) ?? 0);
    return Math.max(missingFree, usedBytes - maxSizeBytes);
  }

  #within({ camera, holdsEvent }: Scope) {
    return this.#usage.filter(
      ({ of }) =>
        (camera === undefined || of.camera === camera) &&
        (holdsEvent === undefined || of.holdsEvent === holdsEvent),
    );
  }
}
