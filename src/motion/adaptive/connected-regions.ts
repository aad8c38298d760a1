import type { BitMask } from '../bit-mask.ts';
import type { Box } from '../detector.ts';
import type { CountedMask } from '../pixel-weights.ts';

/** Marked pixels beside each other in row `y`, from `left` up to `right`. */
interface Stretch {
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

/** Marked pixels that touch along edges or corners. */
export class Region implements CountedMask {
  /** In raster order, at least one. */
  readonly #stretches: readonly Stretch[];

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
  }

  get box(): Box {
    let [x, right] = [Number.POSITIVE_INFINITY, 0];
    for (const stretch of this.#stretches) {
      x = Math.min(x, stretch.left);
      right = Math.max(right, stretch.right);
    }
    const y = this.#stretches[0]?.y ?? 0;
    return { x, y, width: right - x, height: (this.#stretches.at(-1)?.y ?? 0) + 1 - y };
  }

  count(): number {
    return this.#stretches.reduce((sum, { left, right }) => sum + right - left, 0);
  }

  countWithin(mask: BitMask): number {
    return this.#stretches.reduce((sum, { y, left, right }) => sum + mask.countSpan(y, left, right), 0);
  }

  markOn(mask: BitMask): void {
    for (const { y, left, right } of this.#stretches) mask.markSpan(y, left, right);
  }
}

/** All regions of a mask, those in holes of others too, in raster order of their first pixels. */
export function connectedRegions(mask: BitMask): Region[] {
  const joined = new JoinedStretches();
  for (let y = 0; y < mask.heightPx; y++) joined.addRow(stretchesOfRow(mask, y));
  return joined.regions();
}

function stretchesOfRow({ words, wordsPerRow, widthPx }: BitMask, y: number): Stretch[] {
  const stretches: Stretch[] = [];
  let left = -1;
  const row = y * wordsPerRow;
  for (let i = 0; i < wordsPerRow; i++) {
    const word = words[row + i] ?? 0;
    // The pixels that are not like the one to their left, from left to right.
    let changes = word ^ ((word << 1) | (left < 0 ? 0 : 1));
    for (; changes !== 0; changes &= changes - 1) {
      const x = 32 * i + 31 - Math.clz32(changes & -changes);
      if (left >= 0) stretches.push({ y, left, right: x });
      left = left < 0 ? x : -1;
    }
  }
  if (left >= 0) stretches.push({ y, left, right: widthPx });
  return stretches;
}

/** The stretches of all rows, those joined that touch (union by the first, with path halving). */
class JoinedStretches {
  readonly #stretches: Stretch[] = [];
  /** An earlier stretch of the same region, or the stretch itself if it is the region's first. */
  readonly #parents: number[] = [];
  /** Where the last row begins. */
  #lastRow = 0;

  addRow(row: readonly Stretch[]): void {
    const [above, lower] = [this.#lastRow, this.#stretches.length];
    for (const stretch of row) this.#parents.push(this.#stretches.push(stretch) - 1);
    this.#lastRow = lower;
    this.#joinRows(above, lower);
  }

  regions(): Region[] {
    const regions = new Map<number, Stretch[]>();
    for (const [i, stretch] of this.#stretches.entries()) {
      const first = this.#firstOf(i);
      if (first === i) regions.set(i, [stretch]);
      else regions.get(first)?.push(stretch);
    }
    return Array.from(regions.values(), (stretches) => new Region(stretches));
  }

  /** Joins the stretches from `above` up to `lower` with those from `lower` on. */
  #joinRows(above: number, lower: number): void {
    let [upper, under] = [above, lower];
    while (upper < lower && under < this.#stretches.length) {
      const [a, b] = [this.#stretches[upper], this.#stretches[under]];
      if (a === undefined || b === undefined) return;
      if (a.right >= b.left && b.right >= a.left) this.#join(upper, under);
      if (a.right < b.right) upper++;
      else under++;
    }
  }

  #join(a: number, b: number): void {
    const [first, second] = [this.#firstOf(a), this.#firstOf(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  #firstOf(stretch: number): number {
    const parents = this.#parents;
    for (let parent = parents[stretch] ?? 0; parent !== stretch; parent = parents[stretch] ?? 0) {
      stretch = parents[stretch] = parents[parent] ?? 0;
    }
    return stretch;
  }
}
