import { mkdtemp, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { FragmentRecord } from '../db/records.ts';
import { memorySource } from '../media/fmp4/byte-source.ts';
import { readMp4 } from '../media/fmp4/reader.ts';
import { CountedMemory } from '../media/testing/counted-memory.ts';
import { makePictures } from '../media/testing/make-packet.ts';
import type { Mp4Packet } from './fragment-cutter.ts';
import type { RecordingError } from './recording-error.ts';
import { SegmentWriter, type DurableSegment } from './segment-writer.ts';
import { pictureTimesMs, readRecording } from './testing/read-archive.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-segment-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Writing {
  readonly writer: SegmentWriter;
  readonly clock: SimulatedClock;
  readonly failures: RecordingError[];
  /** What was told to be on disk, each time. */
  readonly durable: DurableSegment[];
}

const START = wallMs(Date.UTC(2026, 10, 22));

function startWriting(
  packets: readonly Mp4Packet[],
  changeHandle: (handle: FileHandle) => FileHandle = (handle) => handle,
  maxQueuedBytes = 1e6,
): Writing {
  const failures: RecordingError[] = [];
  const durable: DurableSegment[] = [];
  const path = join(folder, 'x.mp4');
  const clock = new SimulatedClock();
  const writer = new SegmentWriter({
    create: async () => ({
      path,
      handle: changeHandle(await open(path, 'wx')),
      key: { volume: 'v', path: 'x.mp4' },
    }),
    startWallMs: START,
    runStartWallMs: wallMs(Date.UTC(2026, 10, 21)),
    audio: undefined,
    isTimelapse: false,
    clock,
    onDurable: (told) => void durable.push(told),
    maxQueuedBytes,
    onFailed: (error) => void failures.push(error),
  });
  for (const packet of packets) writer.push(packet);
  return { writer, clock, failures, durable };
}

type Calls = Partial<{ [name in keyof FileHandle]: (...call: never[]) => unknown }>;

/** The handle, with some of its calls replaced. */
function withCalls(handle: FileHandle, calls: Calls): FileHandle {
  return new Proxy(handle, {
    get(target, name) {
      const value: unknown = Reflect.get(calls, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The handle, with `writev` replaced. */
function withWritev(handle: FileHandle, writev: (...call: Parameters<FileHandle['writev']>) => unknown) {
  return withCalls(handle, { writev });
}

/** Resolves when all disk work that is not waiting for the time is done. */
async function allSettled(writer: SegmentWriter): Promise<void> {
  for (let round = 0; round < 3; round++) await writer.settled();
}

describe('SegmentWriter', () => {
  test('writes every packet, in fragments of half a GOP', async () => {
    const packets = makePictures(5_000, 100, 10);
    const { writer, failures } = startWriting(packets);
    await writer.close();
    const file = await readRecording(folder, 'x.mp4');
    expect(pictureTimesMs(file)).toEqual(packets.map((packet) => packet.dts / 90));
    expect(file.fragments).toHaveLength(10);
    expect(file.tornBy).toBeUndefined();
    expect(failures).toEqual([]);
  });

  test.each(['written', 'refused'])('holds the memory of packets until they are %s', async (fate) => {
    const memory = new CountedMemory();
    let heldAtFirstWrite: number | undefined;
    const { writer } = startWriting(
      makePictures(2_000, 100, 10).map((packet) => ({ ...packet, memory })),
      (handle) =>
        withWritev(handle, (pieces, position) => {
          heldAtFirstWrite ??= memory.holders;
          if (fate === 'refused') throw new Error('no space left');
          return handle.writev(pieces, position);
        }),
    );
    expect(memory.holders).toBe(20);
    await writer.settled();
    expect(heldAtFirstWrite).toBe(20);
    expect(memory.holders).toBe(5);
    await writer.close();
    expect(memory.holders).toBe(0);
  });

  test('writes what is read in a long turn at once, and together', async () => {
    const written: number[] = [];
    const { writer, failures } = startWriting([], (handle) =>
      withWritev(handle, (pieces, position) => {
        written.push(pieces.length);
        return handle.writev(pieces, position);
      }),
    );
    const packets = makePictures(7_000, 100, 20);
    const push = (from: number, to: number) => {
      for (const packet of packets.slice(from, to)) writer.push(packet);
    };
    push(0, 3);
    writer.allRead(true);
    await writer.settled();
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toEqual([0, 100]);
    push(3, 30);
    await writer.settled();
    expect(written).toHaveLength(1);
    writer.allRead(true);
    await writer.settled();
    expect(written).toHaveLength(2);
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toHaveLength(29);
    push(30, 45);
    writer.allRead(false);
    await writer.settled();
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toHaveLength(40);
    push(45, 70);
    await writer.close();
    const file = await readRecording(folder, 'x.mp4');
    expect(pictureTimesMs(file)).toEqual(packets.map(({ dts }) => dts / 90));
    expect(file.fragments.map(({ runs: [video] }) => video?.samples.length)).toEqual([
      2, 18, 9, 11, 10, 10, 10,
    ]);
    expect(failures).toEqual([]);
  });

  test('leaves a whole file after each fragment', async () => {
    const { writer } = startWriting(makePictures(3_500, 100, 10));
    await writer.settled();
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toHaveLength(30);
    await writer.close();
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toHaveLength(35);
  });

  test('goes on where the system wrote less than asked', async () => {
    const { writer, failures } = startWriting(makePictures(3_000, 100, 10), (handle) =>
      withWritev(handle, (pieces, position) => {
        const [first] = pieces;
        const part = first && new Uint8Array(first.buffer, first.byteOffset, Math.min(37, first.byteLength));
        return handle.writev(part === undefined ? [] : [part], position);
      }),
    );
    await writer.close();
    expect(failures).toEqual([]);
    expect(pictureTimesMs(await readRecording(folder, 'x.mp4'))).toHaveLength(30);
  });

  test('cuts off a fragment that a full disk took half of, and tells it once', async () => {
    let writes = 0;
    const { writer, failures } = startWriting(makePictures(5_000, 100, 10), (handle) =>
      withWritev(handle, async (pieces, position) => {
        if (++writes <= 2) return handle.writev(pieces, position);
        await handle.write(new Uint8Array(50), 0, 50, position);
        throw new Error('ENOSPC: no space left on device');
      }),
    );
    await writer.close();
    expect(failures.map((failure) => failure.kind)).toEqual(['disk']);
    expect(failures[0]?.message).toContain('ENOSPC');
    const content = await readFile(join(folder, 'x.mp4'));
    const file = await readMp4(memorySource(content));
    expect(file.tornBy).toBeUndefined();
    expect(pictureTimesMs(file)).toHaveLength(10);
  });

  test('gives up a file when the disk falls behind by more than the bound', async () => {
    let release: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    const { writer, failures } = startWriting(
      makePictures(60_000, 100, 10),
      (handle) =>
        withWritev(handle, async (pieces, position) => {
          await stuck;
          return handle.writev(pieces, position);
        }),
      10_000,
    );
    expect(failures.map((failure) => failure.kind)).toEqual(['too-slow']);
    release();
    await writer.close();
    const file = await readRecording(folder, 'x.mp4');
    expect(file.tornBy).toBeUndefined();
    expect(file.fragments.length).toBeGreaterThan(3);
  });

  test('tells that a file could not be created', async () => {
    const failures: RecordingError[] = [];
    const writer = new SegmentWriter({
      create: () => Promise.reject(new Error('EROFS: read-only file system')),
      startWallMs: wallMs(0),
      runStartWallMs: wallMs(0),
      audio: undefined,
      isTimelapse: false,
      clock: new SimulatedClock(),
      onDurable: () => undefined,
      maxQueuedBytes: 1e6,
      onFailed: (error) => void failures.push(error),
    });
    for (const packet of makePictures(1_000, 100, 10)) writer.push(packet);
    await writer.close();
    expect(failures[0]?.message).toBe('could not write a new file: EROFS: read-only file system');
    expect(writer.durable).toBeUndefined();
  });
});

describe('what SegmentWriter says to be on disk', () => {
  // A fragment is complete when the next one begins.
  test.each([
    [
      'those of half a second every 0.75 s',
      10,
      [500, 1_250, 2_000, 2_750, 3_500, 4_250, 5_000, 5_750, 6_000],
      [1, 2, 3, 5, 6, 8, 9, 11, 12],
    ],
    [
      'GOPs of 0.4 s as often',
      4,
      [400, 1_150, 1_900, 2_650, 3_400, 4_150, 4_900, 5_650, 6_000],
      [1, 2, 4, 6, 8, 10, 12, 14, 15],
    ],
  ])('is told with %s, and when the file is closed', async (_, gopPictures, syncedMs, fragmentCounts) => {
    const syncedAtMs: number[] = [];
    const packets = makePictures(6_000, 100, gopPictures);
    const { writer, clock, durable } = startWriting([], (handle) =>
      withCalls(handle, {
        datasync: () => {
          syncedAtMs.push(clock.monotonicMs());
          return handle.datasync();
        },
      }),
    );
    for (const packet of packets) {
      writer.push(packet);
      await allSettled(writer);
      await clock.advance(100);
      await allSettled(writer);
    }
    await writer.close();
    expect(syncedAtMs).toEqual(syncedMs);
    expect(durable.map(({ fragments }) => fragments.length)).toEqual(fragmentCounts);
  });

  test('is told less often by a slow disk, which so has time for other files', async () => {
    const syncedAtMs: number[] = [];
    const { writer, clock } = startWriting([], (handle) =>
      withCalls(handle, {
        datasync: async () => {
          syncedAtMs.push(clock.monotonicMs());
          if (syncedAtMs.length === 1) await clock.advance(700);
          return handle.datasync();
        },
      }),
    );
    for (const packet of makePictures(5_000, 100, 10)) {
      writer.push(packet);
      await allSettled(writer);
      await clock.advance(100);
      await allSettled(writer);
    }
    expect(syncedAtMs).toEqual([500, 500 + 4 * 700, 4_050, 4_800, 5_550]);
    await writer.close();
  });

  test('lies in the file, fragment by fragment, from the header to the last byte', async () => {
    const { writer, durable } = startWriting(makePictures(4_500, 100, 10));
    await writer.close();
    const last = durable.at(-1);
    const { header, fragments } = await readRecording(folder, 'x.mp4');
    expect(last).toMatchObject({
      file: { path: join(folder, 'x.mp4'), key: { volume: 'v', path: 'x.mp4' } },
      sizeBytes: (await readFile(join(folder, 'x.mp4'))).byteLength,
      endWallMs: START + 4_500,
    });
    expect(last?.fragments[0]?.offsetBytes).toBe(header.sizeBytes);
    expect(last?.fragments).toEqual(
      fragments.map(({ positionBytes, sizeBytes }, index): FragmentRecord => ({
        offsetBytes: positionBytes,
        sizeBytes,
        startMs: index * 500,
        durationMs: 500,
        isKey: index % 2 === 0,
      })),
    );
  });

  test('is never more than was written before the sync began', async () => {
    const { promise: stuck, resolve: goOn } = deferred();
    let written = 0;
    const { writer, durable } = startWriting(makePictures(4_500, 100, 10), (handle) =>
      withCalls(handle, {
        writev: async (...call: Parameters<FileHandle['writev']>) => {
          written++;
          return handle.writev(...call);
        },
        datasync: async () => {
          const before = written;
          await stuck;
          expect(written).toBe(before);
          return handle.datasync();
        },
      }),
    );
    const closed = writer.close();
    goOn();
    await closed;
    expect(durable.at(-1)?.fragments).toHaveLength(9);
  });

  test('is what was written whole before the disk was full', async () => {
    let writes = 0;
    const { writer, durable } = startWriting(makePictures(5_000, 100, 10), (handle) =>
      withWritev(handle, async (pieces, position) => {
        if (++writes > 2) throw new Error('ENOSPC');
        return handle.writev(pieces, position);
      }),
    );
    await writer.close();
    expect(durable.at(-1)?.fragments).toHaveLength(2);
    expect(durable.at(-1)?.sizeBytes).toBe((await readFile(join(folder, 'x.mp4'))).byteLength);
  });

  test('stays as it was when a sync fails, which is never tried again: the file ends there', async () => {
    let syncs = 0;
    const { writer, clock, durable, failures } = startWriting([], (handle) =>
      withCalls(handle, {
        datasync: () => {
          if (++syncs === 2) throw new Error('EIO: i/o error');
          return handle.datasync();
        },
      }),
    );
    for (const packet of makePictures(8_000, 100, 10)) {
      writer.push(packet);
      await allSettled(writer);
      await clock.advance(100);
      await allSettled(writer);
    }
    await writer.close();
    expect(syncs).toBe(2);
    expect(failures.map(({ kind, message }) => [kind, message])).toEqual([
      ['disk', `could not sync ${join(folder, 'x.mp4')}: EIO: i/o error`],
    ]);
    expect(durable).toHaveLength(1);
    const file = await readRecording(folder, 'x.mp4');
    expect(file.tornBy).toBeUndefined();
    expect(pictureTimesMs(file)).toHaveLength(5);
  });

  test('is nothing when the first sync fails, and no file is left', async () => {
    const memory = new CountedMemory();
    const { writer, durable, failures } = startWriting(
      makePictures(5_000, 100, 10).map((packet) => ({ ...packet, memory })),
      (handle) => withCalls(handle, { datasync: () => Promise.reject(new Error('EIO')) }),
    );
    await writer.close();
    expect(failures).toHaveLength(1);
    expect(durable).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
    expect(memory.holders).toBe(0);
  });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
