import { zeroed } from './planes.as';

/*
 * OpenCV's `resize(INTER_AREA)`. Where both ratios are whole, blocks are averaged. Elsewhere the parts of source pixels
 * in a target pixel are summed in single precision and in OpenCV's order, across first and then down, and the result
 * is rounded half to even. Four target pixels go together, their sources being picked from one vector where they lie
 * close enough.
 */

/** Adding it to a float of 0..255 rounds that half to even and leaves it in the lowest byte. */
const ROUNDER: f32 = 12582912;
/** The hot loop's turn: all shares there are when shrinking to half or more. */
const SHARES_AT_ONCE: i32 = 3;

@unmanaged
class AreaShares {
  sourceRows: i32;
  /** Target pixels across, in fours. */
  fours: i32;
  /** The most source pixels across that share in a target pixel, rounded up to a multiple of SHARES_AT_ONCE. */
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

/** Tables for the host to fill in, all zero. `shares` is a multiple of 3. Traps when memory is exhausted. */
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
    if (areas.isClose) shrinkRow(areas, row, source, target);
    else shrinkFarRow(areas, row, source, target);
    if (row.isLast != 0) target += targetStride;
    source += stride;
  }
}

function shrinkRow(areas: AreaShares, row: RowShare, source: usize, target: usize): void {
  const weight = f32x4.splat(row.weight);
  const bytes = offsetof<FourShares>() + 16 * areas.shares;
  const end = areas.sums + 16 * areas.fours;
  let four = areas.across;
  let sums = areas.sums;
  if (row.isLast != 0) {
    const nextWeight = f32x4.splat(row.nextWeight);
    do {
      const next = four + bytes;
      finish(sums, shrinkFour(source, four, next), weight, nextWeight, target);
      sums += 16;
      target += 4;
      four = next;
    } while (sums < end);
  } else {
    do {
      const next = four + bytes;
      accumulate(sums, shrinkFour(source, four, next), weight);
      sums += 16;
      four = next;
    } while (sums < end);
  }
}

/** `shrinkRow` where fours are not close. */
function shrinkFarRow(areas: AreaShares, row: RowShare, source: usize, target: usize): void {
  const weight = f32x4.splat(row.weight);
  const nextWeight = f32x4.splat(row.nextWeight);
  const bytes = offsetof<FourShares>() + 16 * areas.shares;
  const end = areas.sums + 16 * areas.fours;
  let four = areas.across;
  for (let sums = areas.sums; sums < end; sums += 16) {
    const next = four + bytes;
    const shrunk = shrinkFarFour(source, four, next);
    if (row.isLast != 0) finish(sums, shrunk, weight, nextWeight, target);
    else accumulate(sums, shrunk, weight);
    target += 4;
    four = next;
  }
}

function accumulate(sums: usize, shrunk: v128, weight: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(shrunk, weight)));
}

function finish(sums: usize, shrunk: v128, weight: v128, nextWeight: v128, target: usize): void {
  const rounder = f32x4.splat(ROUNDER);
  const sum = f32x4.add(v128.load(sums), f32x4.mul(shrunk, weight));
  v128.store(sums, f32x4.mul(shrunk, nextWeight));
  const bytes = f32x4.add(sum, rounder);
  v128.store32_lane(target, i8x16.shuffle(bytes, bytes, 0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
}

/** Four pixels of a source row shrunk across, the table's record of them from `four` to `end`. */
function shrinkFour(source: usize, four: usize, end: usize): v128 {
  const pick = changetype<FourShares>(four).pick;
  let pixels = source + changetype<FourShares>(four).first0;
  let weights = four + offsetof<FourShares>();
  let sum = f32x4.splat(0);
  do {
    const one = f32x4.convert_i32x4_s(i8x16.swizzle(v128.load(pixels), pick));
    const two = f32x4.convert_i32x4_s(i8x16.swizzle(v128.load(pixels, 1), pick));
    const three = f32x4.convert_i32x4_s(i8x16.swizzle(v128.load(pixels, 2), pick));
    sum = f32x4.add(sum, f32x4.mul(one, v128.load(weights)));
    sum = f32x4.add(sum, f32x4.mul(two, v128.load(weights, 16)));
    sum = f32x4.add(sum, f32x4.mul(three, v128.load(weights, 32)));
    pixels += SHARES_AT_ONCE;
    weights += 16 * SHARES_AT_ONCE;
  } while (weights < end);
  return sum;
}

function shrinkFarFour(source: usize, pointer: usize, end: usize): v128 {
  const four = changetype<FourShares>(pointer);
  let weights = pointer + offsetof<FourShares>();
  let sum = f32x4.splat(0);
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
