/*
 * The motion kernel: what DifferenceDetector and PlainBackground do, on vectors of 128 bits and equal to them to the bit. AssemblyScript, which
 * reads like TypeScript but has machine integers and addresses; built to dist/motion/kernel/kernel.wasm. All of it
 * works on blocks of linear memory that the host asks for and gives back.
 */
export { beginBackground, brighten, countOffsets, freeBackground, learn, newBackground } from './adaptive.as';
export { expandLuma } from './luma.as';
export { forgetPictures, keepWatched, markChanged, markDifference } from './difference.as';
export {
  bitStrideOf,
  freeBitPlane,
  freePlanes,
  maskOf,
  newBitPlane,
  newPlanes,
  nextPicture,
  setTap,
  watch,
} from './planes.as';
export {
  freeAreaShares,
  halve,
  newAreaShares,
  sharesAcross,
  sharesDown,
  shrinkAreas,
  shrinkBlocks,
} from './shrink.as';
export { countMarked, countWithin, dilate, erode } from './spread.as';
export {
  bottom,
  doubleArea,
  doubleContourArea,
  findRegions,
  largestBox,
  left,
  nextBoxes,
  nextRegion,
  points,
  right,
  top,
  writePoints,
} from './border.as';

/** A block of linear memory with an address of a multiple of 16. Traps when memory is exhausted. */
export function allocate(bytes: i32): usize {
  return heap.alloc(bytes);
}

export function release(block: usize): void {
  heap.free(block);
}
