import { absoluteDifference, blurPatches } from './blur.as';
import { PATCH_HEIGHT, PATCH_WIDTH, Planes } from './planes.as';
import { dilate } from './spread.as';

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
  dilate(planes, planes.radius);
  keepWatched(planes);
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

/** Marks in `mask` where `current` and `previous` differ by more than the threshold. */
function markRawDifference(planes: Planes): void {
  const threshold = i8x16.splat(<i8>planes.threshold);
  const rowBytes = planes.blurredStride / 8;
  for (let y = 0; y < planes.heightPx; y++) {
    let current = planes.current + planes.stride * y;
    let previous = planes.previous + planes.stride * y;
    const row = planes.mask + planes.bitStride * y;
    let bits = row;
    do {
      const difference = absoluteDifference(v128.load(current), v128.load(previous));
      store<u16>(bits, <u16>i8x16.bitmask(i8x16.gt_u(difference, threshold)));
      current += PATCH_WIDTH;
      previous += PATCH_WIDTH;
      bits += 2;
    } while (bits < row + rowBytes);
  }
  clearOutside(planes, planes.mask);
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

/** Flags the patches that hold a marked pixel. */
function wantPatches(planes: Planes): void {
  const zero = i64x2.splat(0);
  let bits = planes.mask;
  let flags = planes.isWanted;
  for (let row = 0; row < planes.flagRows; row++) {
    for (let i = 0; i < planes.flagStride; i += 8) {
      const both = v128.or(v128.load(bits + 2 * i), v128.load(bits + planes.bitStride + 2 * i));
      const hasMarked = i16x8.ne(both, zero);
      v128.store64_lane(flags + i, i8x16.narrow_i16x8_s(hasMarked, zero), 0);
    }
    bits += planes.bitStride * PATCH_HEIGHT;
    flags += planes.flagStride;
  }
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
