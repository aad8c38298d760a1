import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { SegmentKind } from '../db/records.ts';
import { makeEvent, makeSegment, NOON } from '../db/testing/records.ts';
import { deleteEvent } from './delete-event.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { DirectIndex } from './testing/direct-index.ts';
import { writeIdentity } from './volume-identity.ts';

let folder: string;
let index: DirectIndex;
let volume: MountedVolume;
const VOLUME = '9e0f8e1c-6f0c-4f6e-9f3a-3c1e1d2b4a5f';
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-delete-'));
  index = new DirectIndex(join(folder, 'preroll.db'));
  volume = { id: VOLUME, path: join(folder, 'archive'), maxBytes: undefined, moveAfterMs: undefined };
  await mkdir(volume.path);
  await writeIdentity(volume.path, VOLUME);
  index.index.apply([{ type: 'volume', volume: { id: VOLUME, path: volume.path } }]);
});
afterEach(async () => {
  index[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** A recording of a minute that tells of events with these triggers, in ms after noon. */
async function record(startMs: number, kind: SegmentKind, triggersMs: readonly number[]): Promise<string> {
  const segment = makeSegment(startMs, { volume: VOLUME, kind });
  const path = join(volume.path, segment.path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'footage');
  const events = triggersMs.map((ms) => ({ id: new Date(NOON + ms).toISOString() }));
  await writeFile(path.replace('.mp4', '.json'), JSON.stringify({ camera: 'yard', events }));
  index.index.apply([
    { type: 'segment', segment },
    ...triggersMs.map((ms) => ({ type: 'event', event: makeEvent(ms) }) as const),
  ]);
  return path;
}

const toldIn = async (path: string) =>
  (JSON.parse(await readFile(path.replace('.mp4', '.json'), 'utf8')) as { events: object[] }).events.length;

test('an event goes with the recording that was made for it alone, and the gap says so', async () => {
  const path = await record(0, 'event', [10_000]);
  expect(await deleteEvent(index.access, [volume], makeEvent(10_000), signal)).toHaveLength(1);
  expect(index.index.events({ fromWallMs: wallMs(0), toWallMs: wallMs(2 * NOON) })).toEqual([]);
  expect(index.index.garbage()).toEqual([]);
  expect(await readdir(dirname(dirname(path)))).toEqual([]);
  const gaps = index.index.gaps({ fromWallMs: wallMs(0), toWallMs: wallMs(2 * NOON) });
  expect(gaps.map(({ cause }) => cause)).toEqual(['deleted']);
});

test('what another event shares, and what is recorded without a break, stays and tells of it no more', async () => {
  const shared = await record(0, 'event', [10_000, 40_000]);
  const continuous = await record(300_000, 'continuous', [310_000]);
  expect(await deleteEvent(index.access, [volume], makeEvent(10_000), signal)).toEqual([]);
  expect(await deleteEvent(index.access, [volume], makeEvent(310_000), signal)).toEqual([]);
  expect([await toldIn(shared), await toldIn(continuous)]).toEqual([1, 0]);
  const events = index.index.events({ fromWallMs: wallMs(0), toWallMs: wallMs(2 * NOON) });
  expect(events.map(({ triggerWallMs }) => triggerWallMs - NOON)).toEqual([40_000]);
});
