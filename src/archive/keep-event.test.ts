import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeEvent, makeSegment, NOON } from '../db/testing/records.ts';
import { markEvent, recordingsOf } from './keep-event.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { eventOf, readSidecar } from './read-sidecar.ts';
import { DirectIndex } from './testing/direct-index.ts';

let folder: string;
let index: DirectIndex;
let volume: MountedVolume;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-keep-'));
  index = new DirectIndex(join(folder, 'preroll.db'));
  volume = { id: 'a', path: folder, maxBytes: undefined, moveAfterMs: undefined };
});

afterEach(async () => {
  index[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** A recording of a minute that tells of events with these triggers, in ms after noon. */
async function record(startMs: number, triggersMs: readonly number[]): Promise<string> {
  const segment = makeSegment(startMs, { volume: 'a' });
  const path = join(folder, segment.path);
  await mkdir(dirname(path), { recursive: true });
  const events = triggersMs.map((ms) => ({ id: iso(ms), trigger: iso(ms), from: iso(ms - 5_000), until: iso(ms + 20_000) }));
  const file = segment.path.split('/').at(-1);
  await writeFile(
    path.replace('.mp4', '.json'),
    JSON.stringify({ camera: 'yard', file, start: iso(startMs), extra: 1, events }),
  );
  index.index.apply([{ type: 'segment', segment }]);
  return path;
}

function iso(ms: number): string {
  return new Date(NOON + ms).toISOString();
}

/** Triggers of the events that a sidecar tells to be kept, in ms after noon. */
async function kept(path: string): Promise<number[]> {
  const sidecar = await readSidecar(path);
  const events = (sidecar?.annotations ?? []).flatMap((annotation) => eventOf('yard', annotation) ?? []);
  return events.filter(({ isKept }) => isKept).map(({ triggerWallMs }) => triggerWallMs - NOON);
}

test('marks an event in the index and in all its sidecars, and takes the mark away again', async () => {
  const before = await record(0, [10_000]);
  const during = await record(60_000, [70_000, 118_000]);
  const after = await record(120_000, [118_000]);
  const event = makeEvent(118_000);
  index.index.apply([{ type: 'event', event }]);
  await markEvent(index.access, [volume], event, true);
  const marked = await recordingsOf(index.access, event);
  expect(marked.map(({ path }) => join(folder, path))).toEqual([during, after]);
  expect([await kept(before), await kept(during), await kept(after)]).toEqual([[], [118_000], [118_000]]);
  const summaries = index.index.oldestSegments({ limit: 10 });
  expect(summaries.map(({ isKept }) => isKept)).toEqual([false, true, true]);
  expect(JSON.parse(await readFile(during.replace('.mp4', '.json'), 'utf8'))).toMatchObject({ extra: 1 });

  await markEvent(index.access, [volume], event, false);
  expect([await kept(during), await kept(after)]).toEqual([[], []]);
  expect(index.index.oldestSegments({ limit: 10 }).some(({ isKept }) => isKept)).toBe(false);
});

test('leaves alone a sidecar that is none', async () => {
  const path = (await record(0, [10_000])).replace('.mp4', '.json');
  const event = makeEvent(10_000);
  index.index.apply([{ type: 'event', event }]);
  for (const text of ['', '{"events"', '[]', '{"events": 7}', '{"events": [null, 1]}']) {
    await writeFile(path, text);
    await markEvent(index.access, [volume], event, true);
    expect(await readFile(path, 'utf8')).toBe(text);
  }
});
