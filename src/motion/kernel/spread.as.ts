import { MAX_SPREAD, Planes } from './planes.as';

/*
 * Dilation, erosion and counting of the mask. As a square of any size is made of smaller ones, all rows are shifted
 * and joined as one long string of bits; the zeros around the picture keep its rows apart.
 */

/** Marks all pixels within `radius` rows and columns of a marked one. */
export function dilate(planes: Planes, radius: i32): void {
  for (let left = radius; left > 0; left -= MAX_SPREAD) spread(planes, min(left, MAX_SPREAD));
}

/** Clears all pixels within `radius` rows and columns of a clear one; what is outside the picture never counts. */
export function erode(planes: Planes, radius: i32): void {
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

/** Marks the pixels `step` (1..63) right of marked ones, from the end on so that none counts twice. */
function joinLeft(start: usize, end: usize, step: i32): void {
  let p = end;
  do {
    p -= 16;
    const bits = v128.load(p);
    const carry = i64x2.shr_u(v128.load(p, -8 as usize), 64 - step);
    v128.store(p, v128.or(bits, v128.or(i64x2.shl(bits, step), carry)));
  } while (p > start);
}
