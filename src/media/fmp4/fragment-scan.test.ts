import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { memorySource } from './byte-source.ts';
import { FileMuxer } from './file-muxer.ts';
import { holdsFragmentName, scanMp4 } from './fragment-scan.ts';
import { join, makeRun } from './testing/packets.ts';
import { h264HighTrack, stereoTrack } from './testing/test-tracks.ts';

/** The pieces of a file: its header with the first fragment, and the others. */
function pieces(count: number): Uint8Array[] {
  const muxer = new FileMuxer({
    tracks: [h264HighTrack, stereoTrack],
    createdAt: wallMs(2e12),
    runStartWallMs: wallMs(1e12),
  });
  return Array.from({ length: count }, (_, i) =>
    join(
      muxer.encode([makeRun(h264HighTrack, 3, i * 10_800, 3600), makeRun(stereoTrack, 5, i * 5760, 1024)]),
    ),
  );
}

const scan = (content: Uint8Array) => scanMp4(memorySource(content));

describe('scanMp4', () => {
  it('tells a torn tail wherever the file is cut', async () => {
    const parts = pieces(3);
    const wholeBytes = join(parts.slice(0, 2)).byteLength;
    const content = join(parts);
    for (let endBytes = wholeBytes + 1; endBytes < content.byteLength; endBytes += 1) {
      const { fragments, damages, tear, wholeSizeBytes } = await scan(content.subarray(0, endBytes));
      expect(fragments).toHaveLength(2);
      expect(damages).toEqual([]);
      expect(tear).toMatchObject({ positionBytes: wholeBytes, sizeBytes: endBytes - wholeBytes });
      expect(wholeSizeBytes).toBe(wholeBytes);
    }
  });

  it('finds no tear and no damage in a whole file', async () => {
    const { fragments, damages, tear } = await scan(join(pieces(3)));
    expect(fragments.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3]);
    expect([damages, tear]).toEqual([[], undefined]);
  });

  it('goes on behind a fragment that cannot be read, and does not take it for a tear', async () => {
    const [first, second, ...rest] = pieces(5);
    if (first === undefined || second === undefined) throw new Error('no pieces');
    const torn = second.slice();
    torn.set(Buffer.from('mooh'), 4);
    const { fragments, damages, tear } = await scan(join([first, torn, ...rest]));
    expect(fragments.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 3, 4, 5]);
    expect(damages).toMatchObject([{ positionBytes: first.byteLength, sizeBytes: second.byteLength }]);
    expect(tear).toBeUndefined();
  });

  it('is not led astray by an mdat that claims to hold the next fragment', async () => {
    const [first, second, ...rest] = pieces(4);
    if (first === undefined || second === undefined) throw new Error('no pieces');
    const greedy = second.slice();
    const mdat = Buffer.from(greedy).indexOf('mdat') - 4;
    new DataView(greedy.buffer).setUint32(mdat, 8 + 200);
    const { fragments, damages } = await scan(join([first, greedy, ...rest]));
    expect(fragments.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 3, 4]);
    expect(damages).toHaveLength(1);
  });

  it('takes zeros and other boxes after the last fragment for a tear', async () => {
    const whole = join(pieces(2));
    for (const tail of [new Uint8Array(4096), Buffer.from('\0\0\0\u0008free'), Uint8Array.of(1)]) {
      const { tear, wholeSizeBytes } = await scan(join([whole, tail]));
      expect(tear?.sizeBytes).toBe(tail.byteLength);
      expect(wholeSizeBytes).toBe(whole.byteLength);
    }
  });
});

describe('holdsFragmentName', () => {
  it('tells whether there may be footage, also across the pieces in which it reads', async () => {
    expect(await holdsFragmentName(memorySource(join(pieces(1))))).toBe(true);
    expect(await holdsFragmentName(memorySource(new Uint8Array(600_000)))).toBe(false);
    for (let at = 2 ** 18 - 8; at < 2 ** 18 + 4; at += 1) {
      const content = new Uint8Array(600_000);
      content.set(Buffer.from('moof'), at);
      expect(await holdsFragmentName(memorySource(content))).toBe(true);
    }
  });
});
