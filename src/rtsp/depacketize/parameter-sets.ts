import { BitstreamError } from '../../media/bit-reader.ts';
import { bytesEqual } from '../../media/nal.ts';

/** An SPS takes some 30 bytes, with scaling lists some hundred. */
const MAX_SET_BYTES = 4096;
const MAX_SETS = 64;

/** A parameter set with what was read of it. */
export interface StoredSet<Header> {
  readonly nal: Uint8Array;
  readonly header: Header;
}

/** Parameter sets of one kind (VPS, SPS or PPS) by their ids, as far as a camera has sent them; bounded. */
export class ParameterSetTable<Header extends { readonly id: number }> {
  readonly #parse: (nal: Uint8Array) => Header;
  readonly #byId = new Map<number, StoredSet<Header>>();

  /** @param parse reads a NAL unit or throws `BitstreamError`. */
  constructor(parse: (nal: Uint8Array) => Header) {
    this.#parse = parse;
  }

  /**
   * Copies a parameter set unless it is there already.
   * @returns whether it was new or different.
   * @throws BitstreamError, with the table as it was.
   */
  offer(nal: Uint8Array): boolean {
    // Nearly always a repetition of one of very few, so compare before parsing.
    for (const stored of this.#byId.values()) if (bytesEqual(stored.nal, nal)) return false;
    if (nal.length > MAX_SET_BYTES) throw new BitstreamError(`reading a parameter set: ${nal.length} bytes`);
    const copy = Uint8Array.from(nal);
    const header = this.#parse(copy);
    if (this.#byId.size >= MAX_SETS && !this.#byId.has(header.id)) {
      throw new BitstreamError(`reading a parameter set: more than ${MAX_SETS}`);
    }
    this.#byId.set(header.id, { nal: copy, header });
    return true;
  }

  get(id: number): StoredSet<Header> | undefined {
    return this.#byId.get(id);
  }

  /** All sets, by ascending id. */
  sorted(): StoredSet<Header>[] {
    return [...this.#byId.values()].toSorted((a, b) => a.header.id - b.header.id);
  }
}

/** Whether a track's NAL units are the very ones of these stored sets. */
export function sameSets(nals: readonly Uint8Array[], sets: readonly StoredSet<unknown>[]): boolean {
  return nals.length === sets.length && nals.every((nal, at) => nal === sets[at]?.nal);
}
