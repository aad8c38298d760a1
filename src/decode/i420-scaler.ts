import { AVCOL_RANGE_MPEG, AVCOL_SPC_BT709, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { FFmpegError, Frame, SoftwareScaleContext } from 'node-av/lib';
import type { I420Picture } from '../media/i420.ts';
import { DecodeError } from './error.ts';

/**
 * Turns frames of any pixel format, size, range and colour matrix into I420 pictures of the size asked for. Owns memory
 * outside the JavaScript heap: dispose of it.
 */
export class I420Scaler implements Disposable {
  readonly #context = new SoftwareScaleContext();
  #scaled: Frame | undefined;

  constructor() {
    this.#context.allocContext();
    FFmpegError.throwIfError(this.#context.setOption('sws_flags', 'area'), 'sws_flags');
  }

  /** @throws DecodeError `unsupported-picture` */
  scale(frame: Frame, picture: I420Picture): void {
    const scaled = this.#scaledFrame(picture);
    const result = this.#context.scaleFrameSync(scaled, frame);
    if (result < 0) {
      const found = `${frame.width}x${frame.height}, pixel format ${frame.format}`;
      const message = `Cannot scale a picture: ${FFmpegError.strerror(result)}, found ${found}`;
      throw new DecodeError('unsupported-picture', message);
    }
    const { widthPx, heightPx } = picture;
    copyPlane(scaled, 0, widthPx, heightPx, picture.y);
    copyPlane(scaled, 1, widthPx / 2, heightPx / 2, picture.u);
    copyPlane(scaled, 2, widthPx / 2, heightPx / 2, picture.v);
  }

  [Symbol.dispose](): void {
    this.#scaled?.free();
    this.#context.freeContext();
  }

  #scaledFrame({ widthPx, heightPx }: I420Picture): Frame {
    if (this.#scaled?.width === widthPx && this.#scaled.height === heightPx) return this.#scaled;
    this.#scaled?.free();
    const scaled = new Frame();
    this.#scaled = scaled;
    scaled.alloc();
    scaled.format = AV_PIX_FMT_YUV420P;
    scaled.width = widthPx;
    scaled.height = heightPx;
    FFmpegError.throwIfError(scaled.allocBuffer(), 'av_frame_get_buffer');
    scaled.colorRange = AVCOL_RANGE_MPEG;
    scaled.colorSpace = AVCOL_SPC_BT709;
    return scaled;
  }
}

function copyPlane(frame: Frame, plane: number, widthPx: number, heightPx: number, to: Uint8Array): void {
  const from = frame.data?.[plane];
  const stride = frame.linesize[plane];
  if (from === undefined || stride === undefined) {
    throw new DecodeError(
      'unsupported-picture',
      `Cannot read plane ${plane} of a scaled picture: found none`,
    );
  }
  for (let row = 0; row < heightPx; row++) {
    to.set(from.subarray(row * stride, row * stride + widthPx), row * widthPx);
  }
}
