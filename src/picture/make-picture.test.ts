import { describe, expect, test } from 'vitest';
import { encodeClip, type ClipOptions } from '../decode/testing/encode-clip.ts';
import type { VideoPacket } from '../media/packet.ts';
import { makePicture } from './make-picture.ts';

/** Each picture brighter than the one before. */
function clip(options: Partial<ClipOptions> = {}): VideoPacket[] {
  const luma = (index: number) => new Uint8Array(160 * 96).fill(40 + 10 * index);
  return encodeClip({
    codec: 'h264',
    widthPx: 160,
    heightPx: 96,
    pictures: 12,
    rateFps: 10,
    gop: 12,
    luma,
    ...options,
  });
}

function jpegOf(packets: readonly VideoPacket[], maxWidthPx = 4_000): Buffer {
  const [first] = packets;
  if (first === undefined) throw new Error('no packets');
  return Buffer.from(makePicture({ track: first.track, packets, maxWidthPx }));
}

/** Width and height, from the frame header (ITU-T T.81 B.2.2). */
function sizeOf(jpeg: Buffer): readonly [number, number] {
  expect(jpeg.subarray(0, 2)).toEqual(Buffer.of(0xff, 0xd8));
  const header = jpeg.indexOf(Buffer.of(0xff, 0xc0));
  return [jpeg.readUInt16BE(header + 7), jpeg.readUInt16BE(header + 5)];
}

describe('makePicture', () => {
  test.each([
    ['H.264', { codec: 'h264' }],
    ['H.265', { codec: 'h265' }],
    ['H.265 with B frames', { codec: 'h265', bFrames: 2 }],
  ] as const)('shows the last picture of %s', (_, options) => {
    const last = jpegOf(clip(options));
    expect(sizeOf(last)).toEqual([160, 96]);
    expect(last).toEqual(jpegOf(clip({ gop: 1 }).slice(-1)));
  });

  test('shows a key picture alone, also where others would be shown before it', () => {
    expect(sizeOf(jpegOf(clip({ bFrames: 2 }).slice(0, 1)))).toEqual([160, 96]);
  });

  test('shrinks to the width asked for and keeps the proportions', () => {
    const packets = clip().slice(0, 1);
    expect(sizeOf(jpegOf(packets, 80))).toEqual([80, 48]);
    expect(sizeOf(jpegOf(packets, 33))).toEqual([32, 18]);
    expect(sizeOf(jpegOf(packets, 1))).toEqual([2, 2]);
  });

  test('passes over what cannot be decoded, and fails where nothing is left', () => {
    const packets = clip({ gop: 6 });
    const noise = Buffer.from('0000000441aaaaaa', 'hex');
    const damaged = packets.map((packet, i) => (i === 3 ? { ...packet, data: noise } : packet));
    expect(sizeOf(jpegOf(damaged))).toEqual([160, 96]);
    expect(() => jpegOf(packets.map((packet) => ({ ...packet, data: noise })))).toThrow(
      'no picture came out',
    );
  });
});
