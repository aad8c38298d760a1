import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createI420 } from '../media/i420.ts';
import { DIFFERENCE_PRESETS } from '../motion/difference-settings.ts';
import type { MotionDetector } from '../motion/detector.ts';
import { explainMoment } from './explain-moment.ts';
import { Lane } from './lane.ts';
import type { MomentFile, MomentFinding } from './moment-messages.ts';
import { Mp4Writer } from './mp4-writer.ts';

const START_MS = 1e12;
const SIZE = { widthPx: 64, heightPx: 48 };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-moment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Its score is how many pictures it was shown since it began. */
class CountingDetector implements MotionDetector {
  #shown = 0;

  detect() {
    const size = { analysedWidthPx: SIZE.widthPx, analysedHeightPx: SIZE.heightPx };
    return { score: this.#shown++, isMotion: false, boxes: [], zones: [], ...size };
  }

  stages() {
    return undefined;
  }

  reset(): void {
    this.#shown = 0;
  }

  [Symbol.dispose](): void {}
}

/** Ten seconds, five pictures and a key picture in each. */
function film(name: string, startMs: number): MomentFile {
  const path = join(folder, name);
  using writer = new Mp4Writer({ path, ...SIZE, rateFps: 5 });
  for (let index = 0; index < 50; index++) writer.write(createI420(64, 48), index * 18_000);
  writer.finish();
  return { path, startWallMs: START_MS + startMs, keyMs: 0, isContinued: false };
}

/** What is told of pictures, and what of files. */
async function findings(files: readonly MomentFile[], fromMs: number, toMs: number) {
  const told: MomentFinding[] = [];
  const event = {
    initialWaitMs: 0,
    minimalDurationMs: 10_000,
    preRollMs: 0,
    postRollMs: 0,
    maximalLengthMs: 600_000,
  };
  using lane = new Lane({ detector: new CountingDetector(), rateFps: 5, event, isExplaining: true });
  const span = { fromWallMs: START_MS + fromMs, toWallMs: START_MS + toMs };
  const settings = DIFFERENCE_PRESETS.current;
  const { signal } = new AbortController();
  await explainMoment({ files, ...span }, lane, settings, (finding) => told.push(finding), signal);
  return told;
}

async function explained(files: readonly MomentFile[], fromMs: number, toMs: number) {
  const told = await findings(files, fromMs, toMs);
  return told.flatMap((finding) => (finding.type === 'picture' ? finding.picture : []));
}

test('the pictures of the span are told, drawn, after what comes before them has been looked at', async () => {
  const told = await explained([film('a.mp4', 0)], 4_000, 6_000);
  expect(told.map(({ wallMs, score }) => [wallMs - START_MS, score])).toEqual(
    Array.from({ length: 10 }, (_, index) => [4_000 + 200 * index, 20 + index]),
  );
  expect(told[0]).toMatchObject({ neededScore: 1_500, isMotion: false });
  // JPEG files begin so.
  for (const { jpeg } of told) expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
});

test('a file that goes on from another is looked at with what was seen before, another one anew', async () => {
  const [first, second] = [film('a.mp4', 0), film('b.mp4', 10_000)];
  const scores = async (isContinued: boolean) => {
    const told = await explained([first, { ...second, isContinued }], 9_800, 10_400);
    return told.map(({ score }) => score);
  };
  expect(await scores(true)).toEqual([49, 50, 51]);
  expect(await scores(false)).toEqual([49, 0, 1]);
});

test('a file that cannot be read is named, and what follows it is looked at anew', async () => {
  const damaged = { ...film('damaged.mp4', 10_000), isContinued: true };
  writeFileSync(damaged.path, 'no film');
  const files = [film('a.mp4', 0), damaged, { ...film('c.mp4', 20_000), isContinued: true }];
  const told = await findings(files, 9_600, 20_400);
  const seen = told.map((finding) => (finding.type === 'picture' ? finding.picture.score : finding.path));
  expect(seen).toEqual([48, 49, damaged.path, 0, 1]);
  expect(told[2]).toMatchObject({ reason: expect.stringContaining('damaged.mp4') as unknown });
});

test('where no file can be read nothing is explained', async () => {
  const damaged = film('damaged.mp4', 0);
  writeFileSync(damaged.path, 'no film');
  await expect(explained([damaged, damaged], 0, 1_000)).rejects.toMatchObject({ kind: 'unreadable' });
});
