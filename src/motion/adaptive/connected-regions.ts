import type { BitMask } from '../bit-mask.ts';
import type { Box } from '../detector.ts';
import type { CountedMask } from '../pixel-weights.ts';

/** Marked pixels that touch along edges or corners, collected in raster order. */
export class Region implements CountedMask {
  /** Row, left end and right end, which is excluded, of one stretch of pixels beside each other after another. */
  readonly #stretches: number[] = [];
  #pixels = 0;
  #left = Number.MAX_SAFE_INTEGER;
  #right = 0;

  addStretch(y: number, left: number, right: number): void {
    this.#stretches.push(y, left, right);
    this.#pixels += right - left;
    this.#left = Math.min(this.#left, left);
    this.#right = Math.max(this.#right, right);
  }

  get box(): Box {
    const [x, y] = [this.#left, this.#stretches[0] ?? 0];
    return { x, y, width: this.#right - x, height: (this.#stretches.at(-3) ?? 0) + 1 - y };
  }

  count(): number {
    return this.#pixels;
  }

  countWithin(mask: BitMask): number {
    let count = 0;
    this.#visit((y, left, right) => (count += mask.countSpan(y, left, right)));
    return count;
  }

  markOn(mask: BitMask): void {
    this.#visit((y, left, right) => mask.markSpan(y, left, right));
  }

  #visit(visit: (y: number, left: number, right: number) => void): void {
    const stretches = this.#stretches;
    for (let i = 0; i < stretches.length; i += 3) {
      visit(stretches[i] ?? 0, stretches[i + 1] ?? 0, stretches[i + 2] ?? 0);
    }
  }
}

/** All regions of a mask, those in holes of others too, in raster order of their first pixels. */
export function connectedRegions(mask: BitMask): Region[] {
  const joined = new JoinedStretches();
  for (let y = 0; y < mask.heightPx; y++) joined.addRow(mask, y);
  return joined.regions();
}

/** The stretches of all rows, those joined that touch (union by the first, with path halving). */
class JoinedStretches {
  readonly #rows: number[] = [];
  readonly #lefts: number[] = [];
  readonly #rights: number[] = [];
  /** An earlier stretch of the same region, or the stretch itself if it is the region's first. */
  readonly #parents: number[] = [];
  /** Where the last row begins. */
  #lastRow = 0;

  addRow({ words, wordsPerRow, widthPx }: BitMask, y: number): void {
    const [above, lower] = [this.#lastRow, this.#rows.length];
    let left = -1;
    for (let i = 0; i < wordsPerRow; i++) {
      const word = words[y * wordsPerRow + i] ?? 0;
      // The pixels that are not like the one to their left, from left to right.
      let changes = word ^ ((word << 1) | (left < 0 ? 0 : 1));
      for (; changes !== 0; changes &= changes - 1) {
        const x = 32 * i + 31 - Math.clz32(changes & -changes);
        if (left >= 0) this.#add(y, left, x);
        left = left < 0 ? x : -1;
      }
    }
    if (left >= 0) this.#add(y, left, widthPx);
    this.#lastRow = lower;
    this.#joinRows(above, lower);
  }

  regions(): Region[] {
    const regions: Region[] = [];
    /** By a region's first stretch. */
    const byFirst: Region[] = [];
    for (let i = 0; i < this.#rows.length; i++) {
      const first = this.#firstOf(i);
      const region = (byFirst[first] ??= new Region());
      if (first === i) regions.push(region);
      region.addStretch(this.#rows[i] ?? 0, this.#lefts[i] ?? 0, this.#rights[i] ?? 0);
    }
    return regions;
  }

  #add(y: number, left: number, right: number): void {
    this.#parents.push(this.#rows.length);
    this.#rows.push(y);
    this.#lefts.push(left);
    this.#rights.push(right);
  }

  /** Joins the stretches from `above` up to `lower` with those from `lower` on. */
  #joinRows(above: number, lower: number): void {
    const [lefts, rights] = [this.#lefts, this.#rights];
    let [upper, under] = [above, lower];
    while (upper < lower && under < lefts.length) {
      const [upperRight, underRight] = [rights[upper] ?? 0, rights[under] ?? 0];
      if (upperRight >= (lefts[under] ?? 0) && underRight >= (lefts[upper] ?? 0)) this.#join(upper, under);
      if (upperRight < underRight) upper++;
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
