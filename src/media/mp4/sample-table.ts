import { box, fullBox, u32, type Part } from '../fmp4/box.ts';
import { Mp4Error } from '../fmp4/mp4-error.ts';
import type { Mp4Track } from '../fmp4/mp4-track.ts';
import { sampleEntry } from '../fmp4/sample-entry.ts';
import { ChunkTable } from './chunk-table.ts';
import { RunLengthList } from './run-length-list.ts';
import { U32List } from './u32-list.ts';

/** A packet as a table tells it. */
export interface TableSample {
  readonly sizeBytes: number;
  readonly isKey: boolean;
  /** Ticks of the track; decode times increase strictly, from any beginning. */
  readonly dts: number;
  readonly pts: number;
}

/** Beyond, players take durations and offsets for negative ones. */
const MAX_TICKS = 2 ** 31 - 1;

/**
 * The samples of one track in the tables of an ordinary MP4 (ISO 14496-12 8.5 to 8.7), as they are added. Takes about
 * 4 bytes a sample where pictures come at a steady rate, 20 where none is like the one before.
 */
export class SampleTable {
  readonly track: Mp4Track;
  readonly #sizes = new U32List();
  readonly #keys = new U32List();
  readonly #durations = new RunLengthList();
  readonly #offsets = new RunLengthList();
  readonly #chunks = new ChunkTable();
  #hasNegativeOffset = false;
  #firstDts: number | undefined;
  #lastDts = 0;
  #endDts: number | undefined;

  constructor(track: Mp4Track) {
    this.track = track;
  }

  get samples(): number {
    return this.#sizes.length;
  }

  /** Decode time of the first sample, from which the track's own time line counts. */
  get startTicks(): number {
    return this.#firstDts ?? 0;
  }

  /** From the first to the end of the last sample, once that is known. */
  get durationTicks(): number {
    return (this.#endDts ?? this.#lastDts) - this.startTicks;
  }

  /**
   * Adds samples whose bytes lie one behind the other.
   * @param offsetBytes where they begin in the payload.
   * @throws Mp4Error `unrepresentable` for a time that goes back, or one that does not fit.
   */
  addChunk(offsetBytes: number, samples: readonly TableSample[]): void {
    if (samples.length === 0) return;
    for (const sample of samples) this.#add(sample);
    this.#chunks.add(offsetBytes, samples.length);
  }

  /** Ends the last sample; nothing can be added after. */
  end(endDts: number): void {
    this.#endDuration(endDts);
    this.#endDts = endDts;
  }

  /**
   * The `stbl`, after `end`.
   * @param payloadPositionBytes where in the file the payload begins; asked while writing.
   */
  encode(payloadPositionBytes: () => number): Part {
    const count = this.#sizes.length;
    const areAllKeys = this.#keys.length === count;
    return box(
      'stbl',
      fullBox('stsd', 0, 0, u32(1), sampleEntry(this.track)),
      this.#durations.box('stts', 0),
      // Version 1 has signed offsets, which older players take for large ones: only where there are any.
      ...(this.#offsets.onlyValue === 0 ? [] : [this.#offsets.box('ctts', this.#hasNegativeOffset ? 1 : 0)]),
      // Without one, every sample is a key.
      ...(areAllKeys ? [] : [fullBox('stss', 0, 0, u32(this.#keys.length), list(this.#keys))]),
      ...this.#chunks.encode(payloadPositionBytes),
      fullBox('stsz', 0, 0, u32(0, count), list(this.#sizes)),
    );
  }

  #add({ sizeBytes, isKey, dts, pts }: TableSample): void {
    if (this.#firstDts === undefined) this.#firstDts = dts;
    else this.#endDuration(dts);
    const offset = pts - dts;
    if (!(Math.abs(offset) <= MAX_TICKS && sizeBytes <= 0xffffffff)) {
      throw this.#unrepresentable(`a packet of ${sizeBytes} bytes shown ${offset} ticks after decoding`);
    }
    this.#sizes.push(sizeBytes);
    if (isKey) this.#keys.push(this.#sizes.length);
    this.#offsets.push(offset);
    if (offset < 0) this.#hasNegativeOffset = true;
    this.#lastDts = dts;
  }

  #endDuration(endDts: number): void {
    const durationTicks = endDts - this.#lastDts;
    if (!(durationTicks > 0 && durationTicks <= MAX_TICKS)) {
      throw this.#unrepresentable(`a packet lasting ${durationTicks} ticks`);
    }
    this.#durations.push(durationTicks);
  }

  #unrepresentable(what: string): Mp4Error {
    return new Mp4Error('unrepresentable', `cannot write ${what} (track ${this.track.index})`);
  }
}

function list(entries: U32List): Part {
  return { sizeBytes: 4 * entries.length, write: (out) => entries.write(out) };
}
