import type { Frame } from 'node-av/lib';
import type { I420Picture } from '../media/i420.ts';
import { DecodeError } from './error.ts';
import { I420Scaler } from './i420-scaler.ts';
import { narrowLuma, planeSizeBytes, type LumaLayout } from './luma.ts';
import { lumaDepth } from './luma-depth.ts';
import { MAX_DECODED_SIDE_PX } from './native-decoder.ts';

/**
 * An 8-bit luma plane: row-major, `stride` bytes from a row to the next. As a rule it is the decoder's own memory, which
 * nothing protects: valid only while the picture is.
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
  /** The luma of the last picture of more than 8 bits. */
  #narrowed = new Uint8Array(0);
  #scaler: I420Scaler | undefined;

  /** @throws DecodeError `unsupported-picture` */
  layoutOf(frame: Frame): LumaLayout {
    const { width: widthPx, height: heightPx } = frame;
    const stride = frame.linesize[0] ?? 0;
    const bitDepth = lumaDepth(frame.format);
    if (bitDepth === undefined || stride <= 0 || Math.max(widthPx, heightPx) > MAX_DECODED_SIDE_PX) {
      const found = `${widthPx}x${heightPx}, pixel format ${frame.format}, stride ${stride}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    return { widthPx, heightPx, stride, bitDepth };
  }

  /** @throws DecodeError `unsupported-picture` */
  readLuma(frame: Frame, layout: LumaLayout, isFullRange: boolean): DecodedLuma {
    const plane = frame.data?.[0];
    const { widthPx, heightPx, stride } = layout;
    if (plane === undefined || plane.byteLength < planeSizeBytes(layout)) {
      const found = `${plane?.byteLength} bytes for ${widthPx}x${heightPx}`;
      throw new DecodeError('unsupported-picture', `Cannot read a picture's luma: found ${found}`);
    }
    if (layout.bitDepth === 8) return { widthPx, heightPx, stride, data: plane, isFullRange };
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
    this.#scaler?.[Symbol.dispose]();
    this.#scaler = undefined;
  }
}
