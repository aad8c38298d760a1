import { Planes } from './planes.as';

/*
 * The outermost borders of a mask by border following (Suzuki and Abe 1985), as OpenCV's RETR_EXTERNAL has them: a
 * region is what touches along edges and corners, and one in a hole of another is no region of its own.
 *
 * Directions count counter-clockwise from 0, to the right, as pictures lie: 2 is up.
 */

const STEPS_X = memory.data<i8>([1, 1, 0, -1, -1, -1, 0, 1]);
const STEPS_Y = memory.data<i8>([0, -1, -1, -1, 0, 1, 1, 1]);

/** What `nextRegion` found: its box, ends included, ... */
export let left: i32 = 0;
export let top: i32 = 0;
export let right: i32 = 0;
export let bottom: i32 = 0;
/** ... twice the area of the polygon through the border's pixels, ... */
export let doubleArea: i32 = 0;
/** ... and how many points of the border it turns in, a pixel once for each time that it does. */
export let points: i32 = 0;

/** Where the search stands: the row, the 64 pixels of it, and those of them that can start a region. */
let row: i32 = 0;
let word: i32 = 0;
let candidates: u64 = 0;
/** Where the last region starts. */
let startX: i32 = 0;
let startY: i32 = 0;

/** Begins anew with the first region of the mask. */
export function findRegions(planes: Planes): void {
  memory.fill(planes.passed, 0, planes.bitStride * planes.heightPx);
  memory.fill(planes.rightEdges, 0, planes.bitStride * planes.heightPx);
  row = 0;
  word = -1;
  candidates = 0;
}

/** Goes on to the next region in raster order of their first pixels. @returns false if there is none. */
export function nextRegion(planes: Planes): bool {
  while (true) {
    while (candidates != 0) {
      const x = (word << 6) + <i32>ctz<u64>(candidates);
      candidates &= candidates - 1;
      if (!isOutermost(planes, x)) continue;
      startX = x;
      startY = row;
      followBorder(planes, 0);
      return true;
    }
    if (!nextWord(planes)) return false;
  }
}

/** Writes the points in which the last region's border turns, x and y as 16 bits each, in order, to `target`. */
export function writePoints(planes: Planes, target: usize): void {
  followBorder(planes, target);
}

/**
 * Writes the boxes of the next regions, 32 bits each for left, top, width and height, to `target`, `most` of them at most.
 * @returns how many there are; fewer than `most` at the end.
 */
export function nextBoxes(planes: Planes, target: usize, most: i32): i32 {
  let count = 0;
  while (count < most && nextRegion(planes)) {
    const box = target + (count << 4);
    store<i32>(box, left);
    store<i32>(box, top, 4);
    store<i32>(box, right - left + 1, 8);
    store<i32>(box, bottom - top + 1, 12);
    count++;
  }
  return count;
}

/** The area of the largest box around a region, 0 when there is none. */
export function largestBox(planes: Planes): i32 {
  let largest = 0;
  findRegions(planes);
  while (nextRegion(planes)) largest = max(largest, (right - left + 1) * (bottom - top + 1));
  return largest;
}

/** Twice the areas of the polygons through all borders' pixels together. */
export function doubleContourArea(planes: Planes): i32 {
  let area = 0;
  findRegions(planes);
  while (nextRegion(planes)) area += doubleArea;
  return area;
}

/** Runs of marked pixels start where a region can. */
function nextWord(planes: Planes): bool {
  word++;
  if (word << 3 >= planes.bitStride) {
    word = 0;
    row++;
  }
  if (row >= planes.heightPx) return false;
  const at = planes.mask + planes.bitStride * row + (word << 3);
  const bits = load<u64>(at);
  candidates = bits & ~((bits << 1) | (load<u64>(at - 8) >> 63));
  return true;
}

/**
 * Whether the run of pixels that starts at `x` belongs to a region that is new and in no hole: it was not passed, and
 * nothing to the left was, or what was passed last there is a right edge.
 */
function isOutermost(planes: Planes, x: i32): bool {
  const start = planes.passed + planes.bitStride * row;
  let at = start + ((x >> 6) << 3);
  const upToX: u64 = ((<u64>2) << (x & 63)) - 1;
  let passed = load<u64>(at) & upToX;
  while (passed == 0) {
    if (at == start) return true;
    at -= 8;
    passed = load<u64>(at);
  }
  const last = 63 - <i32>clz<u64>(passed);
  if (at == start + ((x >> 6) << 3) && last == (x & 63)) return false;
  return ((load<u64>(planes.rightEdges + (at - planes.passed)) >> last) & 1) != 0;
}

/** Follows the outer border from the start, marking what it passes; writes where it turns to `target` unless that is 0. */
function followBorder(planes: Planes, target: usize): void {
  let x = startX;
  let y = startY;
  left = right = x;
  top = bottom = y;
  points = 0;
  // The border ends where it arrives at the start from the pixel that comes first, clockwise from the left.
  const around = neighbours(planes, x, y);
  const last = lastDirection(around);
  const lastX = x + stepX(last);
  const lastY = y + stepY(last);
  // As seen from the start: then the edge that closes the polygon, on which the start lies, adds nothing.
  let area = 0;
  let turnX = 0;
  let turnY = 0;
  let behind = last;
  let isLast: bool;
  do {
    const from = behind + 1;
    const here = neighbours(planes, x, y);
    // A lone pixel has no neighbour, and its search ends where it began.
    const found = here == 0 ? from + 8 : from + ctz<i32>((here | (here << 8)) >> from);
    pass(planes, x, y, found > 8);
    const direction = found & 7;
    if (direction != (behind ^ 4)) {
      if (target != 0) store<u32>(target + (points << 2), x | (y << 16));
      points++;
      left = min(left, x);
      right = max(right, x);
      bottom = max(bottom, y);
      const fromX = turnX;
      const fromY = turnY;
      turnX = x - startX;
      turnY = y - startY;
      area += fromX * turnY - fromY * turnX;
    }
    const wasLast = x == lastX && y == lastY;
    x += stepX(direction);
    y += stepY(direction);
    isLast = here == 0 || (wasLast && x == startX && y == startY);
    behind = direction ^ 4;
  } while (!isLast);
  doubleArea = abs(area);
}

/** The marked pixels around one, a bit for each direction. */
function neighbours(planes: Planes, x: i32, y: i32): i32 {
  const at = planes.mask + planes.bitStride * y + ((x - 1) >> 3);
  const shift = (x - 1) & 7;
  const above = (<i32>load<u16>(at - planes.bitStride)) >> shift;
  const beside = (<i32>load<u16>(at)) >> shift;
  const below = (<i32>load<u16>(at + planes.bitStride)) >> shift;
  return (
    ((beside >> 2) & 1) |
    ((above >> 1) & 2) |
    ((above << 1) & 4) |
    ((above << 3) & 8) |
    ((beside << 4) & 16) |
    ((below & 7) << 5)
  );
}

/** Of a border's first pixel, which has nothing marked above and to the left. */
function lastDirection(around: i32): i32 {
  if ((around & 1) != 0) return 0;
  if ((around & 128) != 0) return 7;
  return (around & 64) != 0 ? 6 : 5;
}

function stepX(direction: i32): i32 {
  return load<i8>(STEPS_X + direction);
}

function stepY(direction: i32): i32 {
  return load<i8>(STEPS_Y + direction);
}

function pass(planes: Planes, x: i32, y: i32, isRightEdge: bool): void {
  const at = planes.bitStride * y + (x >> 3);
  const bit = 1 << (x & 7);
  store<u8>(planes.passed + at, load<u8>(planes.passed + at) | bit);
  if (isRightEdge) store<u8>(planes.rightEdges + at, load<u8>(planes.rightEdges + at) | bit);
}
