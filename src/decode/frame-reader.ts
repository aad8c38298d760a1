import type { Frame } from 'node-av/lib';
import type { I420Picture } from '../media/i420.ts';
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
  #scaler: I420Scaler | undefined;

  /** @throws DecodeError `unsupported-picture` */
  readLuma(frame: Frame, isFullRange: boolean): DecodedLuma {
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
   * Fills `target` with the whole picture in colour, shrunk or grown to its size.
   * @throws DecodeError `unsupported-picture`
   */
  readI420(frame: Frame, target: I420Picture): void {
    this.#scaler ??= new I420Scaler();
    this.#scaler.scale(frame, target);
  }

  [Symbol.dispose](): void {
    this.#copy[Symbol.dispose]();
    this.#scaler?.[Symbol.dispose]();
    this.#scaler = undefined;
  }
}
