import { av1Track } from './av1.ts';
import { BitstreamError } from './bit-reader.ts';
import { bytesEqual } from './nal.ts';
import type { VideoTrack } from './packet.ts';
import type { TemporalUnit } from './temporal-unit.ts';

/** A sequence header takes a dozen bytes, with every operating point some hundred. */
const MAX_HEADER_BYTES = 4096;

/** What a temporal unit is to the stream that it is part of. */
export interface StreamedUnit {
  readonly isKey: boolean;
  /** Undefined while no sequence header is known. */
  readonly track: VideoTrack | undefined;
  /** What a key picture lacks, to be put before it: the sequence header that it refers to. */
  readonly missing: Uint8Array | undefined;
}

/** Follows the sequence headers of a stream. A new one takes effect at a key picture (AV1 7.5). */
export class Av1Stream {
  readonly #index: number;
  #track: VideoTrack | undefined;
  #sequenceHeader: Uint8Array | undefined;

  /** @param index of the track. */
  constructor(index: number) {
    this.#index = index;
  }

  /**
   * Takes what a container tells of the stream.
   * @throws BitstreamError
   */
  offer(sequenceHeader: Uint8Array): void {
    if (this.#sequenceHeader !== undefined && bytesEqual(this.#sequenceHeader, sequenceHeader)) return;
    if (sequenceHeader.byteLength > MAX_HEADER_BYTES) {
      throw new BitstreamError(`reading an AV1 sequence header: ${sequenceHeader.byteLength} bytes`);
    }
    const copy = Uint8Array.from(sequenceHeader);
    this.#track = av1Track(this.#index, { codec: 'av1', sequenceHeader: copy });
    this.#sequenceHeader = copy;
  }

  /** @throws BitstreamError for a sequence header that cannot be used; the stream stays as it was. */
  follow({ beginsWithKey: isKey, sequenceHeader }: TemporalUnit): StreamedUnit {
    if (isKey && sequenceHeader !== undefined) this.offer(sequenceHeader);
    const missing = isKey && sequenceHeader === undefined ? this.#sequenceHeader : undefined;
    return { isKey, track: this.#track, missing };
  }
}
