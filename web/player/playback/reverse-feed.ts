import type { FootageMap, FragmentPlace } from './footage-map.ts';
import type { Stills } from './stills.ts';

/** Of a picture that is kept for playing backward: larger ones are made smaller, which nobody sees while they move. */
const MAX_WIDTH_PX = 1280;
/** Two fragments are kept. */
const MAX_BYTES = 64 * 2 ** 20;

export interface KeptPicture {
  readonly atMs: number;
  readonly picture: ImageBitmap;
}

interface KeptFragment {
  readonly place: FragmentPlace;
  /** In the order of time; undefined while it is being decoded. */
  pictures: readonly KeptPicture[] | undefined;
}

/**
 * All pictures, backward: each fragment is decoded whole before it is shown, and the one before it meanwhile. Pictures are
 * copied, since decoders own few frames.
 */
export class ReverseFeed {
  readonly #stills: Stills;
  readonly #map: FootageMap;
  readonly #onProblem: (error: unknown) => void;
  readonly #abort = new AbortController();
  #kept: readonly KeptFragment[] = [];

  constructor(stills: Stills, map: FootageMap, onProblem: (error: unknown) => void) {
    this.#stills = stills;
    this.#map = map;
    this.#onProblem = onProblem;
  }

  /** The picture of a moment of a fragment; `waiting` while it is on its way. It stays the feed's. */
  at(place: FragmentPlace, wallMs: number): KeptPicture | 'waiting' | undefined {
    const before = this.#map.before(place);
    this.#keep([place, ...(before === undefined ? [] : [before])]);
    const pictures = this.#find(place)?.pictures;
    if (pictures === undefined) return 'waiting';
    return pictures.findLast(({ atMs }) => Math.floor(atMs) <= wallMs) ?? pictures[0];
  }

  stop(): void {
    this.#abort.abort();
    this.#keep([]);
  }

  #find(place: FragmentPlace): KeptFragment | undefined {
    return this.#kept.find(
      (one) => one.place.segment.id === place.segment.id && one.place.index === place.index,
    );
  }

  #keep(places: readonly FragmentPlace[]): void {
    const kept = places.map((place) => this.#find(place) ?? this.#begin(place));
    for (const old of this.#kept) if (!kept.includes(old)) close(old);
    this.#kept = kept;
  }

  #begin(place: FragmentPlace): KeptFragment {
    const fragment: KeptFragment = { place, pictures: undefined };
    void this.#decode(fragment).catch((error: unknown) => {
      if (!this.#abort.signal.aborted) this.#onProblem(error);
    });
    return fragment;
  }

  async #decode(fragment: KeptFragment): Promise<void> {
    const { widthPx, heightPx } = fragment.place.segment;
    const scale = Math.min(1, MAX_WIDTH_PX / Math.max(1, widthPx));
    const size = { resizeWidth: Math.round(widthPx * scale), resizeHeight: Math.round(heightPx * scale) };
    const most = Math.floor(MAX_BYTES / 2 / Math.max(1, size.resizeWidth * size.resizeHeight * 4));
    const decoded = await this.#stills.all(fragment.place, most, this.#abort.signal);
    const copies = decoded.map(async ({ atMs, frame }) => {
      const picture = await createImageBitmap(frame, scale < 1 ? size : {});
      frame.close();
      return { atMs, picture };
    });
    fragment.pictures = (await Promise.all(copies)).toSorted((a, b) => a.atMs - b.atMs);
    if (!this.#kept.includes(fragment)) close(fragment);
  }
}

function close({ pictures }: KeptFragment): void {
  for (const { picture } of pictures ?? []) picture.close();
}
