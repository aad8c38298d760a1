import type { BitMask } from './bit-mask.ts';
import type { GaussianBlur } from './blur.ts';
import type { LumaPlane } from './detector.ts';

/** A picture that is blurred only where someone looks, 32 pixels of a row at a time, and nowhere twice. */
export class LazyBlur {
  /** The picture, rows of its width without padding. Call `renew` after changing it. */
  readonly picture: LumaPlane;
  /** The blurred picture, valid where `blurWhere` has been asked for it. */
  readonly blurred: Uint8Array;
  readonly #blur: GaussianBlur;
  /** 1 for every word of a `BitMask` of the picture whose pixels are blurred. */
  readonly #isBlurred: Uint8Array;

  constructor(mask: BitMask, blur: GaussianBlur) {
    const { widthPx, heightPx } = mask;
    const data = new Uint8Array(widthPx * heightPx);
    this.picture = { widthPx, heightPx, stride: widthPx, data };
    this.blurred = new Uint8Array(widthPx * heightPx);
    this.#blur = blur;
    this.#isBlurred = new Uint8Array(mask.words.length);
  }

  renew(): void {
    this.#isBlurred.fill(0);
  }

  /** Blurs the pixels of all words of `mask` that mark something. */
  blurWhere({ words, wordsPerRow, widthPx, heightPx }: BitMask): void {
    const isWanted = (word: number) => words[word] !== 0 && this.#isBlurred[word] === 0;
    for (let y = 0; y < heightPx; y++) {
      const rowStart = y * wordsPerRow;
      const rowEnd = rowStart + wordsPerRow;
      for (let from = rowStart; from < rowEnd; from++) {
        if (!isWanted(from)) continue;
        let to = from;
        for (; to < rowEnd && isWanted(to); to++) this.#isBlurred[to] = 1;
        const right = Math.min(widthPx, 32 * (to - rowStart));
        this.#blur.blurSpan(this.picture, this.blurred, y, 32 * (from - rowStart), right);
        from = to;
      }
    }
  }
}
