import * as fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { GapPolicy } from './clip.ts';
import { exportCamera, type CameraExport } from './export-camera.ts';
import { findSegmentsInFiles } from './find-segments.ts';
import { PlaybackError } from './playback-error.ts';
import { readExport, type PlayedSample, type ReadExport } from './testing/read-export.ts';
import { makeTestRun, writeTestSegment, type TestRun, type TestSegment } from './testing/test-run.ts';

const START = Date.UTC(2026, 10, 22, 20, 0, 0);
const CLOCKS = [90_000, 48_000];

let root = '';
let out = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-playback-'));
  out = join(root, 'out.mp4');
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Wanted {
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly gaps?: GapPolicy;
}

/** @param wanted ms since `START`. */
async function exportYard({ fromMs = -1e6, toMs = 1e9, gaps = 'skip' }: Wanted = {}): Promise<CameraExport> {
  const span = { fromWallMs: wallMs(START + fromMs), toWallMs: wallMs(START + toMs) };
  const problems: PlaybackError[] = [];
  const onProblem = (problem: PlaybackError) => problems.push(problem);
  const files = await findSegmentsInFiles(root, { camera: 'yard', span, onProblem });
  const result = await exportCamera({
    camera: 'yard',
    files,
    span,
    gaps,
    path: out,
    isReplaced: true,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  return { ...result, problems: [...problems, ...result.problems] };
}

let names = 0;
async function record(segment: Omit<TestSegment, 'path'>): Promise<string> {
  names += 1;
  const path = join(root, 'yard', `${names}.mp4`);
  await writeTestSegment({ path, ...segment });
  return path;
}

const numbersOf = (track: ReadExport['tracks'][number] | undefined) => track?.map(({ number }) => number);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('exportCamera', () => {
  it('shows exactly the pictures of the span, in order, from the key picture before on', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 100, bPictures: 2 });
    await record({ run, from: 0, to: 100 });
    const { files, missing } = await exportYard({ fromMs: 1_480, toMs: 3_000 });
    const { tracks, decoded, durationSeconds } = await readExport(out, CLOCKS);
    // With B pictures, number n is shown 40 ms times n + 1 after the start.
    expect(numbersOf(tracks[0])).toEqual(range(36, 74));
    expect(decoded[0]).toBe(30);
    expect(durationSeconds).toBe(1.52);
    expect(missing).toEqual([]);
    expect(files).toMatchObject([
      { path: out, pictures: 38, lengthMs: 1_520, fromWallMs: START + 1_480, toWallMs: START + 3_000 },
    ]);
  });

  it('ends within the last picture where the span does', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 100 });
    await record({ run, from: 0, to: 100 });
    await exportYard({ fromMs: 390, toMs: 1_001 });
    const { tracks, durationSeconds } = await readExport(out, CLOCKS);
    expect(numbersOf(tracks[0])).toEqual(range(10, 26));
    expect(durationSeconds).toBe(0.601);
  });

  it('shows every picture of files that continue or reach back over each other once', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 200, bPictures: 1 });
    await record({ run, from: 0, to: 53 });
    await record({ run, from: 40, to: 80, correctionMs: 3 });
    await record({ run, from: 50, to: 60 });
    await record({ run, from: 80, to: 120, correctionMs: -2 });
    await exportYard();
    const { tracks } = await readExport(out, CLOCKS);
    expect(numbersOf(tracks[0])).toEqual(range(0, 120));
    expect(numbersOf(tracks[1])).toEqual(range(1, 225));
  });

  it('shows of any recordings what they hold of any span, once, in order, with sound in step', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecordings, anySpan, fc.constantFrom('skip', 'keep'), async (runs, span, gaps) => {
        await rm(join(root, 'yard'), { recursive: true, force: true });
        for (const { run, segments } of runs) for (const part of segments) await record({ run, ...part });
        const expected = runs.flatMap((recorded) => shownIn(recorded, span));
        if (expected.length === 0) {
          await expect(exportYard({ ...span, gaps })).rejects.toMatchObject({ kind: 'nothing' });
          return;
        }
        const { problems } = await exportYard({ ...span, gaps });
        expect(problems).toEqual([]);
        const [pictures = [], sounds = []] = (await readExport(out, CLOCKS)).tracks;
        expect(numbersOf(pictures)).toEqual(expected.map(({ number }) => number));
        for (const [i, { startSeconds }] of pictures.entries()) {
          const keptMs = (expected[i]?.wallMs ?? Number.NaN) - (expected[0]?.wallMs ?? 0);
          expect(startSeconds * 1000).toBeCloseTo(gaps === 'keep' ? keptMs : i * 40, 1);
        }
        expect(sounds.slice(1).filter((sound) => !isInStep(sound, pictures, runs))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

interface Recorded {
  readonly run: TestRun;
  readonly segments: readonly { readonly from: number; readonly to: number }[];
}

/** Numbers of one run are not those of another. */
const RUN_NUMBERS = 1_000_000;

const anySpan = fc
  .tuple(fc.integer({ min: -500, max: 14_000 }), fc.integer({ min: 1, max: 9_000 }))
  .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs }));

/** Up to three runs one after the other, each with files that have gaps between them, touch, or overlap. */
const anyRecordings = fc
  .array(
    fc.record({
      pauseMs: fc.integer({ min: 1_000, max: 3_000 }),
      gops: fc.integer({ min: 1, max: 8 }),
      gop: fc.constantFrom(1, 5, 12),
      bPictures: fc.constantFrom(0, 1, 2),
      segments: fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((specs) => {
    let startMs = START;
    return specs.map(({ pauseMs, gops, gop, bPictures, segments }, i): Recorded => {
      startMs += pauseMs;
      const run = makeTestRun({
        startWallMs: startMs,
        pictures: gops * gop,
        gop,
        bPictures,
        firstNumber: i * RUN_NUMBERS,
      });
      startMs += gops * gop * 40;
      const parts = segments
        .map(([first, count]) => ({
          from: (first % gops) * gop,
          to: Math.min(gops, (first % gops) + count) * gop,
        }))
        .toSorted((a, b) => a.from - b.from);
      return { run, segments: parts };
    });
  });

/** The pictures of a run that some file holds and that are shown within the span, in order. */
function shownIn({ run, segments }: Recorded, { fromMs, toMs }: { fromMs: number; toMs: number }) {
  return run.video
    .filter((_, i) => segments.some(({ from, to }) => i >= from && i < to))
    .toSorted((a, b) => a.pts - b.pts)
    .map(({ pts, data }) => ({
      number: new DataView(data.buffer).getUint32(0),
      wallMs: run.startWallMs + pts / 90,
    }))
    .filter(({ wallMs: at }) => at >= START + fromMs && at < START + toMs);
}

/** Whether a sound is played together with the pictures that were taken then. */
function isInStep(
  sound: PlayedSample,
  pictures: readonly PlayedSample[],
  runs: readonly Recorded[],
): boolean {
  const picture = pictures.findLast(({ startSeconds }) => startSeconds <= sound.startSeconds + 1e-4);
  const run = runs[Math.floor(sound.number / RUN_NUMBERS)]?.run;
  const seen = run?.video.find(({ data }) => new DataView(data.buffer).getUint32(0) === picture?.number);
  if (picture === undefined || seen === undefined) return false;
  const sentApart = ((sound.number % RUN_NUMBERS) * 1024) / 48_000 - seen.pts / 90_000;
  return Math.abs(sentApart - (sound.startSeconds - picture.startSeconds)) < 1 / 24_000;
}
