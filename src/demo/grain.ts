/** A seeded generator of numbers in [0, 1): the same seed gives the same numbers everywhere. */
export function seededRandom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    // Marsaglia's xorshift32 ("Xorshift RNGs", 2003), triple 13, 17, 5.
    state = state === 0 ? 0x6d2b79f5 : state;
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state / 4294967296;
  };
}

/** A fixed number in [-1, 1] for a cell of an endless grid. */
export function grainAt(column: number, row: number, seed: number): number {
  let hash = Math.imul(Math.floor(column), 0x27d4eb2d) ^ Math.imul(Math.floor(row), 0x165667b1) ^ seed;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2147483648 - 1;
}

/** Grain joined smoothly between the cells of a grid of `cell` units. */
export function smoothGrain(x: number, y: number, cell: number, seed: number): number {
  const column = Math.floor(x / cell);
  const row = Math.floor(y / cell);
  const across = ease(x / cell - column);
  const down = ease(y / cell - row);
  const top = lerp(grainAt(column, row, seed), grainAt(column + 1, row, seed), across);
  const bottom = lerp(grainAt(column, row + 1, seed), grainAt(column + 1, row + 1, seed), across);
  return lerp(top, bottom, down);
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}

function lerp(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
