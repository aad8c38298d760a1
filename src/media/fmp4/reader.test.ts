import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { memorySource, type ByteSource } from './byte-source.ts';
import { FileMuxer } from './file-muxer.ts';
import { Mp4Error } from './mp4-error.ts';
import { readMp4 } from './reader.ts';
import { join, makeRun } from './testing/packets.ts';
import { h264HighTrack, stereoTrack } from './testing/test-tracks.ts';

const CREATED_AT = wallMs(Date.UTC(2026, 10, 22, 20, 15, 3, 123));
const RUN_START = wallMs(Date.UTC(2026, 10, 21, 7, 30, 0, 456));
const RUN_TICKS = 90_000 * 3600;

/** A small file of two tracks, and where each of its fragments ends. */
function smallFile() {
  const muxer = new FileMuxer({
    tracks: [h264HighTrack, stereoTrack],
    createdAt: CREATED_AT,
    runStartWallMs: RUN_START,
  });
  const parts = [0, 1, 2].map((i) =>
    join(
      muxer.encode([
        makeRun(h264HighTrack, 3, RUN_TICKS + i * 10_800, 3600),
        makeRun(stereoTrack, 5, (RUN_TICKS / 90) * 48 + i * 5120, 1024),
      ]),
    ),
  );
  let endBytes = 0;
  const endsBytes = parts.map((part) => (endBytes += part.byteLength));
  return { content: join(parts), endsBytes };
}

/** Reads `content`, which must give a file or an `Mp4Error`. */
async function outcome(content: Uint8Array) {
  try {
    return await readMp4(memorySource(content));
  } catch (error) {
    if (error instanceof Mp4Error) return error;
    throw error;
  }
}

/** Where the boxes of this type have their type. */
function positionsOf(content: Uint8Array, type: string): number[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const positions: number[] = [];
  for (let at = bytes.indexOf(type); at >= 0; at = bytes.indexOf(type, at + 4)) positions.push(at);
  return positions;
}

function setU32(content: Uint8Array, positionBytes: number, value: number): void {
  new DataView(content.buffer, content.byteOffset).setUint32(positionBytes, value);
}

function box(type: string, sizeBytes: number): Uint8Array {
  const content = new Uint8Array(sizeBytes);
  setU32(content, 0, sizeBytes);
  content.set(Buffer.from(type), 4);
  return content;
}

describe('readMp4', () => {
  it('finds the last whole fragment wherever a file is cut off', async () => {
    const { content, endsBytes } = smallFile();
    const headerBytes = (await readMp4(memorySource(content))).header.sizeBytes;
    for (let sizeBytes = 0; sizeBytes <= content.byteLength; sizeBytes += 1) {
      const found = await outcome(content.subarray(0, sizeBytes));
      if (sizeBytes < headerBytes) {
        expect(found).toBeInstanceOf(Mp4Error);
        expect(found).toMatchObject({ kind: 'truncated' });
        continue;
      }
      const wholeSizeBytes = Math.max(headerBytes, ...endsBytes.filter((end) => end <= sizeBytes));
      const tornBy =
        sizeBytes === wholeSizeBytes ? undefined : expect.objectContaining({ kind: 'truncated' });
      expect(found).toMatchObject({ wholeSizeBytes, tornBy });
    }
  });

  it('takes zeros and noise after the last fragment for a torn tail', async () => {
    const { content } = smallFile();
    for (const tail of [new Uint8Array(4096), new Uint8Array(100).fill(0xa5), Uint8Array.of(0, 0, 0)]) {
      const file = await readMp4(memorySource(join([content, tail])));
      expect(file.fragments).toHaveLength(3);
      expect(file.wholeSizeBytes).toBe(content.byteLength);
      expect(file.tornBy).toBeInstanceOf(Mp4Error);
    }
  });

  it('counts other whole boxes as part of the file', async () => {
    const { content } = smallFile();
    const whole = join([content, box('mfra', 64)]);
    expect(await outcome(whole)).toMatchObject({ wholeSizeBytes: whole.byteLength, tornBy: undefined });
  });

  it('tells every damage as an Mp4Error, with its place in the file', async () => {
    const { content } = smallFile();
    const change = fc.record({ at: fc.nat(content.byteLength - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const damaged = content.slice();
        for (const { at, to } of changes) damaged[at] = to;
        const found = await outcome(damaged);
        const error = found instanceof Mp4Error ? found : found.tornBy;
        if (error !== undefined) expect(error.positionBytes).toBeTypeOf('number');
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what is not an MP4 file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        expect(await outcome(noise)).toBeInstanceOf(Mp4Error);
      }),
    );
  });

  it('refuses a sample that lies outside its fragment', async () => {
    const { content, endsBytes } = smallFile();
    const [, secondTrun] = positionsOf(content, 'trun').slice(2);
    setU32(content, (secondTrun ?? 0) + 12, 0x7fff0000);
    const file = await outcome(content);
    expect(file).toMatchObject({ wholeSizeBytes: endsBytes[0], tornBy: { kind: 'malformed' } });
  });

  it('refuses times too late to be reckoned with', async () => {
    const { content, endsBytes } = smallFile();
    const [, , late = 0] = positionsOf(content, 'tfdt');
    setU32(content, late + 8, 2 ** 21 - 1);
    setU32(content, late + 12, 0xffffffff);
    const file = await outcome(content);
    expect(file).toMatchObject({ wholeSizeBytes: endsBytes[0], tornBy: { kind: 'malformed' } });
    const shownLate = smallFile().content;
    const [elst = 0] = positionsOf(shownLate, 'elst');
    setU32(shownLate, elst + 20, 2 ** 21 - 1);
    expect(await outcome(shownLate)).toMatchObject({ kind: 'malformed' });
  });

  it('does not take a fragment it cannot read for a torn one', async () => {
    const unsupported = smallFile().content;
    const [tfhd = 0] = positionsOf(unsupported, 'tfhd');
    setU32(unsupported, tfhd + 4, 0);
    expect(await outcome(unsupported)).toMatchObject({ kind: 'unsupported' });
    const crowded = smallFile().content;
    const [trun = 0] = positionsOf(crowded, 'trun');
    setU32(crowded, trun + 8, 0xffffffff);
    expect(await outcome(crowded)).toMatchObject({ kind: 'too-large' });
  });

  it('bounds what it reads and how long it looks', async () => {
    const { content } = smallFile();
    const { header } = await readMp4(memorySource(content));
    const boxes = join([
      content.subarray(0, header.sizeBytes),
      ...Array.from({ length: 1000 }, () => box('free', 8)),
    ]);
    expect(await outcome(boxes)).toMatchObject({ tornBy: { kind: 'malformed' } });
    const endless: ByteSource = {
      sizeBytes: 2 ** 40,
      read: async (positionBytes, lengthBytes) => {
        expect(lengthBytes).toBeLessThan(2 ** 22);
        return positionBytes === 0
          ? box('ftyp', 16).slice(0, lengthBytes)
          : new Uint8Array(lengthBytes).fill(0x6d);
      },
    };
    await expect(readMp4(endless)).rejects.toThrow(Mp4Error);
  });

  it('passes on an error of the disk', async () => {
    const content = join([smallFile().content, box('free', 20_000)]);
    const failing: ByteSource = {
      sizeBytes: content.byteLength + 8,
      read: async (positionBytes, lengthBytes) => {
        if (positionBytes >= content.byteLength) throw new Error('EIO');
        return content.slice(positionBytes, positionBytes + lengthBytes);
      },
    };
    await expect(readMp4(failing)).rejects.toThrow('EIO');
  });

  it('reckons when the run began where an older file does not say it', async () => {
    const { content } = smallFile();
    const [ours = 0] = positionsOf(content, 'uuid');
    const version = ours + 4 + 16;
    content[version] = 0;
    const { header } = await readMp4(memorySource(content));
    const { startTicks, clockRateHz } = header.timeline;
    expect(header.runStartWallMs).toBe(Math.round(CREATED_AT - (startTicks / clockRateHz) * 1000));
  });

  it('takes a file that is not ours as a run of its own', async () => {
    const { content } = smallFile();
    const [ours = 0] = positionsOf(content, 'uuid');
    content.set(Buffer.from('free'), ours);
    const { header, fragments } = await readMp4(memorySource(content));
    expect(header.createdAt).toBe(Math.floor(CREATED_AT / 1000) * 1000);
    expect(header.runStartWallMs).toBe(header.createdAt);
    expect(fragments[0]?.runs[0]?.samples[0]?.dts).toBe(0);
  });
});
