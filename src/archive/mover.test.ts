import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import { silentLog, type Log } from '../base/log.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import { makeEvent, makeSegment, NOON } from '../db/testing/records.ts';
import type { SegmentRecord } from '../db/records.ts';
import { findMounted, type MountedVolume } from './mounted-volume.ts';
import { Mover } from './mover.ts';
import { DirectIndex } from './testing/direct-index.ts';
import { writeIdentity } from './volume-identity.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SOON = monotonicMs(Number.POSITIVE_INFINITY);
const { signal } = new AbortController();

let folder: string;
let index: DirectIndex;
let fast: MountedVolume;
let big: MountedVolume;
let told: string[];
/** What the clock of a test shows; its timers do not wait. */
let clockMs: number;
const impatientClock: Clock = {
  ...systemClock,
  monotonicMs: () => monotonicMs(clockMs),
  setTimer: (_, fire) => systemClock.setTimer(0, fire),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-mover-'));
  index = new DirectIndex(join(folder, 'preroll.db'));
  told = [];
  clockMs = 0;
  const paths = ['fast', 'big'].map((name) => join(folder, name));
  for (const path of paths) await writeIdentity(path);
  const found = await findMounted(
    paths.map((path, i) => ({ path, maxBytes: undefined, moveAfterMs: i === 0 ? HOUR : undefined })),
  );
  const [first, second] = found;
  if (first === undefined || second === undefined) throw new Error('two volumes were made');
  [fast, big] = [first, second];
  for (const { id, path } of found) index.index.apply([{ type: 'volume', volume: { id, path } }]);
});

afterEach(async () => {
  index[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** Recordings of a minute from noon on, on the fast disk. */
async function record(count: number, more: Partial<SegmentRecord> = {}): Promise<SegmentRecord[]> {
  const segments = Array.from({ length: count }, (_, minute) =>
    makeSegment(minute * MINUTE, {
      volume: fast.id,
      path: `yard/2026-05-01/12-${String(minute).padStart(2, '0')}-00.mp4`,
      sizeBytes: 2_500_000 + minute,
      ...more,
    }),
  );
  for (const segment of segments) await write(fast, segment, bytesOf(segment));
  index.index.apply(segments.map((segment) => ({ type: 'segment', segment })));
  return segments;
}

async function write(volume: MountedVolume, { path, startWallMs, camera }: SegmentRecord, bytes: Buffer) {
  const file = join(volume.path, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  const sidecar = { camera, file: path.split('/').at(-1), start: new Date(startWallMs).toISOString(), events: [] };
  await writeFile(file.replace('.mp4', '.json'), JSON.stringify(sidecar));
}

function bytesOf({ sizeBytes }: SegmentRecord): Buffer {
  return Buffer.alloc(sizeBytes, `${sizeBytes} bytes, `);
}

interface Options {
  readonly nowMs?: number;
  readonly until?: number;
  readonly hurry?: AbortSignal;
}

async function move(mover: Mover, options: Options = {}) {
  const { nowMs = NOON + 3 * HOUR, until = SOON, hurry = signal } = options;
  const round = { mounted: [fast, big], now: wallMs(nowMs), until: monotonicMs(until), hurry };
  return await mover.move(round, signal);
}

function makeMover(clock: Clock = impatientClock, minFreeBytes = 0): Mover {
  const log: Log = { ...silentLog, info: (message) => told.push(message.replaceAll(folder, '')) };
  return new Mover({
    index: { ...index.access, apply: (writes) => index.apply(writes), flush: () => index.flush() },
    minFreeBytes: () => minFreeBytes,
    clock,
    log,
  });
}

async function filesOf({ path }: MountedVolume): Promise<string[]> {
  const all = await readdir(path, { recursive: true });
  return all.filter((file) => /\.(mp4|json|new)$/.test(file) && !file.startsWith('.')).toSorted();
}

/** All that the index has, as volume and path. */
function indexed(): string[] {
  const all = index.index.segmentsByPath(undefined, 1_000);
  return all.map(({ volume, path }) => `${volume === fast.id ? 'fast' : 'big'}/${path}`).toSorted();
}

describe('Mover', () => {
  test('moves what is old enough to the next volume, byte for byte, and deletes it from the first', async () => {
    const segments = await record(3);
    await move(makeMover(), { nowMs: NOON + HOUR + 2 * MINUTE + 1 });
    expect(indexed()).toEqual([
      'big/yard/2026-05-01/12-00-00.mp4',
      'big/yard/2026-05-01/12-01-00.mp4',
      'fast/yard/2026-05-01/12-02-00.mp4',
    ]);
    expect(await filesOf(fast)).toEqual(['yard/2026-05-01/12-02-00.json', 'yard/2026-05-01/12-02-00.mp4']);
    expect(await filesOf(big)).toEqual(
      ['00', '01'].flatMap((minute) => [`yard/2026-05-01/12-${minute}-00.json`, `yard/2026-05-01/12-${minute}-00.mp4`]),
    );
    for (const segment of segments.slice(0, 2)) {
      expect((await readFile(join(big.path, segment.path))).equals(bytesOf(segment))).toBe(true);
      expect(index.index.segment({ volume: big.id, path: segment.path })).toEqual({ ...segment, volume: big.id });
    }
    expect(index.index.garbage()).toEqual([]);
    expect(told).toEqual(['moved 2 recordings, 5.00 MB, from /fast']);
  });

  test('moves what is kept by hand too, and nothing that is being recorded', async () => {
    await record(1);
    index.index.apply([{ type: 'event', event: makeEvent(10_000, { isKept: true }) }]);
    await record(1, { path: 'yard/2026-05-01/12-00-01.mp4', isOpen: true });
    await move(makeMover());
    expect(indexed()).toEqual(['big/yard/2026-05-01/12-00-00.mp4', 'fast/yard/2026-05-01/12-00-01.mp4']);
  });

  test('leaves the disks to others for as long as it uses them', async () => {
    await record(1, { sizeBytes: 20_000_000 });
    const restsMs: number[] = [];
    const clock: Clock = {
      ...impatientClock,
      // Each look at the clock takes 7 ms: so long does each portion take.
      monotonicMs: () => monotonicMs((clockMs += 7)),
      setTimer(delayMs, fire) {
        restsMs.push(delayMs);
        return systemClock.setTimer(0, fire);
      },
    };
    await move(makeMover(clock));
    expect(indexed()).toEqual(['big/yard/2026-05-01/12-00-00.mp4']);
    // Twenty portions read and written, and read once more, and the end found both times.
    expect(restsMs).toEqual(Array.from({ length: 42 }, () => 7));
  });

  test('begins no recording after its time', async () => {
    await record(3);
    clockMs = 10;
    await move(makeMover(), { until: 5 });
    expect(indexed().filter((path) => path.startsWith('big'))).toEqual([]);
    await move(makeMover(), { until: 10 });
    expect(indexed().filter((path) => path.startsWith('fast'))).toEqual([]);
  });

  test('leaves recordings where they are while no volume has room for them, and says so', async () => {
    await record(1);
    const troubles = await move(makeMover(undefined, 1e15));
    expect([...troubles.values()].map((text) => text.replaceAll(folder, ''))).toEqual([
      'recordings stay on /fast, for no volume after it has room for them',
    ]);
    expect(await filesOf(big)).toEqual([]);
  });

  test('gives a recording another name where its own is taken', async () => {
    const [segment] = await record(1);
    if (segment === undefined) throw new Error('one was recorded');
    const other = { ...segment, startWallMs: wallMs(segment.startWallMs - 24 * HOUR), sizeBytes: 5 };
    await write(big, other, Buffer.from('other'));
    await move(makeMover());
    expect(indexed()).toEqual(['big/yard/2026-05-01/12-00-00-2.mp4']);
    expect(await readFile(join(big.path, segment.path), 'utf8')).toBe('other');
    const sidecar = await readFile(join(big.path, 'yard/2026-05-01/12-00-00-2.json'), 'utf8');
    expect(JSON.parse(sidecar)).toMatchObject({ camera: 'yard', file: '12-00-00-2.mp4' });
  });

  test('goes on past a recording that cannot be moved, and tries it again an hour later', async () => {
    const [first] = await record(2);
    await rm(join(fast.path, first?.path ?? ''));
    const mover = makeMover();
    const troubles = await move(mover);
    expect([...troubles.values()][0]).toMatch(/^a recording could not be moved .* expected a recording to move, found none$/);
    expect(indexed()).toEqual(['big/yard/2026-05-01/12-01-00.mp4', `fast/${first?.path}`]);
    expect(await move(mover)).toEqual(new Map());
    await write(fast, first as SegmentRecord, bytesOf(first as SegmentRecord));
    clockMs += HOUR;
    await move(mover);
    expect(indexed()).toHaveLength(2);
    expect(indexed().every((path) => path.startsWith('big'))).toBe(true);
  });

  test('leaves nothing behind when its room is needed while it copies', async () => {
    await record(1);
    const stop = new AbortController();
    const clock: Clock = {
      ...systemClock,
      setTimer(delayMs, fire) {
        stop.abort();
        return systemClock.setTimer(delayMs, fire);
      },
    };
    expect(await move(makeMover(clock), { hurry: stop.signal })).toEqual(new Map());
    expect(await filesOf(big)).toEqual([]);
    expect(indexed()).toEqual(['fast/yard/2026-05-01/12-00-00.mp4']);
  });

  test('deletes neither copy before the index has decided', async () => {
    await record(1);
    index.failure = new Error('locked');
    const flush = index.flush.bind(index);
    const seen: string[][] = [];
    index.flush = async () => {
      seen.push(await filesOf(fast), await filesOf(big), indexed());
      index.failure = undefined;
      await flush();
    };
    await move(makeMover());
    const files = ['yard/2026-05-01/12-00-00.json', 'yard/2026-05-01/12-00-00.mp4'];
    expect(seen).toEqual([files, files, ['fast/yard/2026-05-01/12-00-00.mp4']]);
    expect(indexed()).toEqual(['big/yard/2026-05-01/12-00-00.mp4']);
    expect(await filesOf(fast)).toEqual([]);
  });

  test.each(['before the index knew of it', 'and its copy was taken for a recording'])(
    'takes up the copy of a move that was broken off %s',
    async (how) => {
      const [segment] = await record(1);
      if (segment === undefined) throw new Error('one was recorded');
      await write(big, segment, bytesOf(segment));
      await rm(join(big.path, segment.path.replace('.mp4', '.json')));
      if (how.startsWith('and')) {
        index.index.apply([{ type: 'segment', segment: { ...segment, volume: big.id } }]);
      }
      await writeFile(join(big.path, `${segment.path}.new`), 'torn');
      await move(makeMover());
      expect(indexed()).toEqual([`big/${segment.path}`]);
      expect((await readFile(join(big.path, segment.path))).equals(bytesOf(segment))).toBe(true);
      expect(await filesOf(big)).toHaveLength(2);
      expect(await filesOf(fast)).toEqual([]);
    },
  );
});
