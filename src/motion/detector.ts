import type { Contour } from './contours.ts';

/** An axis-aligned box in pixels of the analysed picture. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * An 8-bit luma plane: row-major, `stride` bytes from a row to the next, `stride >= widthPx`. Owned by the caller and
 * valid during the call only.
 */
export interface LumaPlane {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly stride: number;
  readonly data: Uint8Array;
}

/** What a detector is shown. */
export interface LumaPicture extends LumaPlane {
  /** Luma spans 0..255; otherwise 16..235, and is expanded first (see `expandLuma`). */
  readonly isFullRange: boolean;
}

/** What a detector says about one picture. */
export interface Detection {
  /** The detector's own measure, 0 for the first picture; see `DifferenceDecision` and `AdaptiveDetector`. */
  readonly score: number;
  readonly isMotion: boolean;
  /** Bounding boxes of the changed regions; empty without motion. */
  readonly boxes: readonly Box[];
  /**
   * Names of the zones that moved, empty without motion: in which what is marked would be motion by itself, or, where
   * contours are measured, in which anything is marked.
   */
  readonly zones: readonly string[];
  /** The detector takes this for the first picture of another scene and begins anew: the light was switched, the camera moved. */
  readonly isSceneChange?: true;
  /** Size of the analysed picture: the picture itself or a smaller copy of it. */
  readonly analysedWidthPx: number;
  readonly analysedHeightPx: number;
}

/** What a picture looked like inside of a detector. Planes have one byte a pixel, 0 or 255, row-major without padding. */
export interface DetectionStages {
  readonly widthPx: number;
  readonly heightPx: number;
  /** What changed by itself, without masked areas. */
  readonly changed: Uint8Array;
  /** What was made of it and measured. */
  readonly mask: Uint8Array;
  /** Of `mask`, motion or not. */
  readonly contours: readonly Contour[];
}

/**
 * Finds motion in a sequence of pictures of one size. The first picture after construction or `reset` never
 * alarms. A change of size resets by itself. May hold memory outside the JavaScript heap: dispose of it.
 */
export interface MotionDetector extends Disposable {
  detect(picture: LumaPicture): Detection;
  /** The stages of the picture detected last, for explaining; undefined when there is none. Costs time when asked for. */
  stages(): DetectionStages | undefined;
  reset(): void;
}
