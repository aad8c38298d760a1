import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { memorySource } from './byte-source.ts';
import { checksumOf, findFlippedBit, headSyndrome } from './checksum.ts';
import { FileMuxer } from './file-muxer.ts';
import { scanMp4 } from './fragment-scan.ts';
import { Mp4Error } from './mp4-error.ts';
import { join, makeRun } from './testing/packets.ts';
import { h264HighTrack } from './testing/test-tracks.ts';

/** A file of three fragments, and where its header ends. */
function smallFile() {
  const muxer = new FileMuxer({
    tracks: [h264HighTrack],
    createdAt: wallMs(2e12),
    runStartWallMs: wallMs(1e12),
  });
  const content = join([0, 1, 2].flatMap((i) => muxer.encode([makeRun(h264HighTrack, 3, i * 10_800, 3600)])));
  return { content, headerBytes: Buffer.from(content).indexOf('moof') - 4 };
}

function flipped(content: Uint8Array, bit: number): Uint8Array {
  const copy = content.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('findFlippedBit', () => {
  it('finds any single bit of any message', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (message, any) => {
        const bit = any % (8 * message.length);
        const damaged = flipped(message, bit);
        const syndrome = (checksumOf([message]) ^ checksumOf([damaged])) >>> 0;
        expect(findFlippedBit(syndrome, message.length)).toEqual({
          offsetBytes: bit >> 3,
          mask: 1 << (bit & 7),
        });
      }),
    );
  });

  it('finds nothing where two bits flipped, or a bit of the checksum', () => {
    const message = Uint8Array.from({ length: 64 }, (_, i) => i);
    for (let other = 1; other < 512; other += 7) {
      const damaged = flipped(flipped(message, 0), other);
      expect(findFlippedBit((checksumOf([message]) ^ checksumOf([damaged])) >>> 0, 64)).toBeUndefined();
    }
    for (let bit = 0; bit < 32; bit += 1) expect(findFlippedBit((1 << bit) >>> 0, 64)).toBeUndefined();
  });
});

describe('the checksums of a file', () => {
  it('are right in what the muxer writes', async () => {
    const { content, headerBytes } = smallFile();
    expect(headSyndrome(content.subarray(0, headerBytes))).toBe(0);
    const { header, fragments, damages, tear } = await scanMp4(memorySource(content));
    expect(header.checksum).toBe('right');
    expect(fragments).toHaveLength(3);
    expect([...damages, tear]).toEqual([undefined]);
    for (const { checksum, payloadChecksum, positionBytes, sizeBytes, dataSizeBytes } of fragments) {
      const endBytes = positionBytes + sizeBytes;
      expect(checksum).toBe('right');
      expect(payloadChecksum).toBe(checksumOf([content.subarray(endBytes - dataSizeBytes, endBytes)]));
    }
  });

  it('notice every flipped bit of the header and of a fragment', async () => {
    const { content } = smallFile();
    const endBits = 8 * (await scanMp4(memorySource(content))).wholeSizeBytes;
    for (let bit = 0; bit < endBits; bit += 1) {
      const damaged = flipped(content, bit);
      expect(await noticed(damaged), `bit ${bit & 7} of byte ${bit >> 3}`).toBe(true);
    }
  });
});

async function noticed(content: Uint8Array): Promise<boolean> {
  try {
    const { header, fragments, damages, tear } = await scanMp4(memorySource(content));
    const isPayloadDamaged = fragments.some(
      ({ payloadChecksum, positionBytes, sizeBytes, dataSizeBytes }) => {
        const endBytes = positionBytes + sizeBytes;
        return payloadChecksum !== checksumOf([content.subarray(endBytes - dataSizeBytes, endBytes)]);
      },
    );
    const isDamaged = [header, ...fragments].some(({ checksum }) => checksum !== 'right');
    return (
      isDamaged || isPayloadDamaged || damages.length > 0 || tear !== undefined || fragments.length !== 3
    );
  } catch (error) {
    if (error instanceof Mp4Error) return true;
    throw error;
  }
}
