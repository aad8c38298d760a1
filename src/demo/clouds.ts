import { createI420, rgb, type I420Picture } from '../media/i420.ts';
import { Painter, PAINTING_HEIGHT } from './painter.ts';
import { ellipse } from './shape.ts';

const CLOUDS = [
  { start: 0.55, y: 95, size: 1 },
  { start: 0.98, y: 170, size: 0.7 },
] as const;
/** Half the width and height of the largest cloud in units, soft edges included. */
const REACH_X = 190;
const REACH_Y = 70;
const WHITE = rgb(0xfdf6ea);
/** One crossing of the sky, slow and soft enough not to alarm a motion detector. */
const CROSSING_SECONDS = 60;

interface Cloud {
  readonly start: number;
  readonly topPx: number;
  /** How much of the sky the cloud covers, 0..255 in the luma plane; its other planes are not used. */
  readonly cover: I420Picture;
}

/** Clouds that drift behind everything else: a pixel that the grounds cover keeps what it shows. */
export class Clouds {
  readonly #clouds: readonly Cloud[];
  /** 1 where the picture shows sky. */
  readonly #sky: Uint8Array;
  readonly #loopSeconds: number;

  /** `sky` is the empty sky, `backdrop` the same picture with the grounds painted on it. */
  constructor(sky: I420Picture, backdrop: I420Picture, loopSeconds: number) {
    this.#loopSeconds = loopSeconds;
    this.#sky = sky.y.map((luma, at) => (luma === backdrop.y[at] ? 1 : 0));
    const pixelsPerUnit = sky.heightPx / PAINTING_HEIGHT;
    this.#clouds = CLOUDS.map(({ start, y, size }) => {
      const cover = paintCover(
        evenPx(2 * REACH_X * pixelsPerUnit),
        evenPx(2 * REACH_Y * pixelsPerUnit),
        size,
      );
      return { start, topPx: evenPx((y - REACH_Y) * pixelsPerUnit), cover };
    });
  }

  /** The clouds drift by whole crossings a loop, so in loops of under half a minute they stand still. */
  paint(picture: I420Picture, seconds: number): void {
    const crossings = Math.round(this.#loopSeconds / CROSSING_SECONDS);
    const drift = (crossings * seconds) / this.#loopSeconds;
    for (const { start, topPx, cover } of this.#clouds) {
      const travelPx = picture.widthPx + cover.widthPx;
      const leftPx = evenPx(((start + drift) % 1) * travelPx) - cover.widthPx;
      this.#blend(picture, cover, leftPx, topPx);
    }
  }

  #blend(picture: I420Picture, cover: I420Picture, leftPx: number, topPx: number): void {
    const firstColumn = Math.max(0, -leftPx);
    const endColumn = Math.min(cover.widthPx, picture.widthPx - leftPx);
    for (let row = 0; row < cover.heightPx; row++) {
      const line = (row + topPx) * picture.widthPx + leftPx;
      for (let column = firstColumn; column < endColumn; column++) {
        const at = line + column;
        const share = (cover.y[row * cover.widthPx + column] ?? 0) / 255;
        if (share === 0 || this.#sky[at] !== 1) continue;
        picture.y[at] = (picture.y[at] ?? 0) * (1 - share) + WHITE.y * share + 0.5;
        if (row % 2 === 1 || column % 2 === 1) continue;
        const chroma = (((row + topPx) / 2) * picture.widthPx) / 2 + (leftPx + column) / 2;
        picture.u[chroma] = (picture.u[chroma] ?? 0) * (1 - share) + WHITE.u * share + 0.5;
        picture.v[chroma] = (picture.v[chroma] ?? 0) * (1 - share) + WHITE.v * share + 0.5;
      }
    }
  }
}

function paintCover(widthPx: number, heightPx: number, size: number): I420Picture {
  const cover = createI420(widthPx, heightPx);
  cover.y.fill(0);
  const painter = new Painter(cover);
  // The cover's painter measures in its own height; shapes are given in units of the yard.
  const scale = PAINTING_HEIGHT / (2 * REACH_Y);
  for (const [dx, dy, rx, ry] of [
    [-80, 12, 80, 26],
    [-15, -8, 75, 42],
    [70, 10, 95, 28],
  ] as const) {
    const puff = ellipse(
      (REACH_X + dx * size) * scale,
      (REACH_Y + dy * size) * scale,
      rx * size * scale,
      ry * size * scale,
    );
    painter.fill(puff, { y: 255, u: 128, v: 128 }, { opacity: 0.5, softness: 34 * size * scale });
  }
  return cover;
}

function evenPx(px: number): number {
  return Math.round(px / 2) * 2;
}
