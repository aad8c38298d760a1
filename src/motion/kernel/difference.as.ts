import { absoluteDifference, blurPatches } from './blur.as';
import { PATCH_HEIGHT, PATCH_WIDTH, Planes } from './planes.as';

/**
 * Marks in `difference` where the blurred `current` and `previous` differ by more than the threshold, but not everywhere
 * where nobody watches.
 *
 * Where the pictures themselves nowhere differ by more within the radius of the blur, the blurred ones cannot: blur
 * is a weighted mean, and one rounding cannot turn a difference of up to the threshold into more. So only the other
 * patches are blurred, `previous` too unless that was done when it was `current`.
 */
export function markDifference(planes: Planes): void {
  markRawDifference(planes);
  wantPatches(planes);
  memory.fill(planes.difference, 0, planes.bitStride * planes.heightPx);
  blurWantedPatches(planes);
  clearOutside(planes, planes.difference);

  const flags = planes.isBlurred;
  planes.isBlurred = planes.isWanted;
  planes.isWanted = flags;
}

/** For a picture that has none before it: nothing differs, nothing is blurred yet. */
export function forgetPictures(planes: Planes): void {
  const bytes = planes.bitStride * planes.heightPx;
  memory.fill(planes.difference, 0, bytes);
  if (planes.earlierDifference != 0) memory.fill(planes.earlierDifference, 0, bytes);
  memory.fill(planes.isBlurred, 0, planes.flagStride * planes.flagRows);
}

/** Marks in `mask` what has changed, of what is watched. */
export function markChanged(planes: Planes): void {
  memory.copy(planes.mask, planes.difference, planes.bitStride * planes.heightPx);
  if (planes.earlierDifference != 0) keep(planes, planes.earlierDifference);
  keepWatched(planes);
}

/** Clears the mask where nobody watches. */
export function keepWatched(planes: Planes): void {
  if (planes.watched != 0) keep(planes, planes.watched);
}

/** Leaves of the mask only what `plane` marks as well. */
function keep(planes: Planes, plane: usize): void {
  const end = planes.mask + planes.bitStride * planes.heightPx;
  for (let p = planes.mask; p < end; p += 16) {
    v128.store(p, v128.and(v128.load(p), v128.load(plane)));
    plane += 16;
  }
}

/**
 * Marks in each row of `mask` where `current` and `previous` differ by more than the threshold in the pixels of one of the
 * PATCH_HEIGHT rows of a row of patches.
 */
function markRawDifference(planes: Planes): void {
  const threshold = i8x16.splat(<i8>planes.threshold);
  const lastPatch = 2 * (planes.blurredStride / PATCH_WIDTH - 1);
  const inside = load<u16>(planes.fullRow + lastPatch);
  for (let row = 0; row < planes.flagRows; row++) {
    const y = row * PATCH_HEIGHT;
    let current = planes.current + planes.stride * y;
    let previous = planes.previous + planes.stride * y;
    // Where the picture ends with the upper row, that stands for both.
    const below = y + 1 < planes.heightPx ? planes.stride : 0;
    let bits = planes.mask + planes.bitStride * row;
    const last = bits + lastPatch;
    do {
      const upper = absoluteDifference(v128.load(current), v128.load(previous));
      const lower = absoluteDifference(v128.load(current + below), v128.load(previous + below));
      const difference = i8x16.max_u(upper, lower);
      store<u16>(bits, <u16>i8x16.bitmask(i8x16.gt_u(difference, threshold)));
      current += PATCH_WIDTH;
      previous += PATCH_WIDTH;
      bits += 2;
    } while (bits <= last);
    store<u16>(last, load<u16>(last) & inside);
  }
}

/** Clears what whole patches marked in a bit plane to the right of the picture and below it. */
function clearOutside(planes: Planes, plane: usize): void {
  const lastPatch = 2 * (planes.blurredStride / PATCH_WIDTH - 1);
  const inside = load<u16>(planes.fullRow + lastPatch);
  let bits = plane;
  for (let y = 0; y < planes.heightPx; y++) {
    store<u16>(bits + lastPatch, load<u16>(bits + lastPatch) & inside);
    bits += planes.bitStride;
  }
  memory.fill(bits, 0, planes.bitStride);
}

/** Flags the watched patches that have something marked in them or within the radius of the blur around them. */
function wantPatches(planes: Planes): void {
  const reach = (planes.radius + 1) / PATCH_HEIGHT;
  for (let row = 0; row < planes.flagRows; row++) {
    joinRows(planes, max(0, row - reach), min(planes.flagRows - 1, row + reach));
    wantPatchesOfRow(planes, row);
  }
}

/** What any row of `mask` from `first` to `last` marks, into the first row of `passed`. */
function joinRows(planes: Planes, first: i32, last: i32): void {
  const rows = (last - first) * planes.bitStride;
  let bits = planes.mask + planes.bitStride * first;
  for (let i = 0; i < 2 * planes.flagStride; i += 16) {
    let joined = v128.load(bits + i);
    for (let row = planes.bitStride; row <= rows; row += planes.bitStride) {
      joined = v128.or(joined, v128.load(bits + i + row));
    }
    v128.store(planes.passed + i, joined);
  }
}

/** A patch is 16 bits. The radius reaches over the patches beside it and into those behind them. */
function wantPatchesOfRow(planes: Planes, row: i32): void {
  const zero = i64x2.splat(0);
  const beside = min(planes.radius, PATCH_WIDTH);
  const behind = planes.radius - beside;
  const leftBeside = highBits(beside);
  const rightBeside = lowBits(beside);
  const leftBehind = highBits(behind);
  const rightBehind = lowBits(behind);
  const flags = planes.isWanted + planes.flagStride * row;
  for (let i = 0; i < planes.flagStride; i += 8) {
    const bits = planes.passed + 2 * i;
    let near = v128.load(bits);
    near = v128.or(near, v128.and(v128.load(bits - 2), leftBeside));
    near = v128.or(near, v128.and(v128.load(bits + 2), rightBeside));
    near = v128.or(near, v128.and(v128.load(bits - 4), leftBehind));
    near = v128.or(near, v128.and(v128.load(bits + 4), rightBehind));
    const isWanted = v128.and(i16x8.ne(near, zero), areWatched(planes, row, 2 * i));
    v128.store64_lane(flags + i, i8x16.narrow_i16x8_s(isWanted, zero), 0);
  }
}

/** The last `count` pixels of patches. */
function highBits(count: i32): v128 {
  const bits: i32 = 0xffff << (PATCH_WIDTH - count);
  return i16x8.splat(<i16>bits);
}

/** The first `count` pixels of patches. */
function lowBits(count: i32): v128 {
  const bits: i32 = (1 << count) - 1;
  return i16x8.splat(<i16>bits);
}

/** Whether each of eight patches holds a watched pixel. */
function areWatched(planes: Planes, row: i32, offset: i32): v128 {
  if (planes.watched == 0) return i64x2.splat(-1);
  const bits = planes.watched + planes.bitStride * PATCH_HEIGHT * row + offset;
  return i16x8.ne(v128.or(v128.load(bits), v128.load(bits + planes.bitStride)), i64x2.splat(0));
}

function blurWantedPatches(planes: Planes): void {
  const patches = planes.blurredStride / PATCH_WIDTH;
  for (let row = 0; row < planes.flagRows; row++) {
    const isWanted = planes.isWanted + planes.flagStride * row;
    const isBlurred = planes.isBlurred + planes.flagStride * row;
    let first = 0;
    while (first < patches) {
      if (load<u8>(isWanted + first) == 0) {
        first++;
        continue;
      }
      let end = first + 1;
      while (end < patches && load<u8>(isWanted + end) != 0) end++;
      blurUnblurred(planes, row, isBlurred, first, end);
      blurPatches(planes, planes.current, row, first, end);
      first = end;
    }
  }
}

/** Blurs `previous` in those patches of a row, from `first` up to `end`, that are not blurred. */
function blurUnblurred(planes: Planes, row: i32, isBlurred: usize, first: i32, end: i32): void {
  let from = first;
  while (from < end) {
    if (load<u8>(isBlurred + from) != 0) {
      from++;
      continue;
    }
    let to = from + 1;
    while (to < end && load<u8>(isBlurred + to) == 0) to++;
    blurPatches(planes, planes.previous, row, from, to);
    from = to;
  }
}
