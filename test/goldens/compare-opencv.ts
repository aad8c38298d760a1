import { resolve } from 'node:path';
import { DifferenceDetector } from '../../src/motion/difference-detector.ts';
import {
  DIFFERENCE_PRESETS,
  type DifferencePreset,
  type DifferenceSettings,
} from '../../src/motion/difference-settings.ts';
import type { Detection, MotionDetector } from '../../src/motion/detector.ts';
import { FastDifferenceDetector } from '../../src/motion/kernel/fast-difference-detector.ts';
import { Kernel } from '../../src/motion/kernel/kernel.ts';
import { boxesText, checksum, pointsText } from './goldens.ts';
import { OpenCvPeer, type PeerOutcome, type PeerPictures } from './opencv-peer.ts';

/*
 * npm run compare:opencv -- CLIP...
 *
 * Decodes clips and shows every picture to all detectors, plain and fast, and to OpenCV. Says how many pictures any of
 * them sees otherwise; the exit code is 1 if there is one.
 */

const PICTURES_AT_ONCE = 50;

/** How clips are analysed: shrunk to 500 pixels by the detectors, and as they are at 640x360. */
const SIZES = [
  { title: '500 wide', widthPx: 500 },
  { title: '640x360', widthPx: 640, shrunk: { widthPx: 640, heightPx: 360 } },
];

interface Contestant {
  readonly preset: DifferencePreset;
  readonly settings: DifferenceSettings;
  readonly variants: readonly { readonly name: string; readonly detector: MotionDetector }[];
}

/** Pictures that differ, by preset and variant, and what differs. */
type Differences = Map<string, Map<keyof PeerOutcome, number>>;

function contestants(kernel: Kernel, analysedWidthPx: number): Contestant[] {
  const presets = Object.entries(DIFFERENCE_PRESETS) as [DifferencePreset, DifferenceSettings][];
  return presets.map(([preset, usual]) => {
    const settings = { ...usual, analysedWidthPx };
    const plain = { name: 'plain', detector: new DifferenceDetector(settings) };
    const fast = { name: 'fast', detector: new FastDifferenceDetector(kernel, settings) };
    return { preset, settings, variants: [plain, fast] };
  });
}

async function compareClip(
  peer: OpenCvPeer,
  contested: readonly Contestant[],
  differences: Differences,
): Promise<number> {
  let shown = 0;
  while (true) {
    const pictures = await peer.read(PICTURES_AT_ONCE);
    if (pictures.lumas.length === 0) return shown;
    shown += pictures.lumas.length;
    for (const { preset, settings, variants } of contested) {
      const expected = await peer.detect(preset, settings);
      for (const { name, detector } of variants) {
        const counts = differences.get(`${preset}, ${name}`) ?? new Map<keyof PeerOutcome, number>();
        differences.set(`${preset}, ${name}`, counts);
        outcomesOf(detector, pictures).forEach((outcome, i) => count(outcome, expected[i], counts));
      }
    }
  }
}

function outcomesOf(detector: MotionDetector, { lumas, widthPx, heightPx }: PeerPictures): PeerOutcome[] {
  return lumas.map((data) => {
    const picture = { widthPx, heightPx, stride: widthPx, data, isFullRange: true };
    return outcomeOf(detector, detector.detect(picture));
  });
}

function outcomeOf(detector: MotionDetector, { score, isMotion }: Detection): PeerOutcome {
  const stages = detector.stages();
  const contours = stages?.contours ?? [];
  return {
    score,
    isMotion,
    changed: checksum(stages?.changed ?? ''),
    mask: checksum(stages?.mask ?? ''),
    boxes: checksum(boxesText(contours)),
    areaPx: contours.reduce((sum, { areaPx }) => sum + areaPx, 0),
    points: checksum(pointsText(contours)),
  };
}

function count(
  outcome: PeerOutcome,
  expected: PeerOutcome | undefined,
  counts: Map<keyof PeerOutcome, number>,
): void {
  for (const key of Object.keys(outcome) as (keyof PeerOutcome)[]) {
    const isDifferent = outcome[key] !== expected?.[key];
    counts.set(key, (counts.get(key) ?? 0) + (isDifferent ? 1 : 0));
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(clips: readonly string[]): Promise<number> {
  if (clips.length === 0) throw new Error('usage: npm run compare:opencv -- CLIP...');
  using peer = OpenCvPeer.start();
  const { opencv } = await peer.versions();
  const kernel = Kernel.load(resolve('dist/kernel.wasm'));
  print(`Pictures in which a detector differs from OpenCV ${opencv}:`);
  let isDifferent = false;
  for (const clip of clips) {
    for (const { title, widthPx, shrunk } of SIZES) {
      await peer.open(clip, shrunk);
      const contested = contestants(kernel, widthPx);
      const differences: Differences = new Map();
      const shown = await compareClip(peer, contested, differences);
      for (const { variants } of contested) for (const { detector } of variants) detector[Symbol.dispose]();
      print(`\n${clip}, ${title}, ${shown} pictures`);
      if (shown === 0) throw new Error(`there is no picture in ${clip}`);
      for (const [name, counts] of differences) {
        print(`  ${name}: ${[...counts].map(([what, pictures]) => `${what} ${pictures}`).join(', ')}`);
        isDifferent ||= [...counts.values()].some((pictures) => pictures > 0);
      }
    }
  }
  print(isDifferent ? '\nThere are differences.' : '\nNo difference.');
  return isDifferent ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
