import type { WallMs } from '../base/time.ts';
import type { TimeZone } from '../config/folder-template.ts';
import { dotSizePx, textPanel } from '../media/burnt-text.ts';
import type { I420Picture } from '../media/i420.ts';

/** Dots from the picture's edge to the label. */
const MARGIN = 3;
const NEUTRAL_CHROMA = 128;

/** A picture's memory: luma, then chroma in one plane of pairs (NV12) or in two planes. Sizes are even. */
export interface Planes {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: readonly Uint8Array[];
  /** Bytes from a row to the next, of each plane. */
  readonly strides: readonly number[];
}

/** The text of a label: the camera's name and the second, such as `YARD 2026-11-28 13:05:07`. */
export function labelText(camera: string, wall: WallMs, timeZone: TimeZone): string {
  const offsetMs = timeZone === 'utc' ? 0 : new Date(wall).getTimezoneOffset() * 60_000;
  const [day = '', time = ''] = new Date(wall - offsetMs).toISOString().split('T');
  return `${camera.toUpperCase()} ${day} ${time.slice(0, 8)}`;
}

/** Lays a text over the lower left corner of pictures; drawn anew only when it changes. */
export class Label {
  #text = '';
  #dotPx = 0;
  #panel: I420Picture | undefined;

  burn(text: string, planes: Planes): void {
    const dotPx = dotSizePx(planes.heightPx);
    if (this.#panel === undefined || text !== this.#text || dotPx !== this.#dotPx) {
      this.#panel = textPanel(text, dotPx);
      this.#text = text;
      this.#dotPx = dotPx;
    }
    lay(this.#panel, planes, MARGIN * dotPx);
  }
}

/** What does not fit into the picture is cut off at its right and its top. */
function lay(panel: I420Picture, { widthPx, heightPx, data, strides }: Planes, marginPx: number): void {
  const left = marginPx - (marginPx % 2);
  const top = Math.max(0, heightPx - panel.heightPx - left);
  const width = Math.min(panel.widthPx, widthPx - left);
  const height = Math.min(panel.heightPx, heightPx - top);
  const [luma, ...chroma] = data;
  const [lumaStride = 0, ...chromaStrides] = strides;
  for (let row = 0; row < height; row++) {
    const from = row * panel.widthPx;
    luma?.set(panel.y.subarray(from, from + width), (top + row) * lumaStride + left);
  }
  const bytesAPair = chroma.length === 1 ? 2 : 1;
  for (const [index, plane] of chroma.entries()) {
    for (let row = top / 2; row < (top + height) / 2; row++) {
      const from = row * (chromaStrides[index] ?? 0) + (left / 2) * bytesAPair;
      plane.fill(NEUTRAL_CHROMA, from, from + (width / 2) * bytesAPair);
    }
  }
}
