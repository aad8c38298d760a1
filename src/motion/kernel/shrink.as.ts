import { zeroed } from './planes.as';

/*
 * OpenCV's `resize(INTER_AREA)`. Where both ratios are whole, blocks are averaged. Elsewhere the parts of source pixels
 * in a target pixel are summed in single precision and in OpenCV's order, across first and then down, and the result
 * is rounded half to even. Four target pixels go together, their sources being picked from one vector where they lie
 * close enough.
 */

/** Adding it to a float of 0..255 rounds that half to even and leaves it in the lowest byte. */
const ROUNDER: f32 = 12582912;

@unmanaged
class AreaShares {
  sourceRows: i32;
  /** Target pixels across, in fours. */
  fours: i32;
  /** The most source pixels across that share in a target pixel. */
  shares: i32;
  /** Whether the first source pixels of every four lie within one vector. */
  isClose: bool;
  /** Four after four: FourShares, then `shares` vectors of weights. */
  across: usize;
  /** RowShare by source row. */
  down: usize;
  /** The target row being summed. */
  sums: usize;
}

/** The first source column of each of four target pixels, and where its byte goes when they lie within one vector. */
@unmanaged
class FourShares {
  first0: i32;
  first1: i32;
  first2: i32;
  first3: i32;
  pick: v128;
}

/** The weight of a source row in its target row, whether that ends with it, and its weight in the next one. */
@unmanaged
class RowShare {
  weight: f32;
  nextWeight: f32;
  isLast: i32;
}

/** Tables for the host to fill in. Traps when memory is exhausted. */
export function newAreaShares(sourceRows: i32, fours: i32, shares: i32, isClose: bool): usize {
  const areas = changetype<AreaShares>(zeroed(offsetof<AreaShares>()));
  areas.sourceRows = sourceRows;
  areas.fours = fours;
  areas.shares = shares;
  areas.isClose = isClose;
  areas.across = zeroed(fours * (offsetof<FourShares>() + 16 * shares));
  areas.down = zeroed(sourceRows * offsetof<RowShare>());
  areas.sums = zeroed(16 * fours);
  return changetype<usize>(areas);
}

export function freeAreaShares(pointer: usize): void {
  const areas = changetype<AreaShares>(pointer);
  heap.free(areas.across);
  heap.free(areas.down);
  heap.free(areas.sums);
  heap.free(pointer);
}

export function sharesAcross(areas: AreaShares): usize {
  return areas.across;
}

export function sharesDown(areas: AreaShares): usize {
  return areas.down;
}

/** Strides in bytes, that of the target a multiple of 4. Reads some bytes behind the source. */
export function shrinkAreas(
  areas: AreaShares,
  source: usize,
  stride: i32,
  target: usize,
  targetStride: i32,
): void {
  memory.fill(areas.sums, 0, 16 * areas.fours);
  for (let y = 0; y < areas.sourceRows; y++) {
    const row = changetype<RowShare>(areas.down + y * offsetof<RowShare>());
    if (row.isLast != 0) {
      endRow(areas, source, row.weight, row.nextWeight, target);
      target += targetStride;
    } else {
      addRow(areas, source, row.weight);
    }
    source += stride;
  }
}

function addRow(areas: AreaShares, source: usize, weight: f32): void {
  const weights = f32x4.splat(weight);
  const end = areas.sums + 16 * areas.fours;
  const bytes = offsetof<FourShares>() + 16 * areas.shares;
  let four = areas.across;
  let sums = areas.sums;
  do {
    const shrunk = shrinkFour(areas, source, four);
    v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(shrunk, weights)));
    sums += 16;
    four += bytes;
  } while (sums < end);
}

function endRow(areas: AreaShares, source: usize, weight: f32, nextWeight: f32, target: usize): void {
  const weights = f32x4.splat(weight);
  const nextWeights = f32x4.splat(nextWeight);
  const rounder = f32x4.splat(ROUNDER);
  const end = areas.sums + 16 * areas.fours;
  const bytes = offsetof<FourShares>() + 16 * areas.shares;
  let four = areas.across;
  let sums = areas.sums;
  do {
    const shrunk = shrinkFour(areas, source, four);
    const sum = f32x4.add(v128.load(sums), f32x4.mul(shrunk, weights));
    v128.store(sums, f32x4.mul(shrunk, nextWeights));
    const rounded = f32x4.add(sum, rounder);
    v128.store32_lane(
      target,
      i8x16.shuffle(rounded, rounded, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      0,
    );
    sums += 16;
    target += 4;
    four += bytes;
  } while (sums < end);
}

/** Four pixels of a source row shrunk across. */
function shrinkFour(areas: AreaShares, source: usize, pointer: usize): v128 {
  const four = changetype<FourShares>(pointer);
  const end = pointer + offsetof<FourShares>() + 16 * areas.shares;
  let weights = pointer + offsetof<FourShares>();
  let sum = f32x4.splat(0);
  if (areas.isClose) {
    let pixels = source + four.first0;
    do {
      const picked = f32x4.convert_i32x4_s(i8x16.swizzle(v128.load(pixels), four.pick));
      sum = f32x4.add(sum, f32x4.mul(picked, v128.load(weights)));
      pixels++;
      weights += 16;
    } while (weights < end);
  } else {
    do {
      let picked = i64x2.splat(0);
      picked = v128.load8_lane(source + four.first0, picked, 0);
      picked = v128.load8_lane(source + four.first1, picked, 4);
      picked = v128.load8_lane(source + four.first2, picked, 8);
      picked = v128.load8_lane(source + four.first3, picked, 12);
      sum = f32x4.add(sum, f32x4.mul(f32x4.convert_i32x4_s(picked), v128.load(weights)));
      source++;
      weights += 16;
    } while (weights < end);
  }
  return sum;
}

/** Halves both sides; OpenCV rounds these means half up. `target` has `stride` bytes a row, a multiple of 16. */
export function halve(source: usize, sourceStride: i32, target: usize, stride: i32, rows: i32): void {
  const two = i16x8.splat(2);
  for (let y = 0; y < rows; y++) {
    let upper = source + 2 * sourceStride * y;
    const end = target + stride;
    do {
      const low = i16x8.add(pairs(upper), pairs(upper + sourceStride));
      const high = i16x8.add(pairs(upper + 16), pairs(upper + 16 + sourceStride));
      const lowMean = i16x8.shr_u(i16x8.add(low, two), 2);
      const highMean = i16x8.shr_u(i16x8.add(high, two), 2);
      v128.store(target, i8x16.narrow_i16x8_u(lowMean, highMean));
      upper += 32;
      target += 16;
    } while (target < end);
  }
}

function pairs(pixels: usize): v128 {
  return i16x8.extadd_pairwise_i8x16_u(v128.load(pixels));
}

/**
 * Averages blocks of `columns` x `rows` pixels, rounding half to even. `sums` has room for 32 bits a pixel of a source
 * row and 16 more.
 */
export function shrinkBlocks(
  source: usize,
  sourceStride: i32,
  columns: i32,
  rows: i32,
  sums: usize,
  target: usize,
  targetStride: i32,
  widthPx: i32,
  heightPx: i32,
): void {
  const share = <f64>(<f32>1 / <f32>(columns * rows));
  for (let y = 0; y < heightPx; y++) {
    sumRows(source + sourceStride * rows * y, sourceStride, columns * widthPx, rows, sums);
    let sum = sums;
    for (let x = 0; x < widthPx; x++) {
      let total = 0;
      const end = sum + 4 * columns;
      do {
        total += load<i32>(sum);
        sum += 4;
      } while (sum < end);
      store<u8>(target + x, <u8>nearest(<f32>(<f64>total * share)));
    }
    target += targetStride;
  }
}

function sumRows(source: usize, stride: i32, columns: i32, rows: i32, sums: usize): void {
  for (let x = 0; x < columns; x += 16) {
    let a = i64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let pixels = source + x;
    for (let i = 0; i < rows; i++) {
      const bytes = v128.load(pixels);
      const low = i16x8.extend_low_i8x16_u(bytes);
      const high = i16x8.extend_high_i8x16_u(bytes);
      a = i32x4.add(a, i32x4.extend_low_i16x8_u(low));
      b = i32x4.add(b, i32x4.extend_high_i16x8_u(low));
      c = i32x4.add(c, i32x4.extend_low_i16x8_u(high));
      d = i32x4.add(d, i32x4.extend_high_i16x8_u(high));
      pixels += stride;
    }
    const sum = sums + 4 * x;
    v128.store(sum, a);
    v128.store(sum, b, 16);
    v128.store(sum, c, 32);
    v128.store(sum, d, 48);
  }
}
