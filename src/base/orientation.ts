/**
 * How pictures are to be shown: mirrored left to right where that is so, and then turned clockwise. The coded picture stays
 * as it is; whoever shows or decodes it sets it right.
 */
export interface Orientation {
  readonly turnDegrees: Turn;
  readonly isMirrored: boolean;
}

export type Turn = 0 | 90 | 180 | 270;
