import { mkdtemp, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { memorySource } from '../media/fmp4/byte-source.ts';
import { readMp4 } from '../media/fmp4/reader.ts';
import { CountedMemory } from '../media/testing/counted-memory.ts';
import { makePictures } from '../media/testing/make-packet.ts';
import type { Mp4Packet } from './fragment-cutter.ts';
import type { RecordingError } from './recording-error.ts';
import { SegmentWriter } from './segment-writer.ts';
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
  readonly failures: RecordingError[];
}

function startWriting(
  packets: readonly Mp4Packet[],
  changeHandle: (handle: FileHandle) => FileHandle = (handle) => handle,
  maxQueuedBytes = 1e6,
): Writing {
  const failures: RecordingError[] = [];
  const path = join(folder, 'x.mp4');
  const writer = new SegmentWriter({
    create: async () => ({ path, handle: changeHandle(await open(path, 'wx')) }),
    startWallMs: wallMs(Date.UTC(2026, 10, 22)),
    runStartWallMs: wallMs(Date.UTC(2026, 10, 21)),
    onCreated: () => undefined,
    maxQueuedBytes,
    onFailed: (error) => void failures.push(error),
  });
  for (const packet of packets) writer.push(packet);
  return { writer, failures };
}

/** The handle, with `writev` replaced. */
function withWritev(handle: FileHandle, writev: (...call: Parameters<FileHandle['writev']>) => unknown) {
  return new Proxy(handle, {
    get(target, name) {
      if (name === 'writev') return writev;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('SegmentWriter', () => {
  test('writes every packet, a fragment a GOP', async () => {
    const packets = makePictures(5_000, 100, 10);
    const { writer, failures } = startWriting(packets);
    await writer.close();
    const file = await readRecording(folder, 'x.mp4');
    expect(pictureTimesMs(file)).toEqual(packets.map((packet) => packet.dts / 90));
    expect(file.fragments).toHaveLength(5);
    expect(file.tornBy).toBeUndefined();
    expect(failures).toEqual([]);
  });

  test.each(['written', 'refused'])('holds the memory of packets until they are %s', async (fate) => {
    const memory = new CountedMemory();
    let heldAtWrite = 0;
    const { writer } = startWriting(
      makePictures(2_000, 100, 10).map((packet) => ({ ...packet, memory })),
      (handle) =>
        withWritev(handle, (pieces, position) => {
          heldAtWrite = memory.holders;
          if (fate === 'refused') throw new Error('no space left');
          return handle.writev(pieces, position);
        }),
    );
    expect(memory.holders).toBe(20);
    await writer.settled();
    expect(heldAtWrite).toBe(20);
    expect(memory.holders).toBe(10);
    await writer.close();
    expect(memory.holders).toBe(fate === 'written' ? 0 : 10);
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
    expect(failures.map((failure) => failure.kind)).toEqual(['write']);
    expect(failures[0]?.message).toContain('ENOSPC');
    const content = await readFile(join(folder, 'x.mp4'));
    const file = await readMp4(memorySource(content));
    expect(file.tornBy).toBeUndefined();
    expect(pictureTimesMs(file)).toHaveLength(20);
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
      onCreated: () => undefined,
      maxQueuedBytes: 1e6,
      onFailed: (error) => void failures.push(error),
    });
    for (const packet of makePictures(1_000, 100, 10)) writer.push(packet);
    await writer.close();
    expect(failures[0]?.message).toBe('could not write a new file: EROFS: read-only file system');
    expect(writer.path).toBeUndefined();
  });
});
