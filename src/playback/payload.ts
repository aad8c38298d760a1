import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { Segment } from './segment.ts';

/** Bytes of a recording. */
export interface Extent {
  readonly path: string;
  readonly positionBytes: number;
  readonly sizeBytes: number;
  /** What they had when they were recorded, where that is known (`checksumOf`). */
  readonly checksum: number | undefined;
}

/** What an MP4 is filled with, as the places of recordings from which it is copied. */
export class Payload {
  readonly #extents: Extent[] = [];
  #sizeBytes = 0;

  get extents(): readonly Extent[] {
    return this.#extents;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(segment: Segment, samples: readonly Mp4Sample[]): void {
    for (const { positionBytes, sizeBytes } of samples) this.#append(segment, positionBytes, sizeBytes);
  }

  /** Joined with what lies directly before it. */
  #append(segment: Segment, positionBytes: number, sizeBytes: number): void {
    this.#sizeBytes += sizeBytes;
    const { path } = segment.file;
    const last = this.#extents.at(-1);
    const isJoined = last?.path === path && last.positionBytes + last.sizeBytes === positionBytes;
    if (isJoined) this.#extents.pop();
    const place = isJoined
      ? { positionBytes: last.positionBytes, sizeBytes: last.sizeBytes + sizeBytes }
      : { positionBytes, sizeBytes };
    const checksum = segment.checksumAt(place.positionBytes, place.sizeBytes);
    this.#extents.push({ path, ...place, checksum });
  }
}
