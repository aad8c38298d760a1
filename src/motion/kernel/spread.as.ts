import { MAX_SPREAD, Planes } from './planes.as';

/*
 * Dilation, erosion and counting of the mask. As a square of any size is made of smaller ones, all rows are shifted
 * and joined as one long string of bits; the zeros around the picture keep its rows apart.
 */

/** The rows that hold marked pixels lie between these; `findMarked` finds them. */
let firstRow: i32 = 0;
let endRow: i32 = 0;

/** Marks all pixels within `radius` rows and columns of a marked one. */
export function dilate(planes: Planes, radius: i32): void {
  for (let left = radius; left > 0 && findMarked(planes); left -= MAX_SPREAD) {
    spread(planes, min(left, MAX_SPREAD));
  }
}

/** Clears all pixels within `radius` rows and columns of a clear one; what is outside the picture never counts. */
export function erode(planes: Planes, radius: i32): void {
  if (!findMarked(planes)) return;
  const first = max(0, firstRow - radius);
  const end = min(planes.heightPx, endRow + radius);
  invert(planes, first, end);
  dilate(planes, radius);
  invert(planes, first, end);
  // The rows around had been clear.
  clearRows(planes, max(0, first - radius), first);
  clearRows(planes, end, min(planes.heightPx, end + radius));
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

/** @returns false when nothing is marked, which is often so. */
function findMarked(planes: Planes): bool {
  const start = planes.mask;
  const end = start + planes.bitStride * planes.heightPx;
  let first = start;
  while (first < end && !v128.any_true(v128.load(first))) first += 16;
  if (first == end) return false;
  let last = end - 16;
  while (!v128.any_true(v128.load(last))) last -= 16;
  firstRow = <i32>(first - start) / planes.bitStride;
  endRow = <i32>(last - start) / planes.bitStride + 1;
  return true;
}

/** `radius` is at most MAX_SPREAD. First everything moves right and down. */
function spread(planes: Planes, radius: i32): void {
  const rows = min(endRow + 2 * radius, planes.heightPx + radius);
  const start = planes.mask + planes.bitStride * firstRow;
  const end = planes.mask + planes.bitStride * rows;
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

/** Moves what was marked up and left by `radius`, and clears what is then outside the picture. */
function moveBack(planes: Planes, radius: i32): void {
  const ahead = planes.bitStride * radius;
  const end = min(planes.heightPx, endRow + radius);
  for (let y = max(0, firstRow - radius); y < end; y++) {
    let p = planes.mask + planes.bitStride * y;
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
  clearRows(planes, end, end + radius);
}

function invert(planes: Planes, first: i32, end: i32): void {
  for (let y = first; y < end; y++) {
    let p = planes.mask + planes.bitStride * y;
    let full = planes.fullRow;
    const rowEnd = p + planes.bitStride;
    do {
      v128.store(p, v128.andnot(v128.load(full), v128.load(p)));
      full += 16;
      p += 16;
    } while (p < rowEnd);
  }
}

function clearRows(planes: Planes, first: i32, end: i32): void {
  memory.fill(planes.mask + planes.bitStride * first, 0, planes.bitStride * (end - first));
}
