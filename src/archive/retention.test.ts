import { mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { CameraRetentionConfig } from '../config/config.ts';
import type { SegmentSummary } from '../db/archive-index.ts';
import { Retention } from './retention.ts';
import { MemoryIndex } from './testing/memory-index.ts';
import { writeIdentity } from './volume-identity.ts';

const NOW = Date.UTC(2026, 10, 20);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let folder: string;
let root: string;
let volume: string;
let clock: SimulatedClock;
let told: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-retention-'));
  root = join(folder, 'archive');
  volume = await writeIdentity(root);
  clock = new SimulatedClock(NOW);
  told = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Recordings of an hour, `count` of them up to now, with their files. */
async function record(count: number, more: Partial<SegmentSummary> = {}): Promise<SegmentSummary[]> {
  const segments = Array.from({ length: count }, (_, hour): SegmentSummary => {
    const startWallMs = wallMs(NOW - (hour + 1) * HOUR);
    const [day = '', time = ''] = new Date(startWallMs).toISOString().split('T');
    return {
      camera: 'yard',
      volume,
      path: `yard/${day}/${time.slice(0, 8).replaceAll(':', '-')}.mp4`,
      startWallMs,
      endWallMs: wallMs(startWallMs + HOUR),
      kind: 'continuous',
      sizeBytes: 1,
      isOpen: false,
      holdsEvent: false,
      isKept: false,
      ...more,
    };
  });
  for (const { path } of segments) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), 'x');
    await writeFile(join(root, path.replace('.mp4', '.json')), '{}');
  }
  return segments;
}

interface Settings extends Partial<Pick<CameraRetentionConfig, 'maxSizeBytes' | 'minAgeMs'>> {
  maxAgeMs?: number;
  readonly minFreeBytes?: number;
  /** Of the volume. */
  readonly maxBytes?: number;
}

function make(
  index: MemoryIndex,
  settings: Settings,
): Retention {
  const { maxSizeBytes, minAgeMs = 0, minFreeBytes = 0, maxBytes } = settings;
  const log: Log = {
    ...silentLog,
    info: (message) => told.push(message.replaceAll(folder, '')),
    error: (message) => told.push(`ERROR ${message.replaceAll(folder, '')}`),
  };
  return new Retention({
    index,
    volumes: [{ path: root, maxBytes, moveAfterMs: undefined }],
    rules: () => {
      const limits = { maxAgeMs: settings.maxAgeMs, maxSizeBytes: undefined };
      return {
        ofCamera: () => ({ continuous: limits, event: limits, maxSizeBytes, minAgeMs }),
        archiveMaxSizeBytes: undefined,
      };
    },
    minFreeBytes: () => minFreeBytes,
    mayMove: () => true,
    clock,
    log,
  });
}

async function files(): Promise<string[]> {
  const all = await readdir(root, { recursive: true });
  return all.filter((file) => /\.(mp4|json)$/.test(file) && !file.startsWith('.')).toSorted();
}

const { signal } = new AbortController();

describe('Retention', () => {
  test('deletes what is too old, with its sidecar and the folders that became empty', async () => {
    const index = new MemoryIndex(await record(30));
    await make(index, { maxAgeMs: 2.5 * HOUR }).look(signal);
    expect(index.segments).toHaveLength(3);
    expect(await files()).toEqual(
      ['21', '22', '23'].flatMap((hour) => [
        `yard/2026-11-19/${hour}-00-00.json`,
        `yard/2026-11-19/${hour}-00-00.mp4`,
      ]),
    );
    expect(await readdir(join(root, 'yard'))).toEqual(['2026-11-19']);
    expect(await index.garbage()).toEqual([]);
    expect(told).toEqual(['deleted 27 recordings, 27 B (27 of yard: older than 150m)']);
  });

  test('looks every few seconds, and at once when a disk is full', async () => {
    const index = new MemoryIndex(await record(3));
    await using retention = make(index, { maxAgeMs: 2 * HOUR + 1.5 * MINUTE });
    retention.start();
    // In steps, for it sets out to wait only when it has looked: until the first is too old, long before the second is.
    const segmentsLater = async () => {
      await clock.advance(5_000);
      return index.segments.length;
    };
    await expect.poll(segmentsLater).toBe(2);
    retention.makeRoom(root);
    await expect.poll(() => index.segments).toEqual([]);
  });

  test('looks less often while there is nothing to do and every volume has plenty of room', async () => {
    const recorded = await record(3);
    const nextLook = (settings: Settings) => make(new MemoryIndex(recorded), settings).look(signal);
    expect(await nextLook({ maxAgeMs: DAY })).toBe(20_000);
    expect(await nextLook({ maxAgeMs: DAY, maxBytes: 2 ** 30 })).toBe(5_000);
    expect(await nextLook({ maxAgeMs: DAY, maxBytes: 3, minAgeMs: DAY })).toBe(5_000);
    expect(await nextLook({ maxAgeMs: 1.5 * HOUR })).toBe(5_000);
  });

  test('looks at once when the rules are others', async () => {
    const index = new MemoryIndex(await record(3));
    const settings = { maxAgeMs: DAY };
    await using retention = make(index, settings);
    retention.start();
    await clock.advance(1_000);
    settings.maxAgeMs = 1.5 * HOUR;
    retention.rulesChanged();
    await expect.poll(() => index.segments).toHaveLength(2);
  });

  test('keeps within sizes to the byte, the oldest first', async () => {
    const index = new MemoryIndex(await record(300));
    await make(index, { maxSizeBytes: 40 }).look(signal);
    expect(index.segments).toHaveLength(40);
    expect(Math.min(...index.segments.map((one) => one.startWallMs))).toBe(NOW - 40 * HOUR);
    expect(await files()).toHaveLength(80);
  });

  test('tells a contradiction loudly when it begins, once a day, and when it is over', async () => {
    const index = new MemoryIndex(await record(30));
    const retention = make(index, { maxSizeBytes: 10, minAgeMs: 20 * HOUR });
    await retention.look(signal);
    expect(index.segments).toHaveLength(20);
    const contradiction = expect.stringContaining(
      'ERROR yard takes 10 B more than its retention.maxSize, and all that is left is kept by hand or younger',
    ) as unknown;
    expect(told).toEqual([expect.stringMatching(/^deleted 10 /) as unknown, contradiction]);
    told = [];
    await retention.look(signal);
    await clock.advance(MINUTE);
    await retention.look(signal);
    expect(told).toEqual([]);
    await clock.advance(30 * HOUR);
    await retention.look(signal);
    expect(told).toEqual([
      expect.stringMatching(/^deleted 10 /) as unknown,
      expect.stringMatching(/^no longer: yard takes 10 B more/) as unknown,
    ]);
  });

  test('deletes nothing at once when the clock leaps by ten years, and says so', async () => {
    const index = new MemoryIndex(await record(30));
    const retention = make(index, { maxAgeMs: 30.5 * HOUR });
    await retention.look(signal);
    clock.jumpWall(3_652 * DAY);
    for (let minute = 0; minute < 10; minute += 1) {
      await retention.look(signal);
      await clock.advance(MINUTE);
    }
    expect(index.segments).toHaveLength(30);
    expect(told).toEqual([expect.stringMatching(/^ERROR this machine's clock is 3652d ahead/) as unknown]);
    // So does the next recorder.
    await make(index, { maxAgeMs: 30.5 * HOUR }).look(signal);
    expect(index.segments).toHaveLength(30);
  });

  test('spares what somebody marks to be kept while it is at work', async () => {
    const index = new MemoryIndex(await record(3));
    const kept = index.segments[0]?.path ?? '';
    const apply = index.apply.bind(index);
    index.apply = async (writes) => {
      if (writes.some(({ type }) => type === 'discard')) index.keep(kept);
      await apply(writes);
    };
    await make(index, { maxSizeBytes: 1 }).look(signal);
    expect(await files()).toContain(kept);
    expect(index.segments).toHaveLength(2);
  });

  test('tells a file that cannot be deleted, and deletes it when it can be', async () => {
    const index = new MemoryIndex(await record(3));
    const retention = make(index, { maxSizeBytes: 2 });
    const stuck = join(root, index.segments[0]?.path ?? '');
    await rename(stuck, join(folder, 'away'));
    await mkdir(stuck);
    await retention.look(signal);
    expect(told[1]).toMatch(/^ERROR a file could not be deleted; trying again: .*found something/);
    expect(await index.garbage()).toHaveLength(1);
    await rmdir(stuck);
    await rename(join(folder, 'away'), stuck);
    await retention.look(signal);
    expect(told[2]).toMatch(/^no longer: a file could not be deleted/);
    expect(await index.garbage()).toEqual([]);
    expect(await files()).toHaveLength(4);
  });

  test('never deletes outside the volume, whatever the index says', async () => {
    const [first] = await record(1);
    await writeFile(join(folder, 'canary.mp4'), 'x');
    const index = new MemoryIndex(
      first === undefined ? [] : [{ ...first, camera: '../x', path: '../canary.mp4' }],
    );
    await make(index, { maxSizeBytes: 0 }).look(signal);
    expect(index.segments).toEqual([]);
    expect(await readdir(folder)).toContain('canary.mp4');
    expect(told[1]).toContain('../canary.mp4: expected a file in');
  });

  test('takes no recording for deleted when the disk goes away', async () => {
    const index = new MemoryIndex(await record(3));
    const apply = index.apply.bind(index);
    index.apply = async (writes) => {
      await apply(writes);
      if (!writes.some(({ type }) => type === 'discard')) return;
      await rename(root, join(folder, 'away'));
      await mkdir(root);
    };
    const retention = make(index, { maxSizeBytes: 2 });
    await retention.look(signal);
    expect(await index.garbage()).toHaveLength(1);
    expect(told[1]).toContain('the volume went away');
    await retention.look(signal);
    expect(await index.garbage()).toHaveLength(1);
    await rmdir(root);
    await rename(join(folder, 'away'), root);
    await retention.look(signal);
    expect(await index.garbage()).toEqual([]);
    expect(await files()).toHaveLength(4);
  });

  test('makes room also when the index cannot be told, for it may lie on the full disk, and not twice', async () => {
    const index = new MemoryIndex(await record(5));
    index.failure = new Error('full');
    const retention = make(index, { maxBytes: 3 });
    for (let times = 0; times < 3; times += 1) await retention.look(signal);
    expect(index.segments).toHaveLength(5);
    const left = ['21', '22', '23'].flatMap((hour) => [
      `yard/2026-11-19/${hour}-00-00.json`,
      `yard/2026-11-19/${hour}-00-00.mp4`,
    ]);
    expect(await files()).toEqual(left);
    index.failure = undefined;
    await index.apply([{ type: 'discard', files: index.segments.slice(0, 2), cause: 'retention' }]);
    await retention.look(signal);
    expect(index.segments).toHaveLength(3);
    expect(await index.garbage()).toEqual([]);
    expect(await files()).toEqual(left);
  });

  test('tries again when the index cannot be written, and finishes what was begun', async () => {
    const index = new MemoryIndex(await record(3));
    const retention = make(index, { maxSizeBytes: 2 });
    index.failure = new Error('locked');
    await retention.look(signal);
    expect(told).toEqual(['ERROR recordings can neither be deleted nor moved; trying again: locked']);
    expect(await files()).toHaveLength(6);
    index.failure = undefined;
    await retention.look(signal);
    expect(told.slice(1)).toEqual([
      expect.stringMatching(/^deleted 1 /) as unknown,
      expect.stringMatching(/^no longer: recordings can neither/) as unknown,
    ]);
    expect(await files()).toHaveLength(4);
  });
});
