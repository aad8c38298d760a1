import type { Colour, I420Picture } from '../media/i420.ts';
import type { Extent, Shape } from './shape.ts';

/** The height of every painting in its own units; the width follows from the picture's aspect. */
export const PAINTING_HEIGHT = 1000;

export interface Brush {
  /** Share of the colour that covers what is below, 0..1; default 1. */
  readonly opacity?: number;
  /** Width of the fading edge in units; default one pixel, which is plain antialiasing. */
  readonly softness?: number;
  /** Added to the luma at a point: the texture. */
  readonly shade?: (x: number, y: number) => number;
}

/** Paints antialiased shapes on a picture, in units that do not depend on the picture's size. */
export class Painter {
  readonly #picture: I420Picture;
  readonly #unitsPerPixel: number;
  /** Width of the painting in units. */
  readonly width: number;

  constructor(picture: I420Picture) {
    this.#picture = picture;
    this.#unitsPerPixel = PAINTING_HEIGHT / picture.heightPx;
    this.width = picture.widthPx * this.#unitsPerPixel;
  }

  fill(shape: Shape, colour: Colour, brush: Brush = {}): void {
    this.#fillLuma(shape, colour.y, brush);
    this.#fillChroma(shape, colour, brush);
  }

  #fillLuma(shape: Shape, luma: number, brush: Brush): void {
    const { widthPx, heightPx, y: plane } = this.#picture;
    const unit = this.#unitsPerPixel;
    const softness = brush.softness ?? unit;
    const opacity = brush.opacity ?? 1;
    const shade = brush.shade;
    const area = cellsOf(shape, softness, unit, widthPx, heightPx);
    for (let row = area.top; row <= area.bottom; row++) {
      const y = (row + 0.5) * unit;
      for (let column = area.left; column <= area.right; column++) {
        const x = (column + 0.5) * unit;
        const cover = 0.5 - shape.distance(x, y) / softness;
        if (cover <= 0) continue;
        const at = row * widthPx + column;
        const below = plane[at] ?? 0;
        const wanted = shade === undefined ? luma : luma + shade(x, y);
        plane[at] = below + (wanted - below) * opacity * Math.min(1, cover) + 0.5;
      }
    }
  }

  #fillChroma(shape: Shape, colour: Colour, brush: Brush): void {
    const { widthPx, heightPx, u, v } = this.#picture;
    const unit = this.#unitsPerPixel * 2;
    const softness = brush.softness ?? this.#unitsPerPixel;
    const opacity = brush.opacity ?? 1;
    const area = cellsOf(shape, softness, unit, widthPx / 2, heightPx / 2);
    for (let row = area.top; row <= area.bottom; row++) {
      const y = (row + 0.5) * unit;
      for (let column = area.left; column <= area.right; column++) {
        const cover = 0.5 - shape.distance((column + 0.5) * unit, y) / softness;
        if (cover <= 0) continue;
        const at = (row * widthPx) / 2 + column;
        const share = opacity * Math.min(1, cover);
        u[at] = (u[at] ?? 0) * (1 - share) + colour.u * share + 0.5;
        v[at] = (v[at] ?? 0) * (1 - share) + colour.v * share + 0.5;
      }
    }
  }
}

/** The cells of a plane whose centres a shape with its fading edge may cover; bounds are inclusive. */
function cellsOf(shape: Shape, softness: number, unit: number, columns: number, rows: number): Extent {
  const { left, top, right, bottom } = shape.extent;
  const reach = softness / 2;
  return {
    left: Math.max(0, Math.ceil((left - reach) / unit - 0.5)),
    top: Math.max(0, Math.ceil((top - reach) / unit - 0.5)),
    right: Math.min(columns - 1, Math.floor((right + reach) / unit - 0.5)),
    bottom: Math.min(rows - 1, Math.floor((bottom + reach) / unit - 0.5)),
  };
}
