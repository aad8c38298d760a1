import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSource } from '../archive/file-source.ts';
import { readSegment } from '../archive/read-segment.ts';
import { wallMs } from '../base/time.ts';
import { withLengths } from '../media/coded-picture.ts';
import { readMomentPicture } from './moment-picture.ts';
import { StoredSegment } from './stored-segment.ts';
import { makeTestRun, writeTestSegment, type TestRun } from './testing/test-run.ts';

const START = Date.UTC(2026, 10, 28, 3, 0, 0);
const KEY = { volume: 'a volume', path: 'yard/1.mp4' };
/** An SEI of H.264: whole after three pictures. */
const WHOLE_AFTER_3 = Uint8Array.of(0x06, 6, 2, 0x24, 0x40, 0x80);

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-moment-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Records a run, and reads the picture of a moment. @param atMs since its beginning. @returns the pictures' numbers. */
async function pictureAt(run: TestRun, atMs: number) {
  await writeTestSegment({ path: join(root, KEY.path), run, from: 0, to: run.video.length });
  await using source = await FileSource.open(join(root, KEY.path));
  const { segment } = await readSegment(source, KEY, undefined);
  const key = segment?.fragments.findLast(({ isKey, startMs }) => isKey && startMs <= atMs);
  if (segment === undefined || key === undefined) throw new Error('no segment');
  const volume = { id: KEY.volume, path: root, maxBytes: undefined, moveAfterMs: undefined };
  await using stored = await StoredSegment.open([volume], segment);
  const {
    packets,
    shownPts,
    wallMs: takenMs,
  } = await readMomentPicture(stored, key, wallMs(segment.startWallMs + atMs));
  const numberOf = (data: Uint8Array) => run.video.findIndex((one) => Buffer.compare(one.data, data) === 0);
  return {
    decoded: packets.map(({ data }) => numberOf(data)),
    shown: packets.findIndex(({ pts }) => pts === shownPts),
    takenMs: takenMs - segment.startWallMs,
  };
}

/** 40 ms apart, a key picture every ten. */
const plain = () => makeTestRun({ startWallMs: START, pictures: 30 });

/** Each GOP begins with a recovery point instead of a key picture. */
function refreshed(): TestRun {
  const run = plain();
  const video = run.video.map((one) =>
    one.isKey ? { ...one, data: withLengths([WHOLE_AFTER_3, one.data]) } : one,
  );
  return { ...run, video };
}

describe('readMomentPicture', () => {
  it('takes the last picture that was recorded by the moment, and those from the key picture on', async () => {
    expect(await pictureAt(plain(), 400)).toEqual({ decoded: [10], shown: 0, takenMs: 400 });
    expect(await pictureAt(plain(), 519)).toEqual({ decoded: [10, 11, 12], shown: 2, takenMs: 480 });
    expect((await pictureAt(plain(), 9_000)).decoded).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
  });

  it('takes what is shown later where the picture needs it', async () => {
    const run = makeTestRun({ startWallMs: START, pictures: 30, bPictures: 2 });
    // Pictures of 0, 120, 40 and 80 ms in the order of decoding.
    expect(await pictureAt(run, 40)).toEqual({ decoded: [0, 1, 2], shown: 2, takenMs: 40 });
    expect(await pictureAt(run, 119)).toEqual({ decoded: [0, 1, 2, 3], shown: 3, takenMs: 80 });
    expect(await pictureAt(run, 120)).toEqual({ decoded: [0, 1], shown: 1, takenMs: 120 });
  });

  it('begins a GOP earlier where pictures are refreshed stripe by stripe', async () => {
    const picture = await pictureAt(refreshed(), 440);
    expect(picture).toMatchObject({ decoded: Array.from({ length: 12 }, (_, i) => i), takenMs: 440 });
  });

  it('takes the first whole picture where there is nothing earlier', async () => {
    expect(await pictureAt(refreshed(), 0)).toEqual({ decoded: [0, 1, 2, 3], shown: 3, takenMs: 120 });
    expect((await pictureAt(refreshed(), 200)).takenMs).toBe(200);
  });
});
