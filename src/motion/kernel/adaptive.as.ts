import {
  BACKGROUND_WEIGHT,
  BLINKING_TOLERANCE,
  GAIN,
  GREATEST_TOLERANCE,
  LEAST_TOLERANCE,
  NEW_WEIGHT,
  NO_OFFSET,
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
 * The background that `PlainBackground` describes, for 16 pixels at a time, as vectors of one byte a pixel. What is
 * always needed lies in one record, what calm pixels do without in a further one, at these offsets: most of the time goes
 * into reading and writing them.
 */
const MODE_0: usize = 0;
const TOLERANCE: usize = 16;
const RECORD_BYTES: usize = 32;

const WEIGHT_0: usize = 0;
const UNREST: usize = 16;
/** All bits set where the last picture was foreground. */
const WAS_FOREGROUND: usize = 32;
const WEIGHT_1: usize = 48;
const WEIGHT_2: usize = 64;
const MODE_1: usize = 80;
const MODE_2: usize = 96;
const FURTHER_BYTES: usize = 112;

const RECORD_PIXELS: i32 = 16;

@unmanaged
class Background {
  /** Those of the camera: the current picture, and in `difference` the foreground. */
  planes: Planes;
  /** Row by row; the last record of a row may reach beyond the picture. */
  records: usize;
  further: usize;
  /** A byte a record, not 0 where no pixel is restless or was foreground, and all are as sure of their first mode as can be. */
  calm: usize;
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
  background.further = zeroed(<i32>(recordsOf(background) * FURTHER_BYTES));
  background.calm = zeroed(<i32>recordsOf(background));
  background.offsets = zeroed(4 * OFFSETS);
  return changetype<usize>(background);
}

export function freeBackground(pointer: usize): void {
  const background = changetype<Background>(pointer);
  heap.free(background.records);
  heap.free(background.further);
  heap.free(background.calm);
  heap.free(background.offsets);
  heap.free(pointer);
}

/** Takes the current picture for the background. */
export function beginBackground(background: Background): void {
  const planes = background.planes;
  memory.fill(background.records, 0, recordsOf(background) * RECORD_BYTES);
  memory.fill(background.further, 0, recordsOf(background) * FURTHER_BYTES);
  memory.fill(background.calm, 0, recordsOf(background));
  memory.fill(planes.difference, 0, planes.bitStride * planes.heightPx);
  let record = background.records;
  let further = background.further;
  for (let y = 0; y < planes.heightPx; y++) {
    let pixels = planes.current + planes.stride * y;
    for (let i = 0; i < background.recordsPerRow; i++) {
      v128.store(record, v128.load(pixels), MODE_0);
      v128.store(record, splat(START_TOLERANCE), TOLERANCE);
      v128.store(further, splat(START_WEIGHT), WEIGHT_0);
      pixels += RECORD_PIXELS;
      record += RECORD_BYTES;
      further += FURTHER_BYTES;
    }
  }
}

/** Of the first pixel of each record in every few rows. @returns the counts, see `Background.offsets`. */
export function countOffsets(background: Background): usize {
  const planes = background.planes;
  const counts = background.offsets;
  memory.fill(counts, 0, 4 * OFFSETS);
  for (let y = 0; y < planes.heightPx; y += OFFSET_ROWS) {
    let pixels = planes.current + planes.stride * y;
    let record = background.records + <usize>(background.recordsPerRow * y) * RECORD_BYTES;
    let watched = watchedRow(planes, y);
    const end = pixels + planes.widthPx;
    for (; pixels < end; pixels += RECORD_PIXELS) {
      if ((load<u8>(watched) & 1) != 0) {
        const offset = <i32>load<u8>(pixels) - <i32>load<u8>(record, MODE_0);
        const count = counts + ((offset + NO_OFFSET) << 2);
        store<i32>(count, load<i32>(count) + 1);
      }
      record += RECORD_BYTES;
      watched += 2;
    }
  }
  return counts;
}

/** Makes all modes brighter by -255..255. */
export function brighten(background: Background, offset: i32): void {
  const up = splat(max(0, offset));
  const down = splat(max(0, -offset));
  let record = background.records;
  let further = background.further;
  for (let i: usize = 0; i < recordsOf(background); i++) {
    v128.store(record, i8x16.sub_sat_u(i8x16.add_sat_u(v128.load(record, MODE_0), up), down), MODE_0);
    v128.store(further, i8x16.sub_sat_u(i8x16.add_sat_u(v128.load(further, MODE_1), up), down), MODE_1);
    v128.store(further, i8x16.sub_sat_u(i8x16.add_sat_u(v128.load(further, MODE_2), up), down), MODE_2);
    record += RECORD_BYTES;
    further += FURTHER_BYTES;
  }
}

/**
 * Finds the foreground and learns. @param forgetting what modes lose that are not seen, 0 or 1.
 * @returns the number of foreground pixels that are watched; `difference` marks them.
 */
export function learn(background: Background, isHasty: bool, forgetting: i32): i32 {
  const planes = background.planes;
  let record = background.records;
  let further = background.further;
  let calm = background.calm;
  let count = 0;
  for (let y = 0; y < planes.heightPx; y++) {
    let pixels = planes.current + planes.stride * y;
    let bits = planes.difference + planes.bitStride * y;
    let inside = planes.fullRow;
    let watched = watchedRow(planes, y);
    const end = bits + 2 * background.recordsPerRow;
    do {
      const pixel = v128.load(pixels);
      let foreground: i32 = 0;
      if ((load<u8>(calm) != 0 && confirmCalm(record, pixel)) || confirm(record, further, calm, pixel)) {
        if (forgetting != 0) forget(further, forgetting);
      } else {
        foreground = revise(record, further, pixel, isHasty, forgetting);
        foreground &= (<i32>load<u16>(inside)) & (<i32>load<u16>(watched));
        count += popcnt<i32>(foreground);
      }
      store<u16>(bits, <u16>foreground);
      pixels += RECORD_PIXELS;
      record += RECORD_BYTES;
      further += FURTHER_BYTES;
      calm++;
      bits += 2;
      inside += 2;
      watched += 2;
    } while (bits < end);
  }
  return count;
}

/** Learns from calm pixels. @returns false, having done nothing, unless they all show their first mode. */
function confirmCalm(record: usize, pixel: v128): bool {
  const mode = v128.load(record, MODE_0);
  const tolerance = v128.load(record, TOLERANCE);
  const difference = absoluteDifference(pixel, mode);
  if (!i8x16.all_true(i8x16.le_u(difference, tolerance))) return false;
  v128.store(record, towards(mode, pixel), MODE_0);
  v128.store(record, towards(tolerance, wantedTolerance(difference)), TOLERANCE);
  return true;
}

/**
 * Learns from pixels that all were background, as most are, and finds out whether they are calm.
 * @returns false, having learned nothing, unless they all show their first mode.
 */
function confirm(record: usize, further: usize, calm: usize, pixel: v128): bool {
  const mode = v128.load(record, MODE_0);
  const weight = v128.load(further, WEIGHT_0);
  const tolerance = v128.load(record, TOLERANCE);
  const difference = absoluteDifference(pixel, mode);
  const isKnown = v128.and(i8x16.le_u(difference, tolerance), i8x16.ge_u(weight, splat(BACKGROUND_WEIGHT)));
  store<u8>(calm, 0);
  if (!i8x16.all_true(v128.andnot(isKnown, v128.load(further, WAS_FOREGROUND)))) return false;
  const greater = i8x16.add_sat_u(weight, splat(GAIN));
  const unrest = i8x16.sub_sat_u(v128.load(further, UNREST), splat(1));
  v128.store(record, towards(mode, pixel), MODE_0);
  v128.store(record, towards(tolerance, wantedTolerance(difference)), TOLERANCE);
  v128.store(further, greater, WEIGHT_0);
  v128.store(further, unrest, UNREST);
  store<u8>(calm, <u8>(i8x16.all_true(i8x16.eq(greater, splat(255))) && !v128.any_true(unrest)));
  return true;
}

/** What pixels lose of modes that they do not show, when they show their first one. */
function forget(further: usize, forgetting: i32): void {
  const lost = splat(forgetting);
  v128.store(further, i8x16.sub_sat_u(v128.load(further, WEIGHT_1), lost), WEIGHT_1);
  v128.store(further, i8x16.sub_sat_u(v128.load(further, WEIGHT_2), lost), WEIGHT_2);
}

/** Learns from any pixels. @returns which of them are foreground, a bit each. */
function revise(record: usize, further: usize, pixel: v128, isHasty: bool, forgetting: i32): i32 {
  const zero = i64x2.splat(0);
  const mode0 = v128.load(record, MODE_0);
  const mode1 = v128.load(further, MODE_1);
  const mode2 = v128.load(further, MODE_2);
  const weight0 = v128.load(further, WEIGHT_0);
  const weight1 = v128.load(further, WEIGHT_1);
  const weight2 = v128.load(further, WEIGHT_2);
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
  const isFlip = v128.xor(isForeground, v128.load(further, WAS_FOREGROUND));
  const unrest = i8x16.add_sat_u(
    i8x16.sub_sat_u(v128.load(further, UNREST), splat(1)),
    v128.and(isFlip, splat(UNREST_PER_FLIP)),
  );
  const isBlinking = i8x16.ge_u(unrest, splat(RESTLESS));
  v128.store(further, isForeground, WAS_FOREGROUND);
  v128.store(further, unrest, UNREST);

  const followed = v128.bitselect(tolerance, towards(tolerance, wantedTolerance(difference)), isNone);
  const widened = i8x16.min_u(i8x16.add(followed, splat(BLINKING_TOLERANCE)), splat(GREATEST_TOLERANCE));
  v128.store(record, v128.bitselect(widened, followed, v128.and(isForeground, isBlinking)), TOLERANCE);

  const isFast = v128.or(isBackground, isHasty ? splat(-1) : isBlinking);
  const gain = v128.bitselect(splat(GAIN), splat(SLOW_GAIN), isFast);
  const lost = v128.andnot(splat(forgetting), isNone);
  v128.store(record, v128.bitselect(towards(mode0, pixel), mode0, is0), MODE_0);
  v128.store(further, v128.bitselect(towards(mode1, pixel), mode1, is1), MODE_1);
  v128.store(
    further,
    v128.bitselect(pixel, v128.bitselect(towards(mode2, pixel), mode2, is2), isNone),
    MODE_2,
  );
  v128.store(further, changed(weight0, is0, gain, lost), WEIGHT_0);
  v128.store(further, changed(weight1, is1, gain, lost), WEIGHT_1);
  v128.store(further, v128.bitselect(splat(NEW_WEIGHT), changed(weight2, is2, gain, lost), isNone), WEIGHT_2);
  order(record, further);
  return i8x16.bitmask(isForeground);
}

/** One pass from the lightest mode on: only one of a pixel has become heavier. */
function order(record: usize, further: usize): void {
  const weight0 = v128.load(further, WEIGHT_0);
  const weight1 = v128.load(further, WEIGHT_1);
  const weight2 = v128.load(further, WEIGHT_2);
  const mode0 = v128.load(record, MODE_0);
  const mode1 = v128.load(further, MODE_1);
  const mode2 = v128.load(further, MODE_2);
  const isRising2 = i8x16.gt_u(weight2, weight1);
  const middleWeight = v128.bitselect(weight2, weight1, isRising2);
  const middleMode = v128.bitselect(mode2, mode1, isRising2);
  const isRising1 = i8x16.gt_u(middleWeight, weight0);
  v128.store(further, v128.bitselect(weight1, weight2, isRising2), WEIGHT_2);
  v128.store(further, v128.bitselect(mode1, mode2, isRising2), MODE_2);
  v128.store(further, v128.bitselect(weight0, middleWeight, isRising1), WEIGHT_1);
  v128.store(further, v128.bitselect(mode0, middleMode, isRising1), MODE_1);
  v128.store(further, v128.bitselect(middleWeight, weight0, isRising1), WEIGHT_0);
  v128.store(record, v128.bitselect(middleMode, mode0, isRising1), MODE_0);
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

/** Two bytes of bits a record. */
function watchedRow(planes: Planes, y: i32): usize {
  return planes.watched == 0 ? planes.fullRow : planes.watched + planes.bitStride * y;
}

function recordsOf(background: Background): usize {
  return background.recordsPerRow * background.planes.heightPx;
}
