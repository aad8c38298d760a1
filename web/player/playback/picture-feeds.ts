import type { FootageClient } from './footage-client.ts';
import type { FootageMap, FragmentPlace } from './footage-map.ts';
import { KeyFeed } from './key-feed.ts';
import type { KeyPicture } from './key-stream.ts';
import { ReverseFeed, type KeptPicture } from './reverse-feed.ts';
import type { Stills } from './stills.ts';

/** At speeds at which only key pictures are shown: how many a second. */
const KEYS_PER_SECOND = 16;

export interface PictureFeedsOptions {
  readonly client: FootageClient;
  readonly map: FootageMap;
  readonly stills: Stills;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Single pictures for a clock at which a video does not play, fetched ahead of it. The picture of a moment is `waiting` while it is on its
 * way, and undefined where there is none.
 */
export class PictureFeeds {
  readonly #options: PictureFeedsOptions;
  #keys: KeyFeed | undefined;
  #reverse: ReverseFeed | undefined;

  constructor(options: PictureFeedsOptions) {
    this.#options = options;
  }

  /** As many key pictures as can be seen at that speed, in either direction. */
  key(nowMs: number, rate: number): KeyPicture | 'waiting' | undefined {
    const everyMs = Math.round((Math.abs(rate) * 1000) / KEYS_PER_SECOND);
    if (this.#keys?.everyMs !== everyMs || this.#keys.isFarFrom(nowMs)) {
      this.#keys?.stop();
      const { client, onProblem } = this.#options;
      this.#keys = new KeyFeed({ client, atMs: nowMs, everyMs, isForward: rate > 0, onProblem });
    }
    return this.#keys.at(nowMs);
  }

  /** All pictures of a fragment, backward. They stay the feed's. */
  backward(place: FragmentPlace, nowMs: number): KeptPicture | 'waiting' | undefined {
    const { stills, map, onProblem } = this.#options;
    this.#reverse ??= new ReverseFeed(stills, map, onProblem);
    return this.#reverse.at(place, nowMs);
  }

  end(): void {
    this.#keys?.stop();
    this.#keys = undefined;
    this.#reverse?.stop();
    this.#reverse = undefined;
  }
}
