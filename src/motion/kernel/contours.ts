import type { Box } from '../detector.ts';
import type { Address, FoundRegion, Kernel } from './kernel.ts';

/** The outer border of a region of changed pixels (OpenCV's `findContours` with RETR_EXTERNAL, CHAIN_APPROX_NONE). */
export interface Contour {
  readonly box: Box;
  /** Of the polygon through the centres of the border's pixels (OpenCV's `contourArea`). */
  readonly areaPx: number;
  /**
   * The pixels of the border, x and y in turn, counter-clockwise as the picture is seen, from the region's first pixel
   * in raster order. Where the region is one pixel thin the border passes it on both sides.
   */
  readonly points: Uint16Array;
}

/** The boxes of a mask's outermost regions, in raster order of their first pixels. */
export function findBoxes(kernel: Kernel, planes: Address): Box[] {
  return Array.from(outermostRegions(kernel, planes), boxOf);
}

/** The borders of a mask's outermost regions, in raster order of their first pixels. */
export function findContours(kernel: Kernel, planes: Address): Contour[] {
  return Array.from(outermostRegions(kernel, planes), (region) => ({
    box: boxOf(region),
    areaPx: region.doubleAreaPx / 2,
    points: pointsOf(kernel, planes, region),
  }));
}

function* outermostRegions(kernel: Kernel, planes: Address): Generator<FoundRegion> {
  kernel.run.findRegions(planes);
  while (kernel.run.nextRegion(planes) !== 0) yield kernel.region;
}

function boxOf({ left, top, right, bottom }: FoundRegion): Box {
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function pointsOf(kernel: Kernel, planes: Address, { points }: FoundRegion): Uint16Array {
  const address = kernel.scratch(4 * points);
  kernel.run.writePoints(planes, address);
  return new Uint16Array(kernel.bytes(address, 4 * points).slice().buffer);
}
