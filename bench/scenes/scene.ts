import type { Polygon } from '../../src/motion/areas.ts';
import type { Box } from '../../src/motion/detector.ts';

/** All scenes are so large, and in limited range. */
export const SCENE_SIZE = { widthPx: 640, heightPx: 360 };
/** So many pictures of a scene are drawn and analysed a second. */
export const SCENE_FPS = 5;

/** Someone crosses the picture. */
export interface Passage {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Where they are to be seen then, in pixels; undefined where that is not known. */
  boxAt(seconds: number): Box | undefined;
}

/** Something that changes a picture, in the order of the layers: luma of 16..235, row-major without padding. */
export type Layer = (luma: Uint8Array, seconds: number) => void;

/** A generated scene with all that is true about it. */
export interface Scene {
  readonly name: string;
  /** What is difficult about it, for readers. */
  readonly about: string;
  readonly seconds: number;
  /** What a user would mask. */
  readonly masks: readonly Polygon[];
  readonly passages: readonly Passage[];
  /** What stands still. */
  readonly backdrop: Uint8Array;
  readonly layers: readonly Layer[];
}

/** Draws the picture at a time into `luma`. */
export function drawScene({ backdrop, layers }: Scene, seconds: number, luma: Uint8Array): void {
  luma.set(backdrop);
  for (const layer of layers) layer(luma, seconds);
}
