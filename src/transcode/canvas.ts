import type { AVPixelFormat } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';
import type { Planes } from './label.ts';

/** What decoded pictures are brought to. */
export interface CanvasFormat {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelFormat: AVPixelFormat;
}

/**
 * A picture's memory that decoded frames are brought to in the size and pixel format of the encoder, range and colours
 * as they were, to be drawn upon. It is used again and again, unless the encoder holds on to it. Owns memory outside
 * the JavaScript heap: dispose of it.
 */
export class Canvas implements Disposable {
  readonly #format: CanvasFormat;
  readonly #scaler = new SoftwareScaleContext();
  #picture: Frame | undefined;
  #planes: Planes | undefined;
  /** Refers to the picture, and tells what the frame told. */
  readonly #shown = new Frame();

  constructor(format: CanvasFormat) {
    this.#format = format;
    this.#scaler.allocContext();
    EncodeError.check('choosing a scaler', this.#scaler.setOption('sws_flags', 'bicubic'));
    this.#shown.alloc();
  }

  /**
   * Brings the frame's picture to the format, and lets `paint` draw upon it.
   * @returns a frame with the times of the one given, and with all that the camera said beside it. Valid until the next
   *   call.
   * @throws EncodeError
   */
  draw(frame: Frame, paint: (planes: Planes) => void): Frame {
    const shown = this.#shown;
    shown.unref();
    const { picture, planes } = this.#writable();
    // The scaler keeps range and colours where both sides name the same.
    picture.colorRange = frame.colorRange;
    picture.colorSpace = frame.colorSpace;
    const { width, height, format } = picture;
    const isAlike = frame.width === width && frame.height === height && frame.format === format;
    const result = isAlike ? picture.copy(frame) : this.#scaler.scaleFrameSync(picture, frame);
    EncodeError.check(`bringing a picture to ${width}x${height}`, result);
    paint(planes);
    EncodeError.check('showing a picture', shown.ref(picture));
    EncodeError.check('describing a picture', shown.copyProps(frame));
    return shown;
  }

  [Symbol.dispose](): void {
    this.#shown.free();
    this.#picture?.free();
    this.#picture = undefined;
    this.#scaler.freeContext();
  }

  #writable(): { readonly picture: Frame; readonly planes: Planes } {
    if (this.#picture?.isWritable === true && this.#planes !== undefined) {
      return { picture: this.#picture, planes: this.#planes };
    }
    this.#picture?.free();
    const { widthPx, heightPx, pixelFormat } = this.#format;
    const picture = new Frame();
    this.#picture = picture;
    picture.alloc();
    picture.format = pixelFormat;
    picture.width = widthPx;
    picture.height = heightPx;
    EncodeError.check('allocating a picture', picture.allocBuffer());
    // Asked for once: each answer is more work for the garbage collector.
    this.#planes = { widthPx, heightPx, data: picture.data ?? [], strides: picture.linesize };
    return { picture, planes: this.#planes };
  }
}
