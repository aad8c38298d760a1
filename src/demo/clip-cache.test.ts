import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { obtainClip, writeClip, type ClipMaker } from './clip-cache.ts';
import { clipFileName, type ClipSpec } from './clip-spec.ts';
import type { Clip } from './clip.ts';

const SPEC: ClipSpec = {
  widthPx: 320,
  heightPx: 180,
  rateFps: 10,
  loopSeconds: 2,
  variant: 0,
  codec: 'h264',
  bitrateBps: 200_000,
  gopSeconds: 1,
  bFrames: 0,
  hasSound: false,
};
const CLIP: Clip = {
  widthPx: 320,
  heightPx: 180,
  rateFps: 10,
  parameterSets: { codec: 'h264', sps: Uint8Array.of(0x67, 1, 2, 3), pps: [Uint8Array.of(0x68, 4)] },
  units: [{ isKey: true, frame: 0, nals: [Uint8Array.of(0x65, 1)] }],
  sound: undefined,
};

let cacheDir = '';
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'preroll-clips-'));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

function obtain(make: ClipMaker, spec = SPEC) {
  const signal = new AbortController().signal;
  return obtainClip({ spec, cacheDir: join(cacheDir, 'deep'), make, onProgress: () => undefined, signal });
}

test('makes a clip once and takes it from the cache afterwards', async () => {
  let made = 0;
  const make: ClipMaker = async (_spec, path) => {
    made++;
    await writeClip(CLIP, path);
  };
  expect((await obtain(make)).units).toHaveLength(1);
  expect((await obtain(make)).units).toHaveLength(1);
  expect(made).toBe(1);
  await obtain(make, { ...SPEC, gopSeconds: 2 });
  expect(made).toBe(2);
});

test('makes a clip each time, and leaves nothing behind, where it cannot be kept', async () => {
  await writeFile(join(cacheDir, 'deep'), 'no folder');
  const paths: string[] = [];
  const make: ClipMaker = async (_spec, path) => {
    paths.push(path);
    await writeClip(CLIP, path);
  };
  for (let i = 0; i < 2; i++) expect((await obtain(make)).units).toHaveLength(1);
  expect(paths).toHaveLength(2);
  for (const path of paths) await expect(readdir(dirname(path))).rejects.toThrow('ENOENT');
});

test('makes a clip anew when the cached file is broken', async () => {
  await obtain((_spec, path) => writeClip(CLIP, path));
  await writeFile(join(cacheDir, 'deep', clipFileName(SPEC)), 'PRECLIP1 cut');
  expect((await obtain((_spec, path) => writeClip(CLIP, path))).widthPx).toBe(320);
});

test('leaves nothing behind when making fails', async () => {
  const failing: ClipMaker = async (_spec, path) => {
    await writeFile(path, 'half');
    throw new Error('no encoder');
  };
  await expect(obtain(failing)).rejects.toThrow('no encoder');
  expect(await readdir(join(cacheDir, 'deep'))).toEqual([]);
});

test('serves several askers at once', async () => {
  const make: ClipMaker = (_spec, path) => writeClip(CLIP, path);
  const clips = await Promise.all([obtain(make), obtain(make), obtain(make)]);
  expect(clips.map(({ widthPx }) => widthPx)).toEqual([320, 320, 320]);
  expect(await readdir(join(cacheDir, 'deep'))).toEqual([clipFileName(SPEC)]);
});
