import { fullBox, u32, type Part } from '../fmp4/box.ts';
import { U32List } from './u32-list.ts';

/** Where the samples of a track lie: `stsc` and `co64` (ISO 14496-12 8.7.4 and 8.7.5). */
export class ChunkTable {
  /** Upper and lower half of each offset. */
  readonly #offsets = new U32List();
  /** First chunk, samples a chunk. */
  readonly #runs = new U32List();
  #samplesPerChunk = 0;

  /** @param offsetBytes where it begins in the payload. */
  add(offsetBytes: number, samples: number): void {
    this.#offsets.push(Math.floor(offsetBytes / 2 ** 32));
    this.#offsets.push(offsetBytes % 2 ** 32);
    if (samples === this.#samplesPerChunk) return;
    this.#samplesPerChunk = samples;
    this.#runs.push(this.#offsets.length / 2);
    this.#runs.push(samples);
  }

  /** @param payloadPositionBytes where in the file the payload begins; asked while writing. */
  encode(payloadPositionBytes: () => number): readonly Part[] {
    const runs = this.#runs;
    const offsets = this.#offsets;
    return [
      fullBox('stsc', 0, 0, u32(runs.length / 2), {
        sizeBytes: 6 * runs.length,
        write(out) {
          pairs(runs, (firstChunk, samples) => {
            out.u32(firstChunk);
            out.u32(samples);
            // The sample description: there is one.
            out.u32(1);
          });
        },
      }),
      fullBox('co64', 0, 0, u32(offsets.length / 2), {
        sizeBytes: 4 * offsets.length,
        write(out) {
          const position = payloadPositionBytes();
          pairs(offsets, (upper, lower) => out.u64(position + upper * 2 ** 32 + lower));
        },
      }),
    ];
  }
}

function pairs(list: U32List, visit: (first: number, second: number) => void): void {
  let first: number | undefined;
  list.forEach((value) => {
    if (first === undefined) {
      first = value;
      return;
    }
    visit(first, value);
    first = undefined;
  });
}
