import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';

/** Bytes of a recording. */
export interface Extent {
  readonly path: string;
  readonly positionBytes: number;
  readonly sizeBytes: number;
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

  add(path: string, samples: readonly Mp4Sample[]): void {
    for (const { positionBytes, sizeBytes } of samples) this.#append({ path, positionBytes, sizeBytes });
  }

  /** Joined with what lies directly before it. */
  #append(extent: Extent): void {
    this.#sizeBytes += extent.sizeBytes;
    const last = this.#extents.at(-1);
    if (last?.path === extent.path && last.positionBytes + last.sizeBytes === extent.positionBytes) {
      this.#extents[this.#extents.length - 1] = { ...last, sizeBytes: last.sizeBytes + extent.sizeBytes };
    } else {
      this.#extents.push(extent);
    }
  }
}
