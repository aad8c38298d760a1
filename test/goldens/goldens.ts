import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BitMask } from '../../src/motion/bit-mask.ts';
import type { Contour } from '../../src/motion/contours.ts';
import type { Detection, MotionDetector } from '../../src/motion/detector.ts';
import type { DifferencePreset, DifferenceSettings } from '../../src/motion/difference-settings.ts';
import { renderMask, type Scene } from './scene.ts';

export interface ContoursGolden {
  readonly contours: number;
  readonly contoursChecksum: string;
}

export interface FrameGolden extends ContoursGolden {
  readonly scaled: string;
  readonly blurred: string;
  readonly changed: string;
  readonly mask: string;
  readonly score: number;
  readonly isMotion: boolean;
}

export interface PipelineGolden {
  readonly name: string;
  readonly scene: Scene;
  readonly settings: DifferenceSettings;
  readonly frames: readonly FrameGolden[];
}

export interface MaskGolden extends ContoursGolden {
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
  /** Of the recorder that Preroll descends from, written down once more. */
  readonly presets: Readonly<Record<DifferencePreset, DifferenceSettings>>;
  readonly pipelines: readonly PipelineGolden[];
  /** Checksum by size of the blur, of `blurScene`. */
  readonly blurs: Readonly<Record<string, string>>;
  readonly masks: readonly MaskGolden[];
  /** Checksum of the contours of all `manyMasks`. */
  readonly manyContours: string;
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

/** What `FrameGolden` says of a picture, all but the steps between. */
export interface Outcome extends ContoursGolden {
  readonly changed: string | undefined;
  readonly mask: string | undefined;
  readonly score: number;
  readonly isMotion: boolean;
}

/** Of the picture that a detector detected last. Without motion there are no boxes, else those of the contours. */
export function outcomeOf(detector: MotionDetector, { score, isMotion, boxes }: Detection): Outcome {
  const stages = detector.stages();
  const contours = stages?.contours ?? [];
  assert.deepEqual(boxes, isMotion ? contours.map(({ box }) => box) : []);
  const [changed, mask] = [stages?.changed, stages?.mask].map((plane) => plane && checksum(plane));
  return { changed, mask, score, isMotion, ...contoursGolden(contours) };
}

export function outcomeOfGolden(frame: FrameGolden): Outcome {
  const { changed, mask, score, isMotion, contours, contoursChecksum } = frame;
  return { changed, mask, score, isMotion, contours, contoursChecksum };
}

export function contoursGolden(contours: readonly Contour[]): ContoursGolden {
  return { contours: contours.length, contoursChecksum: checksum(contoursText(contours)) };
}

/** A line a contour: box, twice the area, points. */
function contoursText(contours: readonly Contour[]): string {
  return contours
    .map(({ box, areaPx, points }) => [box.x, box.y, box.width, box.height, 2 * areaPx, ...points].join(','))
    .join('\n');
}

export function boxesText(contours: readonly Contour[]): string {
  return contours.map(({ box: { x, y, width, height } }) => [x, y, width, height].join(',')).join('\n');
}

export function pointsText(contours: readonly Contour[]): string {
  return contours.map(({ points }) => points.join(',')).join('\n');
}

export function manyContoursGolden(contoursOf: (mask: BitMask) => readonly Contour[]): string {
  return checksum(
    manyMasks()
      .map((mask) => contoursText(contoursOf(mask)))
      .join('\n\n'),
  );
}

/** 2,000 masks of all densities. */
function manyMasks(): BitMask[] {
  return Array.from({ length: 2_000 }, (_, seed) => {
    const [widthPx, heightPx] = [1 + ((seed * 7) % 97), 1 + ((seed * 5) % 61)];
    return BitMask.fromBytes(widthPx, heightPx, renderMask(widthPx, heightPx, seed, (seed * 37) % 1000));
  });
}
