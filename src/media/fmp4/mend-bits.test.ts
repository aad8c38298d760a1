import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { memorySource } from './byte-source.ts';
import { FileMuxer } from './file-muxer.ts';
import { scanMp4 } from './fragment-scan.ts';
import { mendFragment, mendHeader, type ByteMend } from './mend-bits.ts';
import { join, makeRun } from './testing/packets.ts';
import { h264HighTrack, stereoTrack } from './testing/test-tracks.ts';

async function smallFile() {
  const muxer = new FileMuxer({
    tracks: [h264HighTrack, stereoTrack],
    createdAt: wallMs(2e12),
    runStartWallMs: wallMs(1e12),
  });
  const content = join(
    [0, 1, 2].flatMap((i) =>
      muxer.encode([makeRun(h264HighTrack, 3, i * 10_800, 3600), makeRun(stereoTrack, 5, i * 5760, 1024)]),
    ),
  );
  return { content, ...(await scanMp4(memorySource(content))) };
}

function flipped(content: Uint8Array, bit: number): Uint8Array {
  const copy = content.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function apply(content: Uint8Array, mend: ByteMend | undefined): Uint8Array {
  const copy = content.slice();
  if (mend !== undefined) copy[mend.positionBytes] = mend.value;
  return copy;
}

describe('mendHeader', () => {
  it('flips back any single bit', async () => {
    const { content, header } = await smallFile();
    for (let bit = 0; bit < 8 * header.sizeBytes; bit += 1) {
      const damaged = flipped(content, bit);
      const mend = await mendHeader(memorySource(damaged));
      expect(Buffer.compare(apply(damaged, mend), content), `bit ${bit & 7} of byte ${bit >> 3}`).toBe(0);
    }
  });

  it('leaves more than one alone', async () => {
    const { content } = await smallFile();
    expect(await mendHeader(memorySource(flipped(flipped(content, 500), 900)))).toBeUndefined();
    expect(await mendHeader(memorySource(new Uint8Array(3)))).toBeUndefined();
  });
});

describe('mendFragment', () => {
  it('flips back any single bit of tables and payload', async () => {
    const { content, header, fragments } = await smallFile();
    const [, { positionBytes, sizeBytes } = { positionBytes: 0, sizeBytes: 0 }] = fragments;
    for (let bit = 8 * positionBytes; bit < 8 * (positionBytes + sizeBytes); bit += 1) {
      const damaged = flipped(content, bit);
      const mend = await mendFragment(memorySource(damaged), header, positionBytes);
      const where = `bit ${bit & 7} of byte ${(bit >> 3) - positionBytes}`;
      expect(Buffer.compare(apply(damaged, mend), content), where).toBe(0);
    }
  });

  it('leaves more than one alone, and what is whole', async () => {
    const { content, header, fragments } = await smallFile();
    const positionBytes = fragments[1]?.positionBytes ?? 0;
    const bit = 8 * (positionBytes + 30);
    const twice = flipped(flipped(content, bit), bit + 100);
    expect(await mendFragment(memorySource(twice), header, positionBytes)).toBeUndefined();
    expect(await mendFragment(memorySource(content), header, positionBytes)).toBeUndefined();
    expect(await mendFragment(memorySource(content), header, content.byteLength - 3)).toBeUndefined();
  });
});
