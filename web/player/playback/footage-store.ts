import type { FootageSegmentJson } from '../../../src/http/api/footage.ts';
import type { FootageClient } from './footage-client.ts';
import type { FragmentPlace } from './footage-map.ts';
import { readInitSegment, type InitSegment } from './mp4.ts';

/** What has been fetched is kept up to that much, the latest used: half a minute of a large camera. */
const MAX_BYTES = 24 * 2 ** 20;
const MAX_INITS = 32;

/** The bytes of fragments and what they follow, kept for a while, since stepping and playing ask for the same ones. */
export class FootageStore {
  readonly #client: FootageClient;
  readonly #inits = new Map<string, InitSegment>();
  readonly #fragments = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(client: FootageClient) {
    this.#client = client;
  }

  /** @throws FootageError; the signal's reason. */
  async init({ id }: FootageSegmentJson, signal: AbortSignal): Promise<InitSegment> {
    const known = this.#inits.get(id);
    if (known !== undefined) return known;
    return this.keepInit(id, await this.#client.init(id, signal));
  }

  /** For a segment whose init has come in another way. */
  keepInit(id: string, bytes: Uint8Array): InitSegment {
    const init = readInitSegment(bytes);
    this.#inits.set(id, init);
    for (const old of this.#inits.keys()) if (this.#inits.size > MAX_INITS) this.#inits.delete(old);
    return init;
  }

  /** Whether their bytes are here. */
  holds(places: readonly FragmentPlace[]): boolean {
    return places.every((place) => this.#fragments.has(keyOf(place)));
  }

  /**
   * @param places of one segment, each following the one before.
   * @returns their bytes, one behind the other.
   * @throws FootageError; the signal's reason.
   */
  async fragments(places: readonly FragmentPlace[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const missing = places.filter((place) => !this.#fragments.has(keyOf(place)));
    const [first, last] = [missing[0], missing.at(-1)];
    if (first !== undefined && last !== undefined) {
      const wanted = places.slice(places.indexOf(first), places.indexOf(last) + 1);
      const bytes = await this.#client.fragments(first.segment.id, first.index, last.index, signal);
      let at = 0;
      for (const place of wanted) {
        this.#keep(keyOf(place), bytes.subarray(at, at + place.sizeBytes));
        at += place.sizeBytes;
      }
    }
    const found = places.map((place) => this.#use(keyOf(place)));
    this.#shrink();
    return found;
  }

  #keep(key: string, bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength - (this.#fragments.get(key)?.byteLength ?? 0);
    this.#fragments.set(key, bytes);
  }

  #use(key: string): Uint8Array {
    const bytes = this.#fragments.get(key) ?? new Uint8Array(0);
    this.#fragments.delete(key);
    this.#fragments.set(key, bytes);
    return bytes;
  }

  #shrink(): void {
    for (const [key, bytes] of this.#fragments) {
      if (this.#bytes <= MAX_BYTES) return;
      this.#fragments.delete(key);
      this.#bytes -= bytes.byteLength;
    }
  }
}

function keyOf({ segment, index }: FragmentPlace): string {
  return `${segment.id}/${index}`;
}
