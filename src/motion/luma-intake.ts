import type { LumaPicture, LumaPlane } from './detector.ts';
import { expandLuma } from './expand-luma.ts';
import { AreaScaler, type ScaledSize } from './scale-area.ts';

/** Makes pictures of one size what a detector analyses: luma of 0..255, shrunk. */
export class LumaIntake {
  readonly #scaler: AreaScaler | undefined;
  readonly #expanded: LumaPlane;

  constructor(source: ScaledSize, analysed: ScaledSize) {
    const { widthPx, heightPx } = source;
    this.#scaler = analysed.widthPx < widthPx ? new AreaScaler(source, analysed) : undefined;
    this.#expanded = { widthPx, heightPx, stride: widthPx, data: new Uint8Array(widthPx * heightPx) };
  }

  /** Writes rows of the analysed width without padding. */
  take(picture: LumaPicture, target: Uint8Array): void {
    if (!picture.isFullRange) expandLuma(picture, this.#expanded.data);
    const full = picture.isFullRange ? picture : this.#expanded;
    if (this.#scaler === undefined) copyRows(full, target);
    else this.#scaler.scale(full, target);
  }
}

function copyRows({ widthPx, heightPx, stride, data }: LumaPlane, target: Uint8Array): void {
  for (let y = 0; y < heightPx; y++) {
    target.set(data.subarray(y * stride, y * stride + widthPx), y * widthPx);
  }
}
