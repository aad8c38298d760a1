import { describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import type { VideoPacket } from '../media/packet.ts';
import { VideoDecoder } from './decoder.ts';
import { beginsAnew, isReference } from './reference.ts';
import { encodeClip } from './testing/encode-clip.ts';

const scene: Scene = {
  widthPx: 96,
  heightPx: 64,
  seed: 1,
  noise: 2,
  rectangles: [{ x: 4, y: 6, width: 20, height: 24, dx: 5, dy: 2, shade: 200 }],
};

function clip(codec: 'h264' | 'h265', bFrames: number): VideoPacket[] {
  const { widthPx, heightPx } = scene;
  const luma = (index: number) => renderScene(scene, index);
  return encodeClip({ codec, widthPx, heightPx, pictures: 30, rateFps: 10, gop: 15, bFrames, luma });
}

/** Checksums of the luma by picture number. */
function decodeAll(packets: readonly VideoPacket[]): Map<number, string> {
  using decoder = new VideoDecoder();
  const pictures = new Map<number, string>();
  for (const packet of packets) {
    const error = decoder.decode(packet, (picture) => {
      const { data, stride, widthPx, heightPx } = picture.readLuma();
      const rows = Array.from({ length: heightPx }, (_, y) =>
        data.subarray(y * stride, y * stride + widthPx),
      );
      pictures.set(picture.pts / 9000, Buffer.concat(rows).toString('base64'));
    });
    expect(error).toBeUndefined();
  }
  return pictures;
}

describe('isReference', () => {
  it.each(['h264', 'h265'] as const)('leaves B pictures of %s out without harm to the others', (codec) => {
    const packets = clip(codec, 2);
    const references = packets.filter(isReference);
    expect(references.length).toBeLessThan(packets.length * 0.8);
    const all = decodeAll(packets);
    const some = decodeAll(references);
    expect(some.size).toBeGreaterThan(8);
    for (const [index, luma] of some) expect(all.get(index), `picture ${index}`).toBe(luma);
  });

  it.each(['h264', 'h265'] as const)(
    'takes every picture of %s without B pictures for a reference',
    (codec) => {
      expect(clip(codec, 0).every(isReference)).toBe(true);
    },
  );

  it('looks at the first slice, behind what is no slice', () => {
    const [, packet] = clip('h264', 0);
    if (packet === undefined) throw new Error('the clip is empty');
    const sei = [0, 0, 0, 2, 0x06, 0x80];
    const slice = (header: number) => ({ ...packet, data: Uint8Array.of(...sei, 0, 0, 0, 2, header, 0x9a) });
    expect(isReference(slice(0x41))).toBe(true);
    expect(isReference(slice(0x01))).toBe(false);
  });

  it('takes an upper temporal layer of H.265 for none only if it is the highest', () => {
    const [, packet] = clip('h265', 0);
    const sets = packet?.track.parameterSets;
    if (packet === undefined || sets?.codec !== 'h265') throw new Error('no H.265');
    const inLayer = (layer: number, highest: number) => {
      const sps = Uint8Array.from(sets.sps);
      sps[2] = highest << 1;
      const track = { ...packet.track, parameterSets: { ...sets, sps } };
      return { ...packet, track, data: Uint8Array.of(0, 0, 0, 3, 0, layer + 1, 0x80) } as VideoPacket;
    };
    expect(isReference(inLayer(1, 1))).toBe(false);
    expect(isReference(inLayer(0, 1))).toBe(true);
  });

  it.each([[], [0, 0, 0], [0, 0, 0, 9], [0xff, 0xff, 0xff, 0xff, 6, 1], [0, 0, 0, 0, 9, 9, 9, 9, 9]])(
    'takes what makes no sense for a reference: %j',
    (...bytes) => {
      const [, packet] = clip('h264', 0);
      if (packet === undefined) throw new Error('the clip is empty');
      expect(isReference({ ...packet, data: Uint8Array.from(bytes) })).toBe(true);
    },
  );
});

describe('beginsAnew', () => {
  it('tells the key pictures of H.264 at which a decoder forgets', () => {
    const packets = clip('h264', 0);
    expect(packets.filter(({ isKey }) => isKey)).toHaveLength(2);
    for (const packet of packets) expect(beginsAnew(packet)).toBe(packet.isKey);
  });

  it.each([
    ['h264', [0x65], true],
    ['h264', [0x41], false],
    ['h264', [], false],
    ['h265', [16 << 1, 1], true],
    ['h265', [20 << 1, 1], true],
    ['h265', [21 << 1, 1], false],
    ['h265', [], false],
  ] as const)('of %s a key packet with a slice of %j: %j', (codec, slice, expected) => {
    const [packet] = clip(codec, 0);
    if (packet === undefined) throw new Error('the clip is empty');
    const data = Uint8Array.of(0, 0, 0, slice.length + 1, ...slice, 0x9a);
    expect(beginsAnew({ ...packet, isKey: true, data })).toBe(expected);
  });

  it('tells all key packets of AV1', () => {
    const [key] = clip('h264', 0);
    if (key === undefined) throw new Error('the clip is empty');
    const packet = { ...key, track: { ...key.track, codec: 'av1' as const }, data: Uint8Array.of(0x32, 0) };
    expect(beginsAnew(packet)).toBe(true);
    expect(beginsAnew({ ...packet, isKey: false })).toBe(false);
  });
});
