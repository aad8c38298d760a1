import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Config } from '../config/config.ts';
import type { FootageIndex } from '../playback/find-segments.ts';
import { makeEvent } from '../db/testing/records.ts';
import { EventClips } from './event-clip.ts';

let folder: string;
/** Lets the index answer. */
let answer: () => void;
let clips: EventClips;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-clips-'));
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const index: FootageIndex = {
    segments: async () => {
      await answered;
      return [];
    },
    openSegments: async () => [],
  };
  // All that is asked of it.
  const config = { archive: { volumes: [] }, web: { folder } } as unknown as Config;
  clips = new EventClips({ index, config: () => config });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const make = async () => await clips.make(makeEvent(0), new AbortController().signal);

test('so many are made at once and no more, and what was begun leaves nothing behind', async () => {
  const begun = Array.from({ length: 8 }, make);
  await expect(make()).rejects.toMatchObject({ status: 429 });
  answer();
  const outcomes = await Promise.allSettled(begun);
  // There is no footage in this test.
  expect(outcomes.map((one) => one.status === 'rejected' && String(one.reason))).toEqual(
    Array.from({ length: 8 }, () => expect.stringContaining('Playback') as unknown),
  );
  expect(await readdir(join(folder, 'clips'))).toEqual([]);
  await expect(make()).rejects.not.toMatchObject({ status: 429 });
});

test('what a process has left that was killed is removed', async () => {
  await mkdir(join(folder, 'clips', 'clip-Ab3dE6'), { recursive: true });
  await writeFile(join(folder, 'clips', 'clip-Ab3dE6', 'clip.mp4'), 'x');
  await mkdir(join(folder, 'clips', 'holidays'));
  await writeFile(join(folder, 'clips', 'clip-list'), 'of somebody else');
  answer();
  await make().catch(() => undefined);
  expect(await readdir(join(folder, 'clips'))).toEqual(['clip-list', 'holidays']);
});

test('a folder that could not be prepared is tried again for the next clip', async () => {
  answer();
  await rm(folder, { recursive: true });
  await writeFile(folder, 'where the disk was');
  await expect(make()).rejects.toMatchObject({ code: 'ENOTDIR' });
  await rm(folder);
  await mkdir(folder);
  await expect(make()).rejects.toMatchObject({ kind: 'nothing' });
});
