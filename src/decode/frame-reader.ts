import type { Frame } from 'node-av/lib';
import type { Orientation } from '../base/orientation.ts';
import { createI420, type I420Picture } from '../media/i420.ts';
import { isSideways, orientPlane } from '../media/orientation.ts';
import { DecodeError } from './error.ts';
import { I420Scaler } from './i420-scaler.ts';
import { narrowLuma, planeSizeBytes, type LumaLayout } from './luma.ts';
import { lumaDepth } from './luma-depth.ts';
import { MAX_DECODED_SIDE_PX } from './native-decoder.ts';
import { PictureCopy } from './picture-copy.ts';

/**
 * An 8-bit luma plane: row-major, `stride` bytes from a row to the next. In memory that the next picture read is
 * written to.
 */
export interface DecodedLuma {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly stride: number;
  readonly data: Uint8Array;
  /** Black is 0 and white 255; otherwise 16 and 235. */
  readonly isFullRange: boolean;
}

/** Reads what a decoder puts out. Holds memory outside the JavaScript heap: dispose of it. */
export class FrameReader implements Disposable {
  readonly #copy = new PictureCopy();
  /** The luma of the last picture of more than 8 bits. */
  #narrowed = new Uint8Array(0);
  /** The luma of the last picture that had to be turned. */
  #turned = new Uint8Array(0);
  #scaler: I420Scaler | undefined;
  /** As it was coded, of a picture that has to be turned. */
  #coded: I420Picture | undefined;

  /** As it is to be shown. @throws DecodeError `unsupported-picture` */
  readLuma(frame: Frame, isFullRange: boolean, orientation?: Orientation): DecodedLuma {
    const coded = this.#readCoded(frame, isFullRange);
    if (orientation === undefined) return coded;
    const { widthPx, heightPx } = coded;
    if (this.#turned.byteLength !== widthPx * heightPx) this.#turned = new Uint8Array(widthPx * heightPx);
    return { ...orientPlane(coded, orientation, this.#turned), isFullRange };
  }

  #readCoded(frame: Frame, isFullRange: boolean): DecodedLuma {
    const { width: widthPx, height: heightPx, format } = frame;
    const bitDepth = lumaDepth(format);
    if (bitDepth === undefined || Math.max(widthPx, heightPx) > MAX_DECODED_SIDE_PX) {
      const found = `${widthPx}x${heightPx}, pixel format ${format}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    const plane = this.#copy.take(frame);
    const layout: LumaLayout = { widthPx, heightPx, stride: this.#copy.stride, bitDepth };
    if (plane.byteLength < planeSizeBytes(layout)) {
      const found = `${plane.byteLength} bytes for ${widthPx}x${heightPx}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    const { stride } = layout;
    if (bitDepth === 8) return { widthPx, heightPx, stride, data: plane, isFullRange };
    if (this.#narrowed.byteLength !== widthPx * heightPx) this.#narrowed = new Uint8Array(widthPx * heightPx);
    narrowLuma(plane, layout, this.#narrowed);
    return { widthPx, heightPx, stride: widthPx, data: this.#narrowed, isFullRange };
  }

  /**
   * Fills `target` with the whole picture in colour as it is to be shown, shrunk or grown to its size.
   * @throws DecodeError `unsupported-picture`
   */
  readI420(frame: Frame, target: I420Picture, orientation?: Orientation): void {
    this.#scaler ??= new I420Scaler();
    if (orientation === undefined) return this.#scaler.scale(frame, target);
    const coded = this.#codedLike(target, orientation);
    this.#scaler.scale(frame, coded);
    turnI420(coded, orientation, target);
  }

  #codedLike({ widthPx, heightPx }: I420Picture, orientation: Orientation): I420Picture {
    const [width, height] = isSideways(orientation) ? [heightPx, widthPx] : [widthPx, heightPx];
    if (this.#coded?.widthPx !== width || this.#coded.heightPx !== height) {
      this.#coded = createI420(width, height);
    }
    return this.#coded;
  }

  [Symbol.dispose](): void {
    this.#copy[Symbol.dispose]();
    this.#scaler?.[Symbol.dispose]();
    this.#scaler = undefined;
  }
}

function turnI420(
  { widthPx, heightPx, y, u, v }: I420Picture,
  orientation: Orientation,
  to: I420Picture,
): void {
  const half = { widthPx: widthPx / 2, heightPx: heightPx / 2, stride: widthPx / 2 };
  orientPlane({ widthPx, heightPx, stride: widthPx, data: y }, orientation, to.y);
  orientPlane({ ...half, data: u }, orientation, to.u);
  orientPlane({ ...half, data: v }, orientation, to.v);
}
