import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BitMask } from '../../src/motion/bit-mask.ts';
import type { CurrentSettings } from '../../src/motion/current-detector.ts';
import type { Box } from '../../src/motion/detector.ts';
import type { Scene } from './scene.ts';

export interface BoxesGolden {
  readonly boxes: number;
  readonly boxesChecksum: string;
}

export interface FrameGolden extends BoxesGolden {
  readonly scaled: string;
  readonly blurred: string;
  readonly difference: string;
  readonly mask: string;
  readonly score: number;
  readonly isMotion: boolean;
}

export interface PipelineGolden {
  readonly scene: Scene;
  readonly settings: CurrentSettings;
  readonly frames: readonly FrameGolden[];
}

export interface MaskGolden extends BoxesGolden {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly seed: number;
  readonly permille: number;
  readonly dilateIterations: number;
  readonly erodeIterations: number;
  readonly mask: string;
  readonly count: number;
}

export interface Goldens {
  /** OpenCV's version. */
  readonly opencv: string;
  readonly pipelines: readonly PipelineGolden[];
  /** Checksum by size of the blur, of `blurScene`. */
  readonly blurs: Readonly<Record<string, string>>;
  readonly masks: readonly MaskGolden[];
}

/** The picture that `blurs` are of. */
export const blurScene: Scene = { widthPx: 71, heightPx: 43, seed: 12, noise: 191, rectangles: [] };

/** What OpenCV made of generated pictures; written by `make-goldens.py`. */
export function readGoldens(): Goldens {
  const file = new URL('../../src/motion/testdata/opencv.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Goldens;
}

export function checksum(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}

/** The masks of the goldens are 1 where marked. */
export function maskChecksum(mask: BitMask): string {
  return checksum(mask.toBytes().map((byte) => byte & 1));
}

export function boxesGolden(boxes: readonly Box[]): BoxesGolden {
  const text = boxes.map(({ x, y, width, height }) => [x, y, width, height].join(',')).join(';');
  return { boxes: boxes.length, boxesChecksum: checksum(text) };
}
