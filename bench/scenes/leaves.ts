import { seededRandom, smoothGrain } from '../../src/demo/grain.ts';
import { createI420 } from '../../src/media/i420.ts';
import { Painter, PAINTING_HEIGHT } from '../../src/demo/painter.ts';
import { ellipse } from '../../src/demo/shape.ts';
import { bilinear } from './resample.ts';
import { SCENE_SIZE, type Layer } from './scene.ts';
import type { Wind } from './wind.ts';

/** A bush or the crown of a tree: an ellipse full of leaves, in pixels. */
export interface Bush {
  readonly x: number;
  readonly y: number;
  readonly reachX: number;
  readonly reachY: number;
  /** Length of a leaf. */
  readonly leafPx: number;
  /** How far branches swing to each side at full wind. */
  readonly swingPx: number;
}

/** The picture has room around it for what swings in. */
const MARGIN = 16;

/** A bush whose branches swing and whose leaves turn, each part at its own time. */
export function leavesLayer(bush: Bush, wind: Wind, seed: number): Layer {
  const { luma, cover, width, height } = paintLeaves(bush, seed);
  const [left, top] = [Math.round(bush.x - width / 2), Math.round(bush.y - height / 2)];
  const phases = Float32Array.from(
    { length: width * height },
    (_, i) => 7 * smoothGrain(i % width, Math.floor(i / width), 22, seed + 1),
  );
  return (picture, seconds) => {
    const strength = wind(seconds);
    const swing = bush.swingPx * strength;
    for (let y = Math.max(MARGIN, -top); y < Math.min(height - MARGIN, SCENE_SIZE.heightPx - top); y++) {
      for (let x = Math.max(MARGIN, -left); x < Math.min(width - MARGIN, SCENE_SIZE.widthPx - left); x++) {
        const phase = phases[y * width + x] ?? 0;
        const slow = Math.sin(2 * Math.PI * 0.45 * seconds + phase);
        const quick = Math.sin(2 * Math.PI * 1.9 * seconds + 2 * phase);
        const fromX = x + swing * (0.65 * slow + 0.35 * quick);
        const fromY = y + 0.5 * swing * (0.65 * quick - 0.35 * slow);
        const share = bilinear(cover, width, fromX, fromY) / 255;
        if (share === 0) continue;
        const turned = 1 + 0.25 * strength * Math.sin(2 * Math.PI * 2.3 * seconds + 3 * phase);
        const at = (y + top) * SCENE_SIZE.widthPx + x + left;
        const leaf = bilinear(luma, width, fromX, fromY) * turned;
        picture[at] = Math.min(235, (picture[at] ?? 0) * (1 - share) + leaf * share);
      }
    }
  };
}

/** The bush in still air: luma, and how much it covers of what is behind, 0..255. */
function paintLeaves(bush: Bush, seed: number) {
  const even = (px: number) => 2 * Math.ceil(px / 2);
  const [width, height] = [even(2 * (bush.reachX + MARGIN)), even(2 * (bush.reachY + MARGIN))];
  const [picture, covers] = [createI420(width, height), createI420(width, height)];
  picture.y.fill(58);
  covers.y.fill(0);
  const [painter, cover] = [new Painter(picture), new Painter(covers)];
  const unit = PAINTING_HEIGHT / height;
  const random = seededRandom(seed);
  const leaves = (4 * bush.reachX * bush.reachY) / bush.leafPx ** 2;
  for (let i = 0; i < leaves * 3; i++) {
    const [angle, out] = [2 * Math.PI * random(), Math.sqrt(random())];
    const [x, y] = [
      (width / 2 + Math.cos(angle) * out * bush.reachX) * unit,
      (height / 2 + Math.sin(angle) * out * bush.reachY) * unit,
    ];
    const long = bush.leafPx * unit * (0.35 + 0.3 * random());
    const leaf = ellipse(x, y, long, long * (0.45 + 0.3 * random()));
    // In the shade inside, in the light on top; some shine.
    painter.fill(leaf, { y: 60 + 95 * random() ** 2 + (random() < 0.08 ? 50 : 0), u: 128, v: 128 });
    cover.fill(ellipse(x, y, long * 1.15, long * 0.8), { y: 255, u: 128, v: 128 });
  }
  return { luma: picture.y, cover: covers.y, width, height };
}
