import { MAX_SPREAD, Planes } from './planes.as';

/*
 * Dilation, erosion and counting of the mask. As a square of any size is made of smaller ones, all rows are shifted
 * and joined as one long string of bits; the zeros around the picture keep its rows apart.
 */

/** Marks all pixels within `radius` rows and columns of a marked one. */
export function dilate(planes: Planes, radius: i32): void {
  if (isEmpty(planes)) return;
  for (let left = radius; left > 0; left -= MAX_SPREAD) spread(planes, min(left, MAX_SPREAD));
}

/** Clears all pixels within `radius` rows and columns of a clear one; what is outside the picture never counts. */
export function erode(planes: Planes, radius: i32): void {
  if (isEmpty(planes)) return;
  invert(planes);
  dilate(planes, radius);
  invert(planes);
}

/** The number of marked pixels. */
export function countMarked(planes: Planes): i32 {
  const end = planes.mask + planes.bitStride * planes.heightPx;
  let count: i64 = 0;
  for (let p = planes.mask; p < end; p += 8) count += popcnt<i64>(load<i64>(p));
  return <i32>count;
}

/** The number of marked pixels that `plane`, a bit plane of the same size, marks as well. */
export function countWithin(planes: Planes, plane: usize): i32 {
  const end = planes.mask + planes.bitStride * planes.heightPx;
  let count: i64 = 0;
  for (let p = planes.mask; p < end; p += 8) {
    count += popcnt<i64>(load<i64>(p) & load<i64>(plane));
    plane += 8;
  }
  return <i32>count;
}

/** Often so: then there is nothing to do. */
function isEmpty(planes: Planes): bool {
  const end = planes.mask + planes.bitStride * planes.heightPx;
  for (let p = planes.mask; p < end; p += 16) if (v128.any_true(v128.load(p))) return false;
  return true;
}

/** `radius` is at most MAX_SPREAD. */
function spread(planes: Planes, radius: i32): void {
  const rows = planes.heightPx + radius;
  const start = planes.mask;
  const end = start + planes.bitStride * rows;
  for (let done = 0; done < 2 * radius;) {
    const step = min(done + 1, 2 * radius - done);
    joinLeft(start, end, step);
    done += step;
  }
  for (let done = 0; done < 2 * radius;) {
    const step = min(done + 1, 2 * radius - done);
    joinAbove(start, end, planes.bitStride * step);
    done += step;
  }
  moveBack(planes, radius);
}

/** Marks the pixels `step` (1..63) right of marked ones; from the end on, so that none is passed on twice. */
function joinLeft(start: usize, end: usize, step: i32): void {
  let p = end;
  do {
    p -= 16;
    const bits = v128.load(p);
    const carry = i64x2.shr_u(v128.load(p - 8), 64 - step);
    v128.store(p, v128.or(bits, v128.or(i64x2.shl(bits, step), carry)));
  } while (p > start);
}

/** Marks the pixels `distance` bytes of whole rows below marked ones. */
function joinAbove(start: usize, end: usize, distance: i32): void {
  let p = end;
  do {
    p -= 16;
    v128.store(p, v128.or(v128.load(p), v128.load(p - distance)));
  } while (p > start + distance);
}

/** Moves the mask up and left by `radius`, and clears what is then outside the picture. */
function moveBack(planes: Planes, radius: i32): void {
  const ahead = planes.bitStride * radius;
  let p = planes.mask;
  for (let y = 0; y < planes.heightPx; y++) {
    let full = planes.fullRow;
    const rowEnd = p + planes.bitStride;
    do {
      const bits = i64x2.shr_u(v128.load(p + ahead), radius);
      const carry = i64x2.shl(v128.load(p + ahead + 8), 64 - radius);
      v128.store(p, v128.and(v128.or(bits, carry), v128.load(full)));
      full += 16;
      p += 16;
    } while (p < rowEnd);
  }
  memory.fill(p, 0, ahead);
}

function invert(planes: Planes): void {
  let p = planes.mask;
  for (let y = 0; y < planes.heightPx; y++) {
    let full = planes.fullRow;
    const rowEnd = p + planes.bitStride;
    do {
      v128.store(p, v128.andnot(v128.load(full), v128.load(p)));
      full += 16;
      p += 16;
    } while (p < rowEnd);
  }
}
