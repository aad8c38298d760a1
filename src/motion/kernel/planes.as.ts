/*
 * What the kernel keeps of one camera, in linear memory. Sizes are those of the analysed picture.
 *
 * A bit plane holds a mask: one bit a pixel, the lowest bit of a byte first, rows of `bitStride` bytes. Behind the
 * pixels of a row are at least SPREAD_ROOM zero bits, above the first row a zero row, below the last one ROWS_BELOW.
 */

/** The furthest that a mask can be spread in one go. */
export const MAX_SPREAD: i32 = 31;
/** Spreading moves everything by twice the radius before it moves it back. */
const SPREAD_ROOM: i32 = 2 * MAX_SPREAD;
export const ROWS_BELOW: i32 = MAX_SPREAD + 1;
/** Pixels that a row of sums has on either side for the reflected border, and for vectors that reach beyond it. */
export const SUMS_MARGIN: i32 = 64;
/** Vectors are read whole, so some bytes behind a plane are too. */
export const SLACK: i32 = 64;
/** Pixels across and down that are blurred or left alone together. */
export const PATCH_WIDTH: i32 = 16;
export const PATCH_HEIGHT: i32 = 2;

@unmanaged
export class Planes {
  widthPx: i32;
  heightPx: i32;
  /** Radius of the blur; its size is twice that and one. */
  radius: i32;
  threshold: i32;

  /** The last two pictures, 8 bits a pixel, `stride` bytes from a row to the next. */
  current: usize;
  previous: usize;
  stride: i32;

  /** The blurred picture where `isBlurred` says so: `previous` before `markDifference`, `current` after it. */
  blurred: usize;
  blurredStride: i32;

  /** One byte a patch: whether it is blurred, and whether it can hold a difference. */
  isBlurred: usize;
  isWanted: usize;
  flagStride: i32;
  flagRows: i32;

  /** Offset of source row `y - radius` at index `y`, those beyond the border reflected. */
  rowOffsets: usize;
  /** The taps from the rim to the centre, each eight times as 16 bits. */
  downTaps: usize;
  /** For each pair of columns its taps four times for the even pixels, then four times for the odd ones. */
  acrossTaps: usize;
  /** Two rows blurred down, 16 bits a pixel, from SUMS_MARGIN pixels left of the picture; `sumsStride` in bytes. */
  sums: usize;
  sumsStride: i32;

  /**
   * Bit planes: where `current` differs from `previous`, and where that differed from the one before, which is 0 when
   * nobody asks; what is watched, 0 for everything; ...
   */
  difference: usize;
  earlierDifference: usize;
  watched: usize;
  /** ... the mask, and for following borders what was passed, and from which pixels one fell off to the right. */
  mask: usize;
  passed: usize;
  rightEdges: usize;
  bitStride: i32;
  /** One row of a bit plane with all pixels of the picture marked. */
  fullRow: usize;
}

/**
 * Planes for pictures of a size. `stride`: bytes from a row to the next in `current`. `pictures`: how many successive
 * ones are compared, 2 or 3. The taps are still to be set. Traps when memory is exhausted.
 */
export function newPlanes(
  widthPx: i32,
  heightPx: i32,
  stride: i32,
  radius: i32,
  threshold: i32,
  pictures: i32,
): usize {
  const planes = changetype<Planes>(zeroed(offsetof<Planes>()));
  planes.widthPx = widthPx;
  planes.heightPx = heightPx;
  planes.radius = radius;
  planes.threshold = threshold;
  planes.stride = stride;
  planes.current = zeroed(stride * heightPx + SLACK);
  planes.previous = zeroed(stride * heightPx + SLACK);

  const evenHeightPx = align(heightPx, PATCH_HEIGHT);
  planes.blurredStride = align(widthPx, PATCH_WIDTH);
  planes.blurred = zeroed(planes.blurredStride * evenHeightPx + SLACK);
  planes.flagStride = align(planes.blurredStride / PATCH_WIDTH, 8);
  planes.flagRows = evenHeightPx / PATCH_HEIGHT;
  planes.isBlurred = zeroed(planes.flagStride * planes.flagRows + SLACK);
  planes.isWanted = zeroed(planes.flagStride * planes.flagRows + SLACK);

  planes.rowOffsets = zeroed(4 * (evenHeightPx + 2 * radius));
  planes.downTaps = zeroed(16 * (radius + 1));
  planes.acrossTaps = zeroed(32 * (radius + 1));
  planes.sumsStride = 2 * (planes.blurredStride + 2 * SUMS_MARGIN);
  planes.sums = zeroed(2 * planes.sumsStride + SLACK);
  for (let i = 0; i < evenHeightPx + 2 * radius; i++) {
    store<i32>(planes.rowOffsets + (i << 2), reflect(i - radius, heightPx) * stride);
  }

  planes.bitStride = align(widthPx + SPREAD_ROOM, 128) >> 3;
  planes.difference = newBitPlane(planes);
  planes.earlierDifference = pictures == 3 ? newBitPlane(planes) : 0;
  planes.watched = 0;
  planes.mask = newBitPlane(planes);
  planes.passed = newBitPlane(planes);
  planes.rightEdges = newBitPlane(planes);
  planes.fullRow = zeroed(planes.bitStride);
  memory.fill(planes.fullRow, 0xff, widthPx >> 3);
  const rest: i32 = (1 << (widthPx & 7)) - 1;
  store<u8>(planes.fullRow + (widthPx >> 3), <u8>rest);
  return changetype<usize>(planes);
}

export function freePlanes(pointer: usize): void {
  const planes = changetype<Planes>(pointer);
  heap.free(planes.current);
  heap.free(planes.previous);
  heap.free(planes.blurred);
  heap.free(planes.isBlurred);
  heap.free(planes.isWanted);
  heap.free(planes.rowOffsets);
  heap.free(planes.downTaps);
  heap.free(planes.acrossTaps);
  heap.free(planes.sums);
  freeBitPlane(planes, planes.difference);
  if (planes.earlierDifference != 0) freeBitPlane(planes, planes.earlierDifference);
  freeBitPlane(planes, planes.mask);
  freeBitPlane(planes, planes.passed);
  freeBitPlane(planes, planes.rightEdges);
  heap.free(planes.fullRow);
  heap.free(pointer);
}

/** The plane that takes the next picture, which becomes `current`. */
export function nextPicture(planes: Planes): usize {
  const oldest = planes.previous;
  planes.previous = planes.current;
  planes.current = oldest;
  if (planes.earlierDifference != 0) {
    const earlier = planes.earlierDifference;
    planes.earlierDifference = planes.difference;
    planes.difference = earlier;
  }
  return oldest;
}

/** Looks only at what `plane`, a bit plane of the caller's, marks. */
export function watch(planes: Planes, plane: usize): void {
  planes.watched = plane;
}

export function maskOf(planes: Planes): usize {
  return planes.mask;
}

export function bitStrideOf(planes: Planes): i32 {
  return planes.bitStride;
}

/** Tap `index` of the blur in 1/256, 0 at the rim and `radius` at the centre. */
export function setTap(planes: Planes, index: i32, tap: i32): void {
  v128.store(planes.downTaps + (index << 4), i16x8.splat(<i16>tap));
  setTapAcross(planes, index, tap);
  setTapAcross(planes, 2 * planes.radius - index, tap);
}

/** The pixel at `index` inside 0..length - 1 that mirrors one outside, the edge pixel itself not repeated. */
export function reflect(index: i32, length: i32): i32 {
  if (length == 1) return 0;
  let inside = index;
  while (inside < 0 || inside >= length) inside = inside < 0 ? -inside : 2 * (length - 1) - inside;
  return inside;
}

export function zeroed(bytes: i32): usize {
  const block = heap.alloc(bytes);
  memory.fill(block, 0, bytes);
  return block;
}

/** Column `i` counts as `i` for the even pixels and as `i + 1` for the odd ones, which lie one further right. */
function setTapAcross(planes: Planes, column: i32, tap: i32): void {
  for (let isOdd = 0; isOdd < 2; isOdd++) {
    const pair = (column + isOdd) >> 1;
    const half = (column + isOdd) & 1;
    const taps = planes.acrossTaps + (pair << 5) + (isOdd << 4) + (half << 1);
    for (let i = 0; i < 4; i++) store<i16>(taps + (i << 2), <i16>tap);
  }
}

/** A bit plane of the planes' size, nothing marked. Traps when memory is exhausted. */
export function newBitPlane(planes: Planes): usize {
  return zeroed(planes.bitStride * (1 + planes.heightPx + ROWS_BELOW) + SLACK) + planes.bitStride;
}

export function freeBitPlane(planes: Planes, plane: usize): void {
  heap.free(plane - planes.bitStride);
}

function align(value: i32, to: i32): i32 {
  return (value + to - 1) & -to;
}
