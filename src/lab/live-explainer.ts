import type { DecodedPicture } from '../decode/decoder.ts';
import type { I420Picture } from '../media/i420.ts';
import { FourPictures } from './four-pictures.ts';
import { JpegEncoder } from './jpeg.ts';
import type { Moment } from './lane.ts';

/** Draws the four pictures of a camera under analysis as JPEG files. Dispose of it. */
export class LiveExplainer implements Disposable {
  #drawing: { readonly widthPx: number; readonly heightPx: number; readonly four: FourPictures } | undefined;
  #encoder: JpegEncoder | undefined;

  /** @throws EncodeError; DecodeError for a picture that cannot be drawn. */
  explain(picture: DecodedPicture, moment: Moment): Uint8Array {
    return this.#encode(this.#fourPictures(moment).draw(picture, moment));
  }

  [Symbol.dispose](): void {
    this.#encoder?.[Symbol.dispose]();
    this.#encoder = undefined;
  }

  #fourPictures({ sample: { analysedWidthPx: widthPx, analysedHeightPx: heightPx } }: Moment): FourPictures {
    if (this.#drawing?.widthPx !== widthPx || this.#drawing.heightPx !== heightPx) {
      this[Symbol.dispose]();
      this.#drawing = { widthPx, heightPx, four: new FourPictures({ widthPx, heightPx }) };
    }
    return this.#drawing.four;
  }

  #encode(drawn: I420Picture): Uint8Array {
    this.#encoder ??= new JpegEncoder(drawn.widthPx, drawn.heightPx);
    return this.#encoder.encode(drawn);
  }
}
