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
  /** The detector's own measure; for `current` the number of changed pixels after erosion. */
  readonly score: number;
  readonly isMotion: boolean;
  /** Bounding boxes of the changed regions; empty without motion. */
  readonly boxes: readonly Box[];
  /** Names of the zones in which what changed is motion by itself; empty without motion. */
  readonly zones: readonly string[];
  /** Size of the analysed picture: the picture itself or a smaller copy of it. */
  readonly analysedWidthPx: number;
  readonly analysedHeightPx: number;
}

/**
 * Finds motion in a sequence of pictures of one size. The first picture after construction or `reset` never
 * alarms. A change of size resets by itself. May hold memory outside the JavaScript heap: dispose of it.
 */
export interface MotionDetector extends Disposable {
  detect(picture: LumaPicture): Detection;
  reset(): void;
}
