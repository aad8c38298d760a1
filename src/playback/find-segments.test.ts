import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { SegmentRecord } from '../db/records.ts';
import { findInFiles, findInIndex, type FootageIndex, type FootageQuery } from './find-segments.ts';
import type { PlaybackError } from './playback-error.ts';
import { makeTestRun, writeTestSegment, type TestSegment } from './testing/test-run.ts';

const START = Date.UTC(2026, 10, 22, 20, 0, 0);
const VOLUME = { id: 'a volume', path: '', maxBytes: undefined, moveAfterMs: undefined };

let outer = '';
let root = '';
let told: PlaybackError[] = [];
beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'preroll-find-'));
  root = join(outer, 'archive');
  await mkdir(join(root, 'yard'), { recursive: true });
  told = [];
});
afterEach(() => rm(outer, { recursive: true, force: true }));

function query(fromMs: number, toMs: number, camera = 'yard'): FootageQuery {
  return {
    camera,
    span: { fromWallMs: wallMs(START + fromMs), toWallMs: wallMs(START + toMs) },
    onProblem: (problem) => told.push(problem),
  };
}

async function record(name: string, startMs: number, changes: Partial<TestSegment> = {}): Promise<string> {
  const path = join(root, 'yard', name);
  const run = makeTestRun({ startWallMs: START + startMs, pictures: 25 });
  await writeTestSegment({ path, run, from: 0, to: 25, ...changes });
  return path;
}

const kinds = () => told.map(({ kind }) => kind);

describe('findInFiles', () => {
  it('finds the files that may hold footage of the span, on all volumes', async () => {
    await record('1.mp4', 0);
    const second = await record('2.mp4', 2_000);
    const other = join(root, 'other');
    const third = await record('3.mp4', 4_000, { path: join(other, 'yard', '3.mp4'), kind: 'timelapse' });
    await record('4.mp4', 6_000);
    const files = await findInFiles([other, root, join(root, 'none')], query(2_500, 6_000));
    expect(files).toEqual([
      {
        path: second,
        startWallMs: START + 2_000,
        runStartWallMs: START + 2_000,
        isTimelapse: false,
        isOpen: false,
      },
      {
        path: join(other, 'yard', '3.mp4'),
        startWallMs: START + 4_000,
        runStartWallMs: START + 4_000,
        isTimelapse: true,
        isOpen: false,
      },
    ]);
    expect(third).toBe(join(root, 'yard', '3.mp4'));
    expect(told).toEqual([]);
  });

  it('finds files without an end whenever they began', async () => {
    const open = await record('1.mp4', 0, { isOpen: true });
    const files = await findInFiles([root], query(60_000, 70_000));
    expect(files.map(({ path, isOpen }) => [path, isOpen])).toEqual([[open, true]]);
  });

  it('orders by runs, so that a clock that was put back mixes nothing', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 50 });
    const next = makeTestRun({ startWallMs: START + 500, pictures: 50 });
    const paths = ['a1.mp4', 'b1.mp4', 'a2.mp4', 'b2.mp4'];
    for (const [i, name] of paths.entries()) {
      const from = i < 2 ? 0 : 20;
      await record(name, 0, { run: name.startsWith('a') ? run : next, from, to: from + 20 });
    }
    const files = await findInFiles([root], query(0, 10_000));
    expect(files.map(({ path }) => path.slice(-6))).toEqual(['a1.mp4', 'a2.mp4', 'b1.mp4', 'b2.mp4']);
  });

  it('tells of files that are gone or links, and goes on', async () => {
    await rm(await record('1.mp4', 0));
    const second = await record('2.mp4', 2_000);
    await rename(second, join(root, 'elsewhere.mp4'));
    await symlink(join(root, 'elsewhere.mp4'), second);
    await record('3.mp4', 4_000);
    expect(await findInFiles([root], query(0, 10_000))).toHaveLength(1);
    expect(kinds()).toEqual(['missing', 'outside']);
  });

  it.each(['..', '.', '../yard', '/etc', 'yard/..', '', 'a\0b', 'C:'])(
    'refuses the camera %j',
    async (camera) => {
      await expect(findInFiles([root], query(0, 1, camera))).rejects.toMatchObject({ kind: 'outside' });
    },
  );
});

describe('findInIndex', () => {
  function indexOf(segments: readonly Partial<SegmentRecord>[]): FootageIndex {
    const whole = segments.map(
      (segment) =>
        ({
          volume: VOLUME.id,
          camera: 'yard',
          kind: 'continuous',
          isOpen: false,
          startWallMs: START,
          runStartWallMs: START,
          ...segment,
        }) as SegmentRecord,
    );
    return {
      segments: async () => whole.filter(({ isOpen }) => !isOpen),
      openSegments: async () => whole.filter(({ isOpen }) => isOpen),
    };
  }
  const find = async (segments: readonly Partial<SegmentRecord>[]) =>
    await findInIndex(indexOf(segments), [{ ...VOLUME, path: root }], query(0, 10_000));

  it('finds what it names, and what has grown since it was synced', async () => {
    const closed = await record('1.mp4', 0);
    const open = await record('2.mp4', 1_000, { isOpen: true });
    const files = await find([
      { path: 'yard/1.mp4' },
      { path: 'yard/2.mp4', isOpen: true, startWallMs: wallMs(START + 1_000) },
      { path: 'yard/3.mp4', isOpen: true, startWallMs: wallMs(START + 10_000) },
      { path: 'gate/2.mp4', isOpen: true, camera: 'gate' },
    ]);
    expect(files.map(({ path, isOpen }) => [path, isOpen])).toEqual([
      [closed, false],
      [open, true],
    ]);
    expect(told).toEqual([]);
  });

  it('tells of files that are gone, and of volumes that are not there', async () => {
    expect(await find([{ path: 'yard/1.mp4' }, { path: 'yard/2.mp4', volume: 'another' }])).toEqual([]);
    expect(kinds()).toEqual(['missing', 'missing']);
  });

  it('opens nothing outside of the volume, whatever the index says', async () => {
    await record('1.mp4', 0);
    await writeTestSegment({
      path: join(outer, 'outside.mp4'),
      run: makeTestRun({ startWallMs: START, pictures: 10 }),
      from: 0,
      to: 10,
    });
    await symlink(join(root, 'yard'), join(root, 'link'));
    const paths = ['../outside.mp4', 'yard/../yard/1.mp4', '/etc/passwd', 'yard//1.mp4', 'yard', 'a\0'];
    expect(await find(paths.map((path) => ({ path })))).toEqual([]);
    expect(kinds()).toEqual(paths.map(() => 'outside'));
  });
});
