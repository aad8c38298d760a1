import { appendFile, mkdir, readFile, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../base/log.ts';
import { wallMs } from '../base/time.ts';
import type { EventRecord } from '../db/records.ts';
import { recoverArchive, type RecoveryOptions } from './recover-archive.ts';
import { sidecarPath } from './sidecar.ts';
import { START, TestArchive } from './testing/test-archive.ts';

let archive: TestArchive;
let told: string[];
beforeEach(async () => {
  archive = await TestArchive.create();
  told = [];
});
afterEach(() => archive[Symbol.asyncDispose]());

const log: Log = {
  debug() {},
  info() {},
  warn: (message) => told.push(message),
  error: (message) => told.push(message),
  with: () => log,
};

/** As a recorder that starts in an hour, and died a moment ago. */
async function recover(changes: Partial<RecoveryOptions> = {}) {
  const options = {
    index: archive.access,
    volumes: [archive.volume],
    lastAliveWallMs: wallMs(Date.now()),
    startedWallMs: wallMs(Date.now() + 3_600_000),
    isOwn: () => false,
    log,
    ...changes,
  };
  return await recoverArchive(options, new AbortController().signal);
}

const key = (path: string) => ({ volume: archive.volume.id, path });
const segment = (path: string) => archive.index.segment(key(path));

function event(different: Partial<EventRecord> = {}): EventRecord {
  return {
    camera: 'yard',
    triggerWallMs: wallMs(START + 1_000),
    fromWallMs: START,
    untilWallMs: wallMs(START + 4_000),
    isOpen: false,
    causes: ['motion'],
    zones: ['door'],
    score: 5,
    peakScore: 7,
    isKept: false,
    detail: { id: new Date(START + 1_000).toISOString() },
    thumbnail: undefined,
    ...different,
  };
}

const ANNOTATION = {
  id: new Date(START + 1_000).toISOString(),
  causes: ['motion'],
  trigger: new Date(START + 1_000).toISOString(),
  from: new Date(START).toISOString(),
  until: new Date(START + 4_000).toISOString(),
  zones: ['door'],
  score: 5,
  peak: { score: 7 },
};

describe('a file that was open when the recorder died', () => {
  test('is cut to its last whole fragment and closed, and its row put right', async () => {
    const path = await archive.record({ isOpen: true });
    const whole = await archive.describe(path);
    // The row lags behind the file, as it may by a second.
    archive.index.apply([
      {
        type: 'segment',
        segment: { ...whole, isOpen: true, endedBy: undefined, fragments: whole.fragments.slice(0, 1) },
      },
    ]);
    await appendFile(archive.at(path), Buffer.from('\0\0\x10\0moof and what there was time for'));
    expect(await recover()).toMatchObject({ settled: 1, cutBytes: 36 });
    expect(segment(path)).toEqual({ ...whole, endedBy: 'the recorder was killed' });
    expect(await readFile(archive.at(path))).toHaveLength(whole.sizeBytes);
    const sidecar = JSON.parse(await readFile(sidecarPath(archive.at(path)), 'utf8')) as object;
    expect(sidecar).toMatchObject({
      end: new Date(whole.endWallMs).toISOString(),
      endedBy: 'the recorder was killed',
    });
    expect(told).toEqual([]);
  });

  test('is settled by the next start when this one is killed on the way: its row is closed last', async () => {
    const path = await archive.record({ isOpen: true });
    const whole = await archive.describe(path);
    archive.index.apply([{ type: 'segment', segment: { ...whole, isOpen: true, endedBy: undefined } }]);
    let sidecarAtClosing: unknown;
    const watched = {
      ...archive.access,
      apply: async (writes: Parameters<typeof archive.access.apply>[0]) => {
        if (writes.some((write) => write.type === 'segment' && !write.segment.isOpen)) {
          sidecarAtClosing = JSON.parse(await readFile(sidecarPath(archive.at(path)), 'utf8'));
        }
        await archive.access.apply(writes);
      },
    };
    await recover({ index: watched });
    expect(sidecarAtClosing).toMatchObject({ end: new Date(whole.endWallMs).toISOString() });
  });

  test('is deleted when it holds no whole picture, and its row taken out', async () => {
    const sizes = [0, 100, 1500];
    for (const [i, sizeBytes] of sizes.entries()) {
      const path = await archive.record({ isOpen: true, startMs: i * 60_000 });
      await truncate(archive.at(path), sizeBytes);
    }
    expect(await recover()).toMatchObject({ removed: sizes.length, settled: 0, left: 0 });
    expect(archive.index.segmentsByPath(undefined, 10)).toEqual([]);
    expect(await archive.files()).toEqual(['.preroll-volume.json']);
    expect(archive.index.garbage()).toEqual([]);
  });

  test('is told and taken out when it is gone, and what it covered is a gap', async () => {
    const path = await archive.record({ isOpen: true });
    await rm(archive.at(path));
    expect(await recover()).toMatchObject({ missing: 1 });
    expect(segment(path)).toBeUndefined();
    expect(archive.index.garbage()).toEqual([]);
    expect(archive.index.gaps({ fromWallMs: START, toWallMs: wallMs(START + 1) })).toMatchObject([
      { camera: 'yard', cause: 'deleted' },
    ]);
    expect(told[0]).toContain('is gone');
  });

  test('gets its sidecar back, with the events that the index knows', async () => {
    const path = await archive.record({ isOpen: true });
    archive.index.apply([{ type: 'event', event: event() }]);
    for (const text of [undefined, '', '{"camera":']) {
      archive.index.apply([{ type: 'segment', segment: await archive.describe(path, { isOpen: true }) }]);
      if (text === undefined) await rm(sidecarPath(archive.at(path)));
      else await writeFile(sidecarPath(archive.at(path)), text);
      await recover();
      expect(JSON.parse(await readFile(sidecarPath(archive.at(path)), 'utf8'))).toMatchObject({
        camera: 'yard',
        kind: 'continuous',
        events: [{ id: ANNOTATION.id }],
      });
    }
  });

  test('is left as it is when damage follows what the index had claimed', async () => {
    const path = await archive.record({ isOpen: true });
    const content = await readFile(archive.at(path));
    const last = content.lastIndexOf('moof');
    content.write('mooh', last, 'latin1');
    await writeFile(archive.at(path), content);
    await recover();
    expect((await readFile(archive.at(path))).equals(content)).toBe(true);
  });

  test('is left alone when this recorder made it, or its volume is missing', async () => {
    const path = await archive.record({ isOpen: true });
    const before = segment(path);
    await appendFile(archive.at(path), 'under way');
    await recover({ isOwn: (file) => file.path === path });
    await recover({ volumes: [] });
    expect(segment(path)).toEqual(before);
    expect((await readFile(archive.at(path))).toString('latin1')).toMatch(/under way$/);
  });
});

describe('a file that the index was not told of', () => {
  test('is indexed with its run and its events', async () => {
    const path = await archive.writeFile({ annotations: [ANNOTATION], kind: 'event' });
    expect(await recover()).toMatchObject({ settled: 1 });
    expect(segment(path)).toEqual(await archive.describe(path));
    expect(segment(path)?.kind).toBe('event');
    const day = { fromWallMs: START, toWallMs: wallMs(START + 86_400_000) };
    expect(archive.index.events(day)).toEqual([event({ detail: ANNOTATION })]);
    expect(archive.index.runs(day)).toMatchObject([{ camera: 'yard', startWallMs: START }]);
  });

  test('is not looked for where nothing changed since the last sign of life', async () => {
    await archive.writeFile();
    const inTwoHours = wallMs(Date.now() + 2 * 3_600_000);
    expect(await recover({ lastAliveWallMs: inTwoHours })).toMatchObject({ settled: 0 });
    expect(await recover({ lastAliveWallMs: undefined })).toMatchObject({ settled: 1 });
  });

  test('is left alone when it is named like none of ours, lies behind a link, or is garbage', async () => {
    const path = await archive.record();
    archive.index.apply([{ type: 'discard', files: [key(path)], cause: 'retention' }]);
    const outside = join(archive.volume.path, '..', 'outside');
    await mkdir(outside);
    await rename(archive.at(await archive.writeFile({ camera: 'x' })), join(outside, '20-15-00.mp4'));
    await symlink(outside, archive.at('linked'));
    await symlink(join(outside, '20-15-00.mp4'), archive.at('yard/20-15-00.mp4'));
    await writeFile(archive.at('yard/holiday.mp4'), '');
    expect(await recover()).toMatchObject({ settled: 0, deleted: 1 });
    expect(archive.index.segmentsByPath(undefined, 10)).toEqual([]);
    expect(await archive.files()).toContain('yard/holiday.mp4');
    expect(archive.index.garbage()).toEqual([]);
  });
});

describe('recovery', () => {
  test('finds nothing to do in an archive that is whole, and changes nothing', async () => {
    await archive.record({ annotations: [ANNOTATION] });
    await archive.record({ startMs: 60_000 });
    archive.index.apply([{ type: 'event', event: event({ detail: ANNOTATION, isKept: true }) }]);
    const before = [archive.index.segmentsByPath(undefined, 10), await archive.files()];
    const nothing = { settled: 0, cutBytes: 0, removed: 0, missing: 0, deleted: 0, left: 0 };
    expect(await recover({ lastAliveWallMs: undefined })).toEqual(nothing);
    expect([archive.index.segmentsByPath(undefined, 10), await archive.files()]).toEqual(before);
  });

  test('takes out rows whose files are gone from a folder', async () => {
    const [gone, kept] = [await archive.record(), await archive.record({ startMs: 60_000 })];
    await rm(archive.at(gone));
    expect(await recover()).toMatchObject({ missing: 1 });
    expect(archive.index.segmentsByPath(undefined, 10).map(({ path }) => path)).toEqual([kept]);
  });

  test('removes what was to be renamed, but not what this recorder is about to rename', async () => {
    const path = await archive.record();
    const leftover = `${sidecarPath(archive.at(path))}.new`;
    await writeFile(leftover, '{');
    expect(await recover({ startedWallMs: wallMs(Date.now() - 60_000) })).toMatchObject({ removed: 0 });
    expect(await recover()).toMatchObject({ removed: 1 });
    await utimes(archive.at('yard'), 0, 0);
    expect(await archive.files()).not.toContain(`${sidecarPath(path)}.new`);
  });

  test('ends events that the recorder before had open', async () => {
    archive.index.apply([{ type: 'event', event: event({ isOpen: true, thumbnail: Uint8Array.of(1) }) }]);
    await recover({ lastAliveWallMs: wallMs(START + 5_000) });
    expect(archive.index.events({ fromWallMs: START, toWallMs: wallMs(START + 1) })).toEqual([
      event({ thumbnail: Uint8Array.of(1) }),
    ]);
  });

  test('leaves a file alone that it does not understand, and goes on with the next', async () => {
    const strange = await archive.writeFile();
    await writeFile(archive.at(strange), Buffer.from('\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moovmoof'));
    const path = await archive.writeFile({ startMs: 60_000 });
    expect(await recover()).toMatchObject({ settled: 1, left: 1 });
    expect(segment(path)).toBeDefined();
    expect(await archive.files()).toContain(strange);
    expect(told[0]).toContain(strange);
  });

  test('does the same when it is done again', async () => {
    const path = await archive.record({ isOpen: true, annotations: [ANNOTATION] });
    await appendFile(archive.at(path), 'torn');
    await recover();
    const after = [segment(path), await readFile(sidecarPath(archive.at(path)), 'utf8')];
    await recover({ lastAliveWallMs: undefined });
    expect([segment(path), await readFile(sidecarPath(archive.at(path)), 'utf8')]).toEqual(after);
  });
});
