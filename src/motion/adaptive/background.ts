import type { BitMask } from '../bit-mask.ts';
import type { LumaPicture } from '../detector.ts';
import type { ScaledSize } from '../scale-area.ts';

export interface BackgroundOptions {
  /** Size of the pictures, and size at which they are analysed. */
  readonly source: ScaledSize;
  readonly analysed: ScaledSize;
  /** The pixels to look at; undefined for all. */
  readonly watched: BitMask | undefined;
}

/** The background of a scene and what stands out from it. May hold memory outside the JavaScript heap. */
export interface Background extends Disposable {
  /** The picture becomes the one that all else is about, expanded and shrunk. */
  take(picture: LumaPicture): void;
  /** Takes the picture for the background and forgets what was before. */
  begin(): void;
  /**
   * How often a watched pixel of a grid is so much brighter than its first mode: by `i - NO_OFFSET` at index `i`. Valid
   * until the next call.
   */
  offsets(): Int32Array;
  /** Makes all modes brighter by `offset`, clamped to 0..255. */
  brighten(offset: number): void;
  /**
   * Finds the foreground of the picture and learns from it.
   * @param isHasty new modes become background as fast as where a pixel blinks.
   * @param isForgetting modes that are not seen lose weight.
   * @returns the number of foreground pixels, masked ones left out.
   */
  learn(isHasty: boolean, isForgetting: boolean): number;
  /** The foreground that `learn` found. */
  foreground(): BitMask;
  /** The same without specks of under 3x3 pixels, grown by `GROWTH` so that parts of a thing join. */
  joinedForeground(): BitMask;
}
