import {
  BACKGROUND_WEIGHT,
  BLINKING_TOLERANCE,
  GAIN,
  GREATEST_TOLERANCE,
  LEAST_TOLERANCE,
  NEW_WEIGHT,
  NO_OFFSET,
  OFFSET_COLUMNS,
  OFFSET_ROWS,
  OFFSETS,
  RESTLESS,
  SLOW_GAIN,
  START_TOLERANCE,
  START_WEIGHT,
  UNREST_PER_FLIP,
} from '../adaptive/rules';
import { absoluteDifference } from './blur.as';
import { Planes, zeroed } from './planes.as';

/*
 * The background that `PlainBackground` describes, for 16 pixels at a time. A record holds all that is known of them,
 * nine vectors of one byte a pixel, at these offsets.
 */
const MODE_0: usize = 0;
const MODE_1: usize = 16;
const MODE_2: usize = 32;
const WEIGHT_0: usize = 48;
const WEIGHT_1: usize = 64;
const WEIGHT_2: usize = 80;
const TOLERANCE: usize = 96;
const UNREST: usize = 112;
/** All bits set where the last picture was foreground. */
const WAS_FOREGROUND: usize = 128;
const RECORD_BYTES: usize = 144;
const RECORD_PIXELS: i32 = 16;

@unmanaged
class Background {
  /** Those of the camera: the current picture, and in `difference` the foreground. */
  planes: Planes;
  /** Row by row; the last record of a row may reach beyond the picture. */
  records: usize;
  recordsPerRow: i32;
  /** `OFFSETS` counts of 32 bits. */
  offsets: usize;
}

/** A background for a camera's pictures; begin it before anything else. Traps when memory is exhausted. */
export function newBackground(planes: Planes): usize {
  const background = changetype<Background>(zeroed(offsetof<Background>()));
  background.planes = planes;
  background.recordsPerRow = (planes.widthPx + RECORD_PIXELS - 1) / RECORD_PIXELS;
  background.records = zeroed(<i32>(recordsOf(background) * RECORD_BYTES));
  background.offsets = zeroed(4 * OFFSETS);
  return changetype<usize>(background);
}

export function freeBackground(pointer: usize): void {
  const background = changetype<Background>(pointer);
  heap.free(background.records);
  heap.free(background.offsets);
  heap.free(pointer);
}

/** Takes the current picture for the background. */
export function beginBackground(background: Background): void {
  const planes = background.planes;
  memory.fill(background.records, 0, recordsOf(background) * RECORD_BYTES);
  memory.fill(planes.difference, 0, planes.bitStride * planes.heightPx);
  let record = background.records;
  for (let y = 0; y < planes.heightPx; y++) {
    let pixels = planes.current + planes.stride * y;
    for (let i = 0; i < background.recordsPerRow; i++) {
      v128.store(record, v128.load(pixels), MODE_0);
      v128.store(record, splat(START_WEIGHT), WEIGHT_0);
      v128.store(record, splat(START_TOLERANCE), TOLERANCE);
      pixels += RECORD_PIXELS;
      record += RECORD_BYTES;
    }
  }
}

/** @returns the counts, see `Background.offsets`. */
export function countOffsets(background: Background): usize {
  const planes = background.planes;
  const counts = background.offsets;
  memory.fill(counts, 0, 4 * OFFSETS);
  for (let y = 0; y < planes.heightPx; y += OFFSET_ROWS) {
    const pixels = planes.current + planes.stride * y;
    const records = background.records + <usize>(background.recordsPerRow * y) * RECORD_BYTES;
    for (let x = 0; x < planes.widthPx; x += OFFSET_COLUMNS) {
      if (!isWatched(planes, x, y)) continue;
      const record = records + <usize>(x / RECORD_PIXELS) * RECORD_BYTES;
      const offset = <i32>load<u8>(pixels + x) - <i32>load<u8>(record + (x & (RECORD_PIXELS - 1)), MODE_0);
      const count = counts + ((offset + NO_OFFSET) << 2);
      store<i32>(count, load<i32>(count) + 1);
    }
  }
  return counts;
}

/** Makes all modes brighter by -255..255. */
export function brighten(background: Background, offset: i32): void {
  const up = splat(max(0, offset));
  const down = splat(max(0, -offset));
  const end = background.records + recordsOf(background) * RECORD_BYTES;
  for (let record = background.records; record < end; record += RECORD_BYTES) {
    for (let mode = record + MODE_0; mode <= record + MODE_2; mode += 16) {
      v128.store(mode, i8x16.sub_sat_u(i8x16.add_sat_u(v128.load(mode), up), down));
    }
  }
}

/**
 * Finds the foreground and learns. @param forgetting what modes lose that are not seen, 0 or 1.
 * @returns the number of foreground pixels that are watched; `difference` marks them.
 */
export function learn(background: Background, isHasty: bool, forgetting: i32): i32 {
  const planes = background.planes;
  let record = background.records;
  let count = 0;
  for (let y = 0; y < planes.heightPx; y++) {
    let pixels = planes.current + planes.stride * y;
    let bits = planes.difference + planes.bitStride * y;
    let inside = planes.fullRow;
    let watched = planes.watched == 0 ? planes.fullRow : planes.watched + planes.bitStride * y;
    const end = bits + 2 * background.recordsPerRow;
    do {
      const pixel = v128.load(pixels);
      let foreground: i32 = 0;
      if (!confirm(record, pixel, forgetting)) foreground = revise(record, pixel, isHasty, forgetting);
      foreground &= (<i32>load<u16>(inside)) & (<i32>load<u16>(watched));
      store<u16>(bits, <u16>foreground);
      count += popcnt<i32>(foreground);
      pixels += RECORD_PIXELS;
      record += RECORD_BYTES;
      bits += 2;
      inside += 2;
      watched += 2;
    } while (bits < end);
  }
  return count;
}

/** Learns from pixels that all were background and show their first mode, as most do. @returns whether they are so. */
function confirm(record: usize, pixel: v128, forgetting: i32): bool {
  const mode = v128.load(record, MODE_0);
  const weight = v128.load(record, WEIGHT_0);
  const tolerance = v128.load(record, TOLERANCE);
  const difference = absoluteDifference(pixel, mode);
  const isKnown = v128.and(i8x16.le_u(difference, tolerance), i8x16.ge_u(weight, splat(BACKGROUND_WEIGHT)));
  if (!i8x16.all_true(v128.andnot(isKnown, v128.load(record, WAS_FOREGROUND)))) return false;
  const lost = splat(forgetting);
  const weight0 = i8x16.add_sat_u(weight, splat(GAIN));
  const weight1 = i8x16.sub_sat_u(v128.load(record, WEIGHT_1), lost);
  const weight2 = i8x16.sub_sat_u(v128.load(record, WEIGHT_2), lost);
  v128.store(record, towards(mode, pixel), MODE_0);
  v128.store(record, towards(tolerance, wantedTolerance(difference)), TOLERANCE);
  v128.store(record, i8x16.sub_sat_u(v128.load(record, UNREST), splat(1)), UNREST);
  v128.store(record, weight0, WEIGHT_0);
  v128.store(record, weight1, WEIGHT_1);
  v128.store(record, weight2, WEIGHT_2);
  if (v128.any_true(i8x16.gt_u(i8x16.max_u(weight1, weight2), i8x16.min_u(weight0, weight1)))) order(record);
  return true;
}

/** Learns from any pixels. @returns which of them are foreground, a bit each. */
function revise(record: usize, pixel: v128, isHasty: bool, forgetting: i32): i32 {
  const zero = i64x2.splat(0);
  const mode0 = v128.load(record, MODE_0);
  const mode1 = v128.load(record, MODE_1);
  const mode2 = v128.load(record, MODE_2);
  const weight0 = v128.load(record, WEIGHT_0);
  const weight1 = v128.load(record, WEIGHT_1);
  const weight2 = v128.load(record, WEIGHT_2);
  const tolerance = v128.load(record, TOLERANCE);
  const difference0 = absoluteDifference(pixel, mode0);
  const difference1 = absoluteDifference(pixel, mode1);
  const difference2 = absoluteDifference(pixel, mode2);

  const is0 = v128.and(i8x16.le_u(difference0, tolerance), i8x16.ne(weight0, zero));
  const like1 = v128.and(i8x16.le_u(difference1, tolerance), i8x16.ne(weight1, zero));
  const like2 = v128.and(i8x16.le_u(difference2, tolerance), i8x16.ne(weight2, zero));
  const is1 = v128.andnot(like1, is0);
  const is2 = v128.andnot(like2, v128.or(is0, like1));
  const isNone = v128.not(v128.or(is0, v128.or(like1, like2)));
  const weight = v128.or(v128.and(weight0, is0), v128.or(v128.and(weight1, is1), v128.and(weight2, is2)));
  const difference = v128.or(
    v128.and(difference0, is0),
    v128.or(v128.and(difference1, is1), v128.and(difference2, is2)),
  );

  const isBackground = i8x16.ge_u(weight, splat(BACKGROUND_WEIGHT));
  const isForeground = v128.not(isBackground);
  const isFlip = v128.xor(isForeground, v128.load(record, WAS_FOREGROUND));
  const unrest = i8x16.add_sat_u(
    i8x16.sub_sat_u(v128.load(record, UNREST), splat(1)),
    v128.and(isFlip, splat(UNREST_PER_FLIP)),
  );
  const isBlinking = i8x16.ge_u(unrest, splat(RESTLESS));
  v128.store(record, isForeground, WAS_FOREGROUND);
  v128.store(record, unrest, UNREST);

  const followed = v128.bitselect(tolerance, towards(tolerance, wantedTolerance(difference)), isNone);
  const widened = i8x16.min_u(i8x16.add(followed, splat(BLINKING_TOLERANCE)), splat(GREATEST_TOLERANCE));
  v128.store(record, v128.bitselect(widened, followed, v128.and(isForeground, isBlinking)), TOLERANCE);

  const isFast = v128.or(isBackground, isHasty ? splat(-1) : isBlinking);
  const gain = v128.bitselect(splat(GAIN), splat(SLOW_GAIN), isFast);
  const lost = v128.andnot(splat(forgetting), isNone);
  v128.store(record, v128.bitselect(towards(mode0, pixel), mode0, is0), MODE_0);
  v128.store(record, v128.bitselect(towards(mode1, pixel), mode1, is1), MODE_1);
  v128.store(
    record,
    v128.bitselect(pixel, v128.bitselect(towards(mode2, pixel), mode2, is2), isNone),
    MODE_2,
  );
  v128.store(record, changed(weight0, is0, gain, lost), WEIGHT_0);
  v128.store(record, changed(weight1, is1, gain, lost), WEIGHT_1);
  v128.store(record, v128.bitselect(splat(NEW_WEIGHT), changed(weight2, is2, gain, lost), isNone), WEIGHT_2);
  order(record);
  return i8x16.bitmask(isForeground);
}

/** One pass from the lightest mode on. */
function order(record: usize): void {
  orderPair(record + MODE_1, record + WEIGHT_1);
  orderPair(record + MODE_0, record + WEIGHT_0);
}

/** Swaps modes with the ones behind them where those are heavier. */
function orderPair(mode: usize, weight: usize): void {
  const weightA = v128.load(weight);
  const weightB = v128.load(weight, 16);
  const isLighter = i8x16.gt_u(weightB, weightA);
  const modeA = v128.load(mode);
  const modeB = v128.load(mode, 16);
  v128.store(weight, i8x16.max_u(weightA, weightB));
  v128.store(weight, i8x16.min_u(weightA, weightB), 16);
  v128.store(mode, v128.bitselect(modeB, modeA, isLighter));
  v128.store(mode, v128.bitselect(modeA, modeB, isLighter), 16);
}

function changed(weight: v128, isSeen: v128, gain: v128, lost: v128): v128 {
  return v128.bitselect(i8x16.add_sat_u(weight, gain), i8x16.sub_sat_u(weight, lost), isSeen);
}

/** `TOLERANCE_FACTOR`, which is 4, times the difference, within the bounds. */
function wantedTolerance(difference: v128): v128 {
  const most = splat(GREATEST_TOLERANCE >> 2);
  return i8x16.max_u(i8x16.shl(i8x16.min_u(difference, most), 2), splat(LEAST_TOLERANCE));
}

/** One step from `value` to `wanted`: comparing gives -1 where it is true. */
function towards(value: v128, wanted: v128): v128 {
  return i8x16.add(i8x16.sub(value, i8x16.gt_u(wanted, value)), i8x16.lt_u(wanted, value));
}

/** All 16 bytes alike. */
function splat(value: i32): v128 {
  return i8x16.splat(<i8>value);
}

function isWatched(planes: Planes, x: i32, y: i32): bool {
  if (planes.watched == 0) return true;
  return ((load<u8>(planes.watched + planes.bitStride * y + (x >> 3)) >> (x & 7)) & 1) != 0;
}

function recordsOf(background: Background): usize {
  return background.recordsPerRow * background.planes.heightPx;
}
