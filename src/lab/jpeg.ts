import { AV_LOG_QUIET, FF_ENCODER_MJPEG } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { PictureEncoder } from '../decode/picture-encoder.ts';
import { createI420, type I420Picture } from '../media/i420.ts';
import { expandLuma } from '../motion/expand-luma.ts';

/** FFmpeg's scale of quality, 2 (best)..31, in units of its `FF_QP2LAMBDA`. */
const QUALITY = 4 * 118;

/** Colour differences from 16..240 to the 0..255 of JPEG. */
const FULL_CHROMA = Uint8ClampedArray.from({ length: 256 }, (_, value) => 128 + ((value - 128) * 255) / 224);

/** Encodes pictures of one size as JPEG files. Owns memory outside the JavaScript heap: dispose of it. */
export class JpegEncoder implements Disposable {
  readonly #full: I420Picture;
  readonly #encoder: PictureEncoder;
  #file = new Uint8Array(0);
  #pictures = 0;

  /** @throws EncodeError */
  constructor(widthPx: number, heightPx: number) {
    Log.setLevel(AV_LOG_QUIET);
    this.#full = createI420(widthPx, heightPx);
    this.#encoder = new PictureEncoder({
      name: FF_ENCODER_MJPEG,
      widthPx,
      heightPx,
      clockRateHz: 1,
      isFullRange: true,
      settings: [
        ['flags', '+qscale'],
        ['global_quality', String(QUALITY)],
      ],
      configure(context) {
        context.threadCount = 1;
      },
      onPacket: ({ data }) => {
        this.#file = new Uint8Array(data ?? []);
      },
    });
  }

  /** @throws EncodeError */
  encode(picture: I420Picture): Uint8Array {
    const { widthPx, heightPx, y, u, v } = picture;
    expandLuma({ widthPx, heightPx, stride: widthPx, data: y }, this.#full.y);
    for (let i = 0; i < u.length; i++) {
      this.#full.u[i] = FULL_CHROMA[u[i] ?? 0] ?? 0;
      this.#full.v[i] = FULL_CHROMA[v[i] ?? 0] ?? 0;
    }
    this.#encoder.encode(this.#full, this.#pictures++);
    return this.#file;
  }

  [Symbol.dispose](): void {
    this.#encoder[Symbol.dispose]();
  }
}
