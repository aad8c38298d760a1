import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { wallMs } from '../base/time.ts';
import { MOTION_SLOT_MS } from '../db/records.ts';
import type { SqliteIndex } from '../db/sqlite-index.ts';
import { rebuildIndex } from './rebuild-index.ts';
import { START, TestArchive } from './testing/test-archive.ts';

let archive: TestArchive;
beforeEach(async () => {
  archive = await TestArchive.create();
  await archive.record({ annotations: [annotation(1_000)] });
  await archive.record({ startMs: 6_000, kind: 'event', annotations: [annotation(7_000), annotation(9_000)] });
  await archive.record({ camera: 'gate', startMs: 60_000, fragments: 5, kind: 'timelapse' });
  const told = archive.eventsOf('yard', [annotation(1_000), annotation(7_000), annotation(9_000)]);
  archive.index.apply(told.map((event) => ({ type: 'event', event })));
});
afterEach(() => archive[Symbol.asyncDispose]());

function annotation(atMs: number) {
  const iso = (ms: number) => new Date(START + ms).toISOString();
  return {
    id: iso(atMs),
    causes: ['motion', 'unwatched'],
    trigger: iso(atMs),
    from: iso(atMs - 500),
    until: iso(atMs + 700),
    zones: ['door'],
    score: 1600.5,
    peak: { score: 2400, time: iso(atMs + 100) },
  };
}

/** Tells the index what no file tells. */
function tellMore(): void {
  const gap = { camera: 'yard', startWallMs: wallMs(START - 9_000), endWallMs: START };
  const run = { camera: 'yard', startWallMs: START };
  archive.index.apply([
    { type: 'gap', gap: { ...gap, cause: 'unreachable', detail: 'refused' } },
    { type: 'keep', camera: 'yard', triggerWallMs: wallMs(START + 7_000), isKept: true },
    { type: 'run', run: { ...run, endWallMs: wallMs(START + 12_000), endKind: 'stopped', endMessage: '' } },
    {
      type: 'motion',
      motion: { camera: 'yard', startWallMs: wallMs(START), intensity: Uint8Array.of(1, 90, 0, 7) },
    },
    {
      type: 'fallback',
      fallback: {
        camera: 'yard',
        stream: 'sub',
        addressHash: 'f00d',
        reason: 'no RTSP',
        sinceWallMs: wallMs(START),
        triedWallMs: wallMs(START + 5_000),
      },
    },
    { type: 'alive', atWallMs: wallMs(START + 13_000), isLeaving: true },
    { type: 'aged', toWallMs: wallMs(START + 14_000) },
  ]);
}

/** Everything that the index can be asked. */
function answers() {
  const { index } = archive;
  const always = { fromWallMs: wallMs(0), toWallMs: wallMs(4e12) };
  return {
    volumes: index.volumes(),
    segments: index.segmentsByPath(undefined, 1_000),
    events: index.events(always),
    runs: index.runs(always),
    gaps: index.gaps(always),
    timeline: index.timeline(always),
    motion: index.motion(always, MOTION_SLOT_MS),
    usage: index.usage(),
    hours: index.recordedHours(always),
    alive: index.lastAlive(),
    fallbacks: index.fallbacks(),
    agedTo: index.agedTo(),
    garbage: index.garbage(),
  };
}

async function rebuild(hasOld = true, signal = new AbortController().signal) {
  const options = {
    indexPath: archive.indexPath,
    volumes: [archive.volume],
    clock: systemClock,
    log: silentLog,
    onFile: () => undefined,
  };
  return await rebuildIndex(options, hasOld, signal);
}

test('reproduces everything that the index held', async () => {
  tellMore();
  const before = answers();
  await archive.withClosedIndex(async () => {
    expect(await rebuild()).toMatchObject({
      recovery: { settled: 3, left: 0 },
      replaced: { wasReadable: true },
    });
  });
  expect(answers()).toEqual(before);
});

test('reproduces from the files alone all but what they do not tell', async () => {
  const before = answers();
  await archive.withClosedIndex(async () => {
    await rm(archive.indexPath);
    expect(await rebuild(false)).toMatchObject({ replaced: undefined });
  });
  expect(answers()).toEqual(before);
});

test('keeps the old index beside it, also one that cannot be read', async () => {
  await archive.withClosedIndex(async () => {
    const content = await readFile(archive.indexPath);
    await writeFile(archive.indexPath, content.fill(0x55, 4096, 4096 * 12));
    const { replaced } = await rebuild();
    expect(replaced?.wasReadable).toBe(false);
    expect((await readFile(replaced?.path ?? '')).equals(content)).toBe(true);
  });
  expect(archive.index.segmentsByPath(undefined, 10)).toHaveLength(3);
});

test('keeps the rows of a volume that is missing', async () => {
  const row = await archive.describe('gate/2026-11-22/20-16-00.mp4');
  const elsewhere = { ...row, volume: '5f0d6c1e-0000-4000-8000-000000000009' };
  archive.index.apply([
    { type: 'volume', volume: { id: elsewhere.volume, path: '/elsewhere' } },
    { type: 'segment', segment: elsewhere },
  ]);
  await archive.withClosedIndex(async () => void (await rebuild()));
  expect(archive.index.segment(elsewhere)).toEqual(elsewhere);
});

test('finishes deletions, so that nothing that was given up comes back', async () => {
  const given = { volume: archive.volume.id, path: 'gate/2026-11-22/20-16-00.mp4' };
  archive.index.apply([{ type: 'discard', files: [given], cause: 'retention' }]);
  await archive.withClosedIndex(async () => void (await rebuild()));
  expect(archive.index.segment(given)).toBeUndefined();
  expect(await archive.files()).not.toContain(given.path);
});

test('leaves the old index as it was when it is broken off', async () => {
  tellMore();
  const before = answers();
  const aborted = AbortSignal.abort(new Error('enough'));
  await archive.withClosedIndex(async () => {
    await expect(rebuild(true, aborted)).rejects.toThrow('enough');
  });
  expect(answers()).toEqual(before);
  const beside = await readdir(dirname(archive.indexPath));
  expect(beside.filter((name) => name.includes('.new') || name.includes('replaced'))).toEqual([]);
});

test('takes over an event whose footage is gone, and ends one that was open', async () => {
  const [event] = archive.eventsOf('yard', [annotation(3_600_000)]);
  if (event === undefined) throw new Error('no event');
  archive.index.apply([{ type: 'event', event: { ...event, isOpen: true, thumbnail: Uint8Array.of(1, 2) } }]);
  await archive.withClosedIndex(async () => void (await rebuild()));
  const reopened: SqliteIndex = archive.index;
  const hour = { fromWallMs: wallMs(START + 3_599_000), toWallMs: wallMs(START + 3_601_000) };
  expect(reopened.events(hour)).toEqual([{ ...event, isOpen: false, thumbnail: Uint8Array.of(1, 2) }]);
});
