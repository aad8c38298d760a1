import type { MediaTicks, WallMs } from '../base/time.ts';
import type { Box, Detection } from './detector.ts';

/** A box in fractions of the picture: 0 is its left or top edge, 1 its right or bottom edge. */
export interface NormalisedBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What analysis says about one picture of one camera. */
export interface MotionSample {
  /** When the picture was taken. */
  readonly wallMs: WallMs;
  /** The same moment on the analysed track's media clock. */
  readonly pts: MediaTicks;
  /** The detector's own measure (see `Detection`). */
  readonly score: number;
  readonly isMotion: boolean;
  /** The changed regions, empty without motion; at most `MAX_SAMPLE_BOXES`, the largest ones. */
  readonly boxes: readonly NormalisedBox[];
  /** Names of the zones that moved (see `Detection`). */
  readonly zones: readonly string[];
  /** As in `Detection`. */
  readonly isSceneChange?: true;
  readonly analysedWidthPx: number;
  readonly analysedHeightPx: number;
}

/** Bounds a sample on its way between processes; a picture of noise has thousands of regions. */
export const MAX_SAMPLE_BOXES = 64;

/** The sample of a detection, its boxes in fractions of the picture. */
export function motionSample(detection: Detection, pts: MediaTicks, atWallMs: WallMs): MotionSample {
  const { score, isMotion, boxes, zones, isSceneChange, analysedWidthPx, analysedHeightPx } = detection;
  return {
    wallMs: atWallMs,
    pts,
    score,
    isMotion,
    boxes: largest(boxes).map((box) => normalised(box, analysedWidthPx, analysedHeightPx)),
    zones,
    ...(isSceneChange === undefined ? {} : { isSceneChange }),
    analysedWidthPx,
    analysedHeightPx,
  };
}

function largest(boxes: readonly Box[]): readonly Box[] {
  if (boxes.length <= MAX_SAMPLE_BOXES) return boxes;
  return boxes.toSorted((a, b) => b.width * b.height - a.width * a.height).slice(0, MAX_SAMPLE_BOXES);
}

function normalised(box: Box, widthPx: number, heightPx: number): NormalisedBox {
  return {
    x: box.x / widthPx,
    y: box.y / heightPx,
    width: box.width / widthPx,
    height: box.height / heightPx,
  };
}
