import type { AVHWDeviceType, AVPixelFormat } from 'node-av/constants';
import { Frame, HardwareDeviceContext, HardwareFramesContext, type CodecContext } from 'node-av/lib';
import { EncodeError } from '../decode/encode-error.ts';

export interface UploaderOptions {
  readonly device: AVHWDeviceType;
  /** Of frames in the device's memory. */
  readonly pixelFormat: AVPixelFormat;
  /** Of the frames that are put there. */
  readonly softwareFormat: AVPixelFormat;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Enough for an encoder that holds a picture or two. */
const POOLED_FRAMES = 8;

/** Puts frames into a device's memory, where its encoder finds them. Owns memory there: dispose of it. */
export class FrameUploader implements Disposable {
  readonly #device = new HardwareDeviceContext();
  readonly #frames = new HardwareFramesContext();
  readonly #uploaded = new Frame();

  /** @throws EncodeError where there is no such device. */
  constructor({ device, pixelFormat, softwareFormat, widthPx, heightPx }: UploaderOptions) {
    try {
      EncodeError.check('opening the device', this.#device.create(device, null, null));
      this.#frames.alloc(this.#device);
      this.#frames.format = pixelFormat;
      this.#frames.swFormat = softwareFormat;
      this.#frames.width = widthPx;
      this.#frames.height = heightPx;
      this.#frames.initialPoolSize = POOLED_FRAMES;
      EncodeError.check('taking memory of the device', this.#frames.init());
      this.#uploaded.alloc();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  configure(context: CodecContext): void {
    context.hwFramesCtx = this.#frames;
  }

  /**
   * @returns a frame that is valid until the next call.
   * @throws EncodeError
   */
  upload(frame: Frame): Frame {
    const uploaded = this.#uploaded;
    uploaded.unref();
    EncodeError.check('taking a picture of the device', this.#frames.getBuffer(uploaded, 0));
    EncodeError.check('handing a picture to the device', this.#frames.transferDataSync(uploaded, frame, 0));
    EncodeError.check('timing a picture', uploaded.copyProps(frame));
    return uploaded;
  }

  [Symbol.dispose](): void {
    this.#uploaded.free();
    this.#frames.free();
    this.#device.free();
  }
}
