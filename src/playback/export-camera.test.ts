import * as fc from 'fast-check';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import { h264BaselineTrack, monoTrack } from '../media/fmp4/testing/test-tracks.ts';
import type { GapPolicy } from './clip.ts';
import { exportCamera, type CameraExport } from './export-camera.ts';
import { findInFiles } from './find-segments.ts';
import type { PlaybackError } from './playback-error.ts';
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
  const files = await findInFiles([root], { camera: 'yard', span, onProblem });
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

  it('leaves out time without footage, or lets the picture before it stand', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 50 });
    const later = makeTestRun({ startWallMs: START + 10_000, pictures: 50, firstNumber: 1000 });
    await record({ run, from: 0, to: 50 });
    await record({ run: later, from: 0, to: 50 });
    const skipped = await exportYard({ fromMs: 1_000, toMs: 20_000 });
    const gap = { fromWallMs: START + 2_000, toWallMs: START + 10_000 };
    const end = { fromWallMs: START + 12_000, toWallMs: START + 20_000 };
    expect(skipped.missing).toEqual([gap, end]);
    const [joined = []] = (await readExport(out, CLOCKS)).tracks;
    expect(numbersOf(joined)).toEqual([...range(25, 50), ...range(1000, 1050)]);
    expect(joined[25]?.startSeconds).toBeCloseTo(1);
    await exportYard({ fromMs: 1_000, toMs: 20_000, gaps: 'keep' });
    const kept = await readExport(out, CLOCKS);
    expect(kept.tracks[0]?.[25]?.startSeconds).toBeCloseTo(9);
    expect(kept.durationSeconds).toBeCloseTo(11);
  });

  it('begins another file where a kept gap is longer than players can count', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 10 });
    const later = makeTestRun({ startWallMs: START + 7 * 3_600_000, pictures: 10, firstNumber: 1000 });
    await record({ run, from: 0, to: 10 });
    await record({ run: later, from: 0, to: 10 });
    expect((await exportYard({ gaps: 'skip' })).files).toHaveLength(1);
    const { files } = await exportYard({ gaps: 'keep' });
    expect(files.map(({ path }) => path)).toEqual([out, join(root, 'out_2.mp4')]);
  });

  it('treats a hole within a file as a gap, also where no key picture follows it', async () => {
    const whole = makeTestRun({ startWallMs: START, pictures: 60, gop: 60, hasSound: false });
    const lateTicks = 5 * 90_000;
    const video = whole.video.map((packet, i) =>
      i < 25
        ? packet
        : { ...packet, pts: mediaTicks(packet.pts + lateTicks), dts: mediaTicks(packet.dts + lateTicks) },
    );
    await record({ run: { ...whole, video }, from: 0, to: 60, holeBefore: 25 });
    const { missing } = await exportYard({ fromMs: 0, toMs: 7_400 });
    expect(missing).toEqual([{ fromWallMs: START + 1_000, toWallMs: START + 6_000 }]);
    const { tracks, durationSeconds } = await readExport(out, CLOCKS);
    expect(numbersOf(tracks[0])).toEqual(range(0, 60));
    expect(durationSeconds).toBeCloseTo(2.4);
  });

  it('begins another file where the format changes, and only there', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 50 });
    const silent = makeTestRun({
      startWallMs: START + 2_000,
      pictures: 50,
      firstNumber: 1000,
      hasSound: false,
    });
    const other = makeTestRun({
      startWallMs: START + 4_000,
      pictures: 50,
      firstNumber: 2000,
      track: h264BaselineTrack,
    });
    const otherSound = makeTestRun({
      startWallMs: START + 6_000,
      pictures: 50,
      firstNumber: 3000,
      track: h264BaselineTrack,
      audioTrack: monoTrack,
    });
    for (const each of [run, silent, other, otherSound]) await record({ run: each, from: 0, to: 50 });
    const { files } = await exportYard();
    expect(files.map(({ path, pictures, codecs }) => [path, pictures, codecs])).toEqual([
      [out, 100, ['avc1.64001e', 'mp4a.40.2']],
      [join(root, 'out_2.mp4'), 50, ['avc1.42c01e', 'mp4a.40.2']],
      [join(root, 'out_3.mp4'), 50, ['avc1.42c01e', 'mp4a.40.2']],
    ]);
    expect(numbersOf((await readExport(join(root, 'out_3.mp4'), [90_000, 44_100])).tracks[0])).toEqual(
      range(3000, 3050),
    );
  });

  it('plays sound that begins later from when it begins on', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 50 });
    await record({ run, from: 0, to: 20, hasSound: false });
    await record({ run, from: 20, to: 50 });
    await exportYard({ fromMs: 400 });
    const [, sounds = []] = (await readExport(out, CLOCKS)).tracks;
    const [first] = sounds;
    expect(first?.startSeconds).toBeCloseTo(((first?.number ?? 0) * 1024) / 48_000 - 0.4, 4);
    expect(first?.number).toBeGreaterThan(30);
  });

  it('fills from a time-lapse what other files leave', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 100, hasSound: false });
    const keys = { ...run, video: run.video.filter(({ isKey }) => isKey) };
    await record({ run: keys, from: 0, to: 10, kind: 'timelapse' });
    await record({ run, from: 30, to: 55, kind: 'event' });
    await exportYard();
    const [pictures] = (await readExport(out, CLOCKS)).tracks;
    expect(numbersOf(pictures)).toEqual([0, 10, 20, ...range(30, 55), 60, 70, 80, 90]);
  });

  it('leaves out pictures that refer to others from before a gap', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 20 });
    const later = makeTestRun({ startWallMs: START + 5_000, pictures: 20, firstNumber: 1000 });
    // As in an open GOP of H.265: the first two after the key picture are shown before it.
    const video = later.video.map((packet, i) =>
      i === 1 || i === 2 ? { ...packet, pts: mediaTicks(packet.pts - 3 * 3600) } : packet,
    );
    await record({ run, from: 0, to: 20 });
    await record({ run: { ...later, video }, from: 0, to: 20 });
    await exportYard();
    const [pictures] = (await readExport(out, CLOCKS)).tracks;
    expect(numbersOf(pictures)).toEqual([...range(0, 20), 1000, ...range(1003, 1020)]);
  });

  it('exports an open file up to its last whole fragment, and tells of one that is torn or gone', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 50 });
    const path = await record({ run, from: 0, to: 50, isOpen: true });
    await truncate(path, (await stat(path)).size - 1);
    const growing = await exportYard({ fromMs: 0, toMs: 2_000 });
    expect(growing.problems).toEqual([]);
    expect(numbersOf((await readExport(out, CLOCKS)).tracks[0])).toEqual(range(0, 40));
    expect(growing.missing).toEqual([]);
    // Its sidecar stays: somebody else deleted it.
    await rm(path);
    const closed = await record({ run, from: 0, to: 50 });
    await truncate(closed, (await stat(closed)).size - 1);
    const torn = await exportYard();
    expect(torn.problems.map(({ kind }) => kind)).toEqual(['missing', 'damaged']);
    expect(torn.files[0]?.pictures).toBe(40);
  });

  it('exports what is whole of damaged files, and tells what is not', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 60 });
    const path = await record({ run, from: 0, to: 30 });
    const headless = await record({ run, from: 30, to: 40 });
    await record({ run, from: 40, to: 60 });
    const bytes = await readFile(path);
    const secondFragment = bytes.indexOf('moof', bytes.indexOf('moof') + 4);
    // The flags of the second fragment's first sample.
    const flagged = bytes.indexOf('trun', secondFragment) + 24;
    bytes.writeUInt8(bytes.readUInt8(flagged) ^ 1, flagged);
    await writeFile(path, bytes);
    await truncate(headless, 100);
    const { problems } = await exportYard();
    expect(problems.map(({ kind }) => kind)).toEqual(['damaged', 'damaged']);
    expect(numbersOf((await readExport(out, CLOCKS)).tracks[0])).toEqual([
      ...range(0, 10),
      ...range(20, 30),
      ...range(40, 60),
    ]);
  });

  it('exports pictures that have changed on the disk, and tells of them', async () => {
    const path = await record({ run: makeTestRun({ startWallMs: START, pictures: 30 }), from: 0, to: 30 });
    const bytes = await readFile(path);
    bytes.writeUInt8(1, bytes.lastIndexOf('mdat') + 4 + 7);
    await writeFile(path, bytes);
    const { problems, files } = await exportYard();
    expect(problems.map(({ kind }) => kind)).toEqual(['damaged']);
    expect(files[0]?.pictures).toBe(30);
  });

  it('says so when nothing was recorded', async () => {
    await expect(exportYard()).rejects.toMatchObject({ kind: 'nothing' });
    await record({ run: makeTestRun({ startWallMs: START, pictures: 20 }), from: 0, to: 20 });
    await expect(exportYard({ fromMs: 5_000 })).rejects.toMatchObject({ kind: 'nothing' });
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
