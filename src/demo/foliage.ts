import { crownOf } from './backdrop.ts';
import { seededRandom } from './grain.ts';
import { mix, rgb, type Colour } from '../media/i420.ts';
import type { Painter } from './painter.ts';
import { ellipse } from './shape.ts';

interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly colour: Colour;
  /** Sways a loop, a whole number so that the loop closes. */
  readonly sways: number;
  readonly phase: number;
}

const LEAVES = 150;
/** Reach of a leaf's sway in units: under two pixels at 1280x720, too little to alarm a motion detector. */
const SWAY = 2.2;

/** The tree's leaves in a light wind: small, always moving. */
export class Foliage {
  readonly #leaves: readonly Leaf[];
  readonly #loopSeconds: number;

  constructor(paintingWidth: number, loopSeconds: number, seed: number) {
    const random = seededRandom(seed + 41);
    const { x, y, reach } = crownOf(paintingWidth);
    this.#loopSeconds = loopSeconds;
    this.#leaves = Array.from({ length: LEAVES }, () => {
      const angle = random() * 2 * Math.PI;
      const out = Math.sqrt(random()) * reach;
      return {
        x: x + Math.cos(angle) * out * 1.1,
        y: y + Math.sin(angle) * out * 0.88,
        colour: mix(rgb(0x4f8040), rgb(0xa9cc6a), random()),
        sways: Math.max(1, Math.round(loopSeconds * (0.35 + random() * 0.7))),
        phase: random() * 2 * Math.PI,
      };
    });
  }

  paint(painter: Painter, seconds: number): void {
    for (const leaf of this.#leaves) {
      const swing = Math.sin((2 * Math.PI * leaf.sways * seconds) / this.#loopSeconds + leaf.phase);
      const colour = { ...leaf.colour, y: leaf.colour.y + swing * 6 };
      painter.fill(ellipse(leaf.x + swing * SWAY, leaf.y, 9, 5.5), colour, { opacity: 0.85 });
    }
  }
}
