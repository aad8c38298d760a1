import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { VideoFile } from '../../src/lab/video-file.ts';
import { readExport } from '../../src/playback/testing/read-export.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { findStamps } from '../fake-camera/frame-stamps.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

interface Told {
  readonly ok: boolean;
  readonly cameras: readonly {
    readonly camera: string;
    readonly files: readonly {
      readonly path: string;
      readonly sha256: string;
      readonly pictures: number;
      readonly from: string;
    }[];
    readonly missing: readonly unknown[];
    readonly error?: string;
  }[];
}

/** Pictures at 10 a second: two events, the second of which reaches back over the first. */
const WANTED_PICTURES = 240;
/** Six seconds of them. */
const MORE_PICTURES = 6 * TINY.rateFps;
/** Footage is on disk by then. */
const SAFE_MS = 6_000;

const cleanup: AsyncDisposable[] = [];
let folder = '';
let fromMs = 0;
let toMs = 0;
let told: Told;

/** As a user would write it. */
const at = (ms: number) => new Date(ms).toISOString();

const exportOf = (...words: string[]) => PrerollProcess.run(['export', ...words], { folder });

beforeAll(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
  const busy = { ...TINY, loopSeconds: 14, hasSound: true };
  const always = await FakeCamera.start({
    clock: systemClock,
    main: await testClip({ ...busy, bFrames: 2 }),
  });
  const events = await FakeCamera.start({ clock: systemClock, main: await testClip(busy) });
  cleanup.push(always, events);
  await writeConfig(folder, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '10s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    cameras: {
      always: { url: always.url, mode: 'always', audio: true },
      events: { url: events.url, audio: true },
    },
  });
  const recorder = PrerollProcess.start(['run'], { folder });
  cleanup.push(recorder);
  await recorder.says('connected', 2);
  const startedMs = Date.now();
  const sentBefore = always.framesSent();
  await vi.waitFor(() => expect(always.framesSent()).toBeGreaterThan(sentBefore + WANTED_PICTURES), {
    timeout: PATIENCE_MS,
    interval: 200,
  });
  // Between two pictures, and between two key pictures.
  fromMs = startedMs + 4_333;
  toMs = Date.now() - SAFE_MS;
  // The span is on disk, be that slow, by the time that so much more has come.
  const sentBy = always.framesSent();
  await vi.waitFor(() => expect(always.framesSent()).toBeGreaterThan(sentBy + MORE_PICTURES), {
    timeout: PATIENCE_MS,
    interval: 200,
  });
  const words = ['always', 'events', '--from', at(fromMs), '--to', at(toMs), '--out', 'out', '--json'];
  const { code, stdout, stderr } = await exportOf(...words);
  expect(code, stderr).toBe(0);
  told = JSON.parse(stdout) as Told;
  await recorder.interrupt();
});

afterAll(async () => {
  for (const each of cleanup.toReversed()) await each[Symbol.asyncDispose]();
});

/** Numbers of the pictures that the files show within the span, each once, in order. */
function shownIn(recordings: readonly Recording[]): number[] {
  const shown = new Map<number, number>();
  for (const { mp4, video, stamps } of recordings) {
    const { createdAt, tracks } = mp4.header;
    const first = tracks.find(({ track }) => track === video)?.firstShown ?? Number.NaN;
    const runs = mp4.fragments.flatMap((fragment) => fragment.runs);
    const pictures = runs.filter((run) => run.header.track === video).flatMap((run) => run.samples);
    for (const [i, { pts }] of pictures.entries()) {
      const wallMs = createdAt + (pts - first) / 90;
      if (wallMs >= fromMs && wallMs < toMs) shown.set(stamps[i]?.number ?? Number.NaN, pts);
    }
  }
  return [...shown].toSorted(([, a], [, b]) => a - b).map(([number]) => number);
}

describe.each(['always', 'events'])('exporting the camera %s while it is recorded', (camera) => {
  test('shows exactly the pictures of the span, each once, and decodes whole', async () => {
    const [file] = told.cameras.find((each) => each.camera === camera)?.files ?? [];
    if (file === undefined) throw new Error('no file was told');
    const recordings = await recordingsOf(join(folder, 'archive'), camera);
    expect(recordings.length).toBeGreaterThan(1);
    const stampIn = (packet: Buffer) => findStamps(packet)[0]?.number ?? 0;
    const { tracks } = await readExport(file.path, [90_000, 16_000], stampIn);
    const pictures = tracks[0]?.map(({ number }) => number) ?? [];
    expect(pictures).toEqual(shownIn(recordings));
    expect(pictures.length).toBeGreaterThan(50);
    expect(file.pictures).toBe(pictures.length);
    expect(tracks[1]?.length).toBeGreaterThan(50);
    using video = new VideoFile(file.path);
    let decoded = 0;
    while (video.advance(() => (decoded += 1)));
    expect([decoded, video.damaged]).toEqual([pictures.length, 0]);
  });

  test('writes its checksum beside it', async () => {
    const [file] = told.cameras.find((each) => each.camera === camera)?.files ?? [];
    const bytes = await readFile(file?.path ?? '');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file?.sha256);
    const sums = await readFile(`${file?.path}.sha256`, 'utf8');
    expect(sums).toMatch(new RegExp(`^${file?.sha256}  ${camera}_[-_0-9]+\\.mp4\n$`));
  });
});

test('replaces files only when told, and by the same bytes', async () => {
  const path = told.cameras[0]?.files[0]?.path ?? '';
  const words = ['always', '--from', at(fromMs), '--to', at(toMs), '--out', path];
  const refused = await exportOf(...words);
  expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('exists already; --force')]);
  const forced = await exportOf(...words, '--force', '--json');
  expect(forced.code, forced.stderr).toBe(0);
  const again = (JSON.parse(forced.stdout) as Told).cameras[0]?.files[0];
  expect(again?.sha256).toBe(told.cameras[0]?.files[0]?.sha256);
});

test('finds the same footage without an index', async () => {
  const words = ['events', '--from', at(fromMs), '--to', at(toMs), '--out', 'again.mp4', '--json'];
  const { code, stdout, stderr } = await exportOf(...words, '--set', 'archive.index=none.db');
  expect(code, stderr).toBe(0);
  const [file] = (JSON.parse(stdout) as Told).cameras[0]?.files ?? [];
  expect(file?.sha256).toBe(told.cameras[1]?.files[0]?.sha256);
});

test('says what cannot be exported, and leaves nothing behind', async () => {
  const before = await readdir(folder, { recursive: true });
  const span = ['--from', at(fromMs), '--to', at(toMs)];
  const nothing = await exportOf('always', 'nobody', '--from', '2001-01-01', '--to', '2001-01-02');
  expect([nothing.code, nothing.stdout]).toEqual([1, expect.stringContaining('nothing was recorded')]);
  expect(nothing.stdout).toMatch(/nobody: .* the cameras are always, events/);
  const inside = await exportOf('always', ...span, '--out', 'archive/always/mine.mp4');
  expect([inside.code, inside.stderr]).toEqual([1, expect.stringContaining('lies in the archive')]);
  const outside = await exportOf('../always', ...span);
  expect([outside.code, outside.stderr]).toEqual([1, expect.stringContaining("expected a camera's name")]);
  const backwards = await exportOf('always', '--from', at(toMs), '--to', at(fromMs));
  expect(backwards.code).toBe(2);
  const endless = await exportOf('always', '--from', at(fromMs));
  expect(endless.code).toBe(2);
  expect(await readdir(folder, { recursive: true })).toEqual(before);
});
