import { PATCH_HEIGHT, PATCH_WIDTH, Planes, reflect, SUMS_MARGIN } from './planes.as';

/*
 * OpenCV's 8-bit Gaussian blur: taps in 1/256, both directions in full precision, one rounding at the end. Down first,
 * to 16 bits, and then across to 32. The sums are stored less 32768, because the only multiplication that adds
 * neighbouring products is signed; as the taps sum to 256, BIAS puts it right again.
 */
const ROUNDING: i32 = 32768;
const BIAS: i32 = 256 * 32768 + ROUNDING;

/** The radius that has loops of its own, because the detector's default is a blur of 11. */
const COMMON_RADIUS: i32 = 5;

/**
 * Blurs `source` in the patches `first` up to `end` of a row of them into `blurred`, and marks in `difference` where
 * that differs by more than the threshold from what was there before.
 */
export function blurPatches(planes: Planes, source: usize, row: i32, first: i32, end: i32): void {
  const radius = planes.radius;
  const from = max(0, first * PATCH_WIDTH - radius);
  const to = min(planes.widthPx, end * PATCH_WIDTH + radius);
  const sums = planes.sums + 2 * SUMS_MARGIN;
  const offsets = planes.rowOffsets + 4 * PATCH_HEIGHT * row;
  if (radius == COMMON_RADIUS) blurDownFive(planes, source, offsets, sums, from, to);
  else blurDown(planes, source, offsets, sums, from, to);
  for (let i = 0; i < PATCH_HEIGHT; i++) {
    const y = row * PATCH_HEIGHT + i;
    const rowSums = sums + planes.sumsStride * i;
    if (from == 0 || to == planes.widthPx) reflectSums(planes, rowSums);
    const start = rowSums + 2 * (first * PATCH_WIDTH - radius);
    const blurred = planes.blurred + planes.blurredStride * y + first * PATCH_WIDTH;
    const bits = planes.difference + planes.bitStride * y + first * (PATCH_WIDTH / 8);
    if (radius == COMMON_RADIUS) blurAcrossFive(planes, start, blurred, bits, end - first);
    else blurAcross(planes, start, blurred, bits, end - first);
  }
}

export function absoluteDifference(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

/** Sums two rows of `source` down, from column `from` to at least `to`. `offsets`: of the topmost row they need. */
function blurDown(planes: Planes, source: usize, offsets: usize, sums: usize, from: i32, to: i32): void {
  const radius = planes.radius;
  const sign = i16x8.splat(-32768);
  for (let i = 0; i < PATCH_HEIGHT; i++) {
    for (let x = from; x < to; x += 8) {
      let top = offsets + 4 * i;
      let bottom = top + 8 * radius;
      let taps = planes.downTaps;
      let sum = sign;
      while (top < bottom) {
        const both = i16x8.add(rowAt(source, top, x), rowAt(source, bottom, x));
        sum = i16x8.add(sum, i16x8.mul(both, v128.load(taps)));
        top += 4;
        bottom -= 4;
        taps += 16;
      }
      sum = i16x8.add(sum, i16x8.mul(rowAt(source, top, x), v128.load(taps)));
      v128.store(sums + planes.sumsStride * i + 2 * x, sum);
    }
  }
}

function rowAt(source: usize, offset: usize, x: i32): v128 {
  return v128.load_ext<u8>(source + load<i32>(offset) + x);
}

function reflectSums(planes: Planes, sums: usize): void {
  const width = planes.widthPx;
  for (let i = 1; i <= planes.radius; i++) {
    store<i16>(sums - 2 * i, load<i16>(sums + 2 * reflect(-i, width)));
    store<i16>(sums + 2 * (width - 1 + i), load<i16>(sums + 2 * reflect(width - 1 + i, width)));
  }
}

function blurAcross(planes: Planes, sums: usize, blurred: usize, bits: usize, patches: i32): void {
  const threshold = i8x16.splat(<i8>planes.threshold);
  for (let i = 0; i < patches; i++) {
    const low = acrossEight(planes, sums);
    const high = acrossEight(planes, sums + 16);
    replace(blurred, i8x16.narrow_i16x8_u(low, high), bits, threshold);
    sums += 2 * PATCH_WIDTH;
    blurred += PATCH_WIDTH;
    bits += PATCH_WIDTH / 8;
  }
}

/** Eight blurred pixels as 16 bits; `sums` are those from the leftmost that counts. */
function acrossEight(planes: Planes, sums: usize): v128 {
  let even = i32x4.splat(BIAS);
  let odd = even;
  let taps = planes.acrossTaps;
  for (let i = 0; i <= planes.radius; i++) {
    const columns = v128.load(sums);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, v128.load(taps)));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, v128.load(taps, 16)));
    sums += 4;
    taps += 32;
  }
  return interleave(even, odd);
}

/** Bits 16..23 of each result, the even and odd ones in turn. Higher bits are never set. */
function interleave(even: v128, odd: v128): v128 {
  return v128.or(i32x4.shr_u(even, 16), v128.andnot(odd, i32x4.splat(0xffff)));
}

function replace(blurred: usize, pixels: v128, bits: usize, threshold: v128): void {
  const difference = absoluteDifference(pixels, v128.load(blurred));
  v128.store(blurred, pixels);
  store<u16>(bits, <u16>i8x16.bitmask(i8x16.gt_u(difference, threshold)));
}

/** `blurDown` for COMMON_RADIUS, both rows at once. */
function blurDownFive(planes: Planes, source: usize, offsets: usize, sums: usize, from: i32, to: i32): void {
  const tap0 = v128.load(planes.downTaps);
  const tap1 = v128.load(planes.downTaps, 16);
  const tap2 = v128.load(planes.downTaps, 32);
  const tap3 = v128.load(planes.downTaps, 48);
  const tap4 = v128.load(planes.downTaps, 64);
  const tap5 = v128.load(planes.downTaps, 80);
  const sign = i16x8.splat(-32768);
  const start = source + from;
  const pa = start + load<i32>(offsets);
  const pb = start + load<i32>(offsets, 4);
  const pc = start + load<i32>(offsets, 8);
  const pd = start + load<i32>(offsets, 12);
  const pe = start + load<i32>(offsets, 16);
  const pf = start + load<i32>(offsets, 20);
  const pg = start + load<i32>(offsets, 24);
  const ph = start + load<i32>(offsets, 28);
  const pi = start + load<i32>(offsets, 32);
  const pj = start + load<i32>(offsets, 36);
  const pk = start + load<i32>(offsets, 40);
  const pl = start + load<i32>(offsets, 44);
  const end = to - from;
  let upper = sums + 2 * from;
  let lower = upper + planes.sumsStride;
  let x = 0;
  do {
    const a = v128.load_ext<u8>(pa + x);
    const b = v128.load_ext<u8>(pb + x);
    const c = v128.load_ext<u8>(pc + x);
    const d = v128.load_ext<u8>(pd + x);
    const e = v128.load_ext<u8>(pe + x);
    const f = v128.load_ext<u8>(pf + x);
    const g = v128.load_ext<u8>(pg + x);
    const h = v128.load_ext<u8>(ph + x);
    const i = v128.load_ext<u8>(pi + x);
    const j = v128.load_ext<u8>(pj + x);
    const k = v128.load_ext<u8>(pk + x);
    const l = v128.load_ext<u8>(pl + x);
    let sum = i16x8.add(sign, i16x8.mul(tap0, i16x8.add(a, k)));
    sum = i16x8.add(sum, i16x8.mul(tap1, i16x8.add(b, j)));
    sum = i16x8.add(sum, i16x8.mul(tap2, i16x8.add(c, i)));
    sum = i16x8.add(sum, i16x8.mul(tap3, i16x8.add(d, h)));
    sum = i16x8.add(sum, i16x8.mul(tap4, i16x8.add(e, g)));
    v128.store(upper, i16x8.add(sum, i16x8.mul(tap5, f)));
    sum = i16x8.add(sign, i16x8.mul(tap0, i16x8.add(b, l)));
    sum = i16x8.add(sum, i16x8.mul(tap1, i16x8.add(c, k)));
    sum = i16x8.add(sum, i16x8.mul(tap2, i16x8.add(d, j)));
    sum = i16x8.add(sum, i16x8.mul(tap3, i16x8.add(e, i)));
    sum = i16x8.add(sum, i16x8.mul(tap4, i16x8.add(f, h)));
    v128.store(lower, i16x8.add(sum, i16x8.mul(tap5, g)));
    upper += 16;
    lower += 16;
    x += 8;
  } while (x < end);
}

/** `blurAcross` for COMMON_RADIUS. */
function blurAcrossFive(planes: Planes, sums: usize, blurred: usize, bits: usize, patches: i32): void {
  const threshold = i8x16.splat(<i8>planes.threshold);
  const bias = i32x4.splat(BIAS);
  const even0 = v128.load(planes.acrossTaps);
  const odd0 = v128.load(planes.acrossTaps, 16);
  const even1 = v128.load(planes.acrossTaps, 32);
  const odd1 = v128.load(planes.acrossTaps, 48);
  const even2 = v128.load(planes.acrossTaps, 64);
  const odd2 = v128.load(planes.acrossTaps, 80);
  const even3 = v128.load(planes.acrossTaps, 96);
  const odd3 = v128.load(planes.acrossTaps, 112);
  const even4 = v128.load(planes.acrossTaps, 128);
  const odd4 = v128.load(planes.acrossTaps, 144);
  const even5 = v128.load(planes.acrossTaps, 160);
  const odd5 = v128.load(planes.acrossTaps, 176);
  const end = blurred + patches * PATCH_WIDTH;
  do {
    let columns = v128.load(sums);
    let even = i32x4.add(bias, i32x4.dot_i16x8_s(columns, even0));
    let odd = i32x4.add(bias, i32x4.dot_i16x8_s(columns, odd0));
    columns = v128.load(sums, 4);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even1));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd1));
    columns = v128.load(sums, 8);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even2));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd2));
    columns = v128.load(sums, 12);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even3));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd3));
    columns = v128.load(sums, 16);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even4));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd4));
    columns = v128.load(sums, 20);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even5));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd5));
    const low = interleave(even, odd);

    columns = v128.load(sums, 16);
    even = i32x4.add(bias, i32x4.dot_i16x8_s(columns, even0));
    odd = i32x4.add(bias, i32x4.dot_i16x8_s(columns, odd0));
    columns = v128.load(sums, 20);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even1));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd1));
    columns = v128.load(sums, 24);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even2));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd2));
    columns = v128.load(sums, 28);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even3));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd3));
    columns = v128.load(sums, 32);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even4));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd4));
    columns = v128.load(sums, 36);
    even = i32x4.add(even, i32x4.dot_i16x8_s(columns, even5));
    odd = i32x4.add(odd, i32x4.dot_i16x8_s(columns, odd5));
    replace(blurred, i8x16.narrow_i16x8_u(low, interleave(even, odd)), bits, threshold);

    sums += 2 * PATCH_WIDTH;
    bits += PATCH_WIDTH / 8;
    blurred += PATCH_WIDTH;
  } while (blurred < end);
}
