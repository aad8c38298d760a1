import { afterEach, describe, expect, it } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { VideoDecoder } from './decoder.ts';
import type { DecodeError } from './error.ts';
import type { DecodedLuma } from './frame-reader.ts';
import { encodeClip, type ClipOptions } from './testing/encode-clip.ts';

const scene: Scene = {
  widthPx: 96,
  heightPx: 64,
  seed: 1,
  noise: 2,
  rectangles: [{ x: 4, y: 6, width: 20, height: 24, dx: 5, dy: 2, shade: 200 }],
};
const PICTURES = 12;

function clip(options: Partial<ClipOptions> = {}): VideoPacket[] {
  const luma = (index: number) => renderScene(scene, index);
  const { widthPx, heightPx } = scene;
  return encodeClip({
    codec: 'h264',
    widthPx,
    heightPx,
    pictures: PICTURES,
    rateFps: 10,
    gop: 6,
    luma,
    ...options,
  });
}

interface Shown {
  readonly index: number;
  readonly luma: DecodedLuma;
}

const open: VideoDecoder[] = [];
afterEach(() => open.splice(0).forEach((decoder) => decoder[Symbol.dispose]()));

function newDecoder(): VideoDecoder {
  const decoder = new VideoDecoder();
  open.push(decoder);
  return decoder;
}

/** The pictures that come out of `packets`, `index` being the picture's number at 10 fps, and what went wrong. */
function decodeAll(decoder: VideoDecoder, packets: readonly VideoPacket[]) {
  const shown: Shown[] = [];
  const errors: DecodeError[] = [];
  for (const packet of packets) {
    const error = decoder.decode(packet, (picture) => {
      shown.push({ index: picture.pts / 9000, luma: copyOf(picture.readLuma()) });
    });
    if (error !== undefined) errors.push(error);
  }
  return { shown, errors, indexes: shown.map(({ index }) => index) };
}

/** Rows without padding, in memory of its own. */
function copyOf({ widthPx, heightPx, stride, data, isFullRange }: DecodedLuma): DecodedLuma {
  const rows = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y++) rows.set(data.subarray(y * stride, y * stride + widthPx), y * widthPx);
  return { widthPx, heightPx, stride: widthPx, data: rows, isFullRange };
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.byteLength).toBe(b.byteLength);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? 0))), 0);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('VideoDecoder', () => {
  it.each(['h264', 'h265'] as const)('decodes %s to the luma that was coded', (codec) => {
    const { shown, errors, indexes } = decodeAll(newDecoder(), clip({ codec }));
    expect(errors).toEqual([]);
    expect(indexes.slice(0, 10)).toEqual(upTo(10));
    for (const { index, luma } of shown) {
      expect(luma).toMatchObject({ widthPx: 96, heightPx: 64, isFullRange: false });
      expect(Buffer.compare(luma.data, renderScene(scene, index)), `picture ${index}`).toBe(0);
    }
  });

  it.each(['h264', 'h265'] as const)(
    'puts the pictures of %s with B frames in order of presentation',
    (codec) => {
      const packets = clip({ codec, bFrames: 2, pictures: 30 });
      expect(packets.some(({ pts }, i) => pts < (packets[i - 1]?.pts ?? 0))).toBe(true);
      const { shown, errors, indexes } = decodeAll(newDecoder(), packets);
      expect(errors).toEqual([]);
      // The last ones wait for packets that never come.
      expect(indexes.length).toBeGreaterThanOrEqual(26);
      expect(indexes).toEqual(upTo(indexes.length));
      for (const { index, luma } of shown) {
        expect(largestDifference(luma.data, renderScene(scene, index))).toBeLessThanOrEqual(
          codec === 'h264' ? 3 : 0,
        );
      }
    },
  );

  it('goes on from where another decoder was, with what that has read', () => {
    const packets = clip();
    const [ahead, behind] = [newDecoder(), newDecoder()];
    expect(decodeAll(ahead, packets.slice(0, 9)).indexes).toEqual(upTo(9));
    expect(decodeAll(behind, packets.slice(0, 3)).indexes).toEqual(upTo(3));
    behind.changePlaces(ahead);
    expect(decodeAll(behind, packets.slice(9, 12)).indexes).toEqual([9, 10, 11]);
    const { shown, errors } = decodeAll(ahead, packets.slice(3, 6));
    expect(errors).toEqual([]);
    for (const { index, luma } of shown)
      expect(Buffer.compare(luma.data, renderScene(scene, index)), `picture ${index}`).toBe(0);
    expect(behind.counts.packets).toBe(6);
    expect(ahead.counts.packets).toBe(12);
  });

  it('tells full-range luma', () => {
    const [packet] = clip({ format: 'full' });
    expect(packet?.track.isFullRange).toBe(true);
    const { shown } = decodeAll(newDecoder(), clip({ format: 'full' }));
    expect(shown.length).toBeGreaterThan(5);
    for (const { index, luma } of shown) {
      expect(luma.isFullRange).toBe(true);
      expect(Buffer.compare(luma.data, renderScene(scene, index))).toBe(0);
    }
  });

  it('takes the upper 8 bits of 10', () => {
    const luma = (index: number) => {
      const deep = Uint16Array.from(renderScene(scene, index), (y, i) => y * 4 + (i % 4));
      return new Uint8Array(deep.buffer);
    };
    const { shown, errors } = decodeAll(
      newDecoder(),
      clip({ codec: 'h265', format: 'limited-10-bit', luma }),
    );
    expect(errors).toEqual([]);
    expect(shown.length).toBeGreaterThan(5);
    for (const { index, luma: plane } of shown)
      expect(Buffer.compare(plane.data, renderScene(scene, index))).toBe(0);
  });

  it('decodes sizes that are no multiple of a macroblock', () => {
    const odd: Scene = { ...scene, widthPx: 102, heightPx: 54 };
    const luma = (index: number) => renderScene(odd, index);
    const { shown } = decodeAll(newDecoder(), clip({ widthPx: 102, heightPx: 54, luma }));
    expect(shown[3]?.luma).toMatchObject({
      widthPx: 102,
      heightPx: 54,
      data: renderScene(odd, 3),
    });
  });

  it('skips packets until the first key packet', () => {
    const decoder = newDecoder();
    const { indexes } = decodeAll(decoder, clip().slice(2));
    expect(indexes[0]).toBe(6);
    expect(decoder.counts).toMatchObject({ packets: 10, skippedPackets: 4, failedPackets: 0 });
  });

  it('waits for a key packet after a reset', () => {
    const decoder = newDecoder();
    const packets = clip();
    decodeAll(decoder, packets.slice(0, 3));
    decoder.reset();
    expect(decodeAll(decoder, packets.slice(3)).indexes[0]).toBe(6);
  });

  it('follows a change of track', () => {
    const decoder = newDecoder();
    decodeAll(decoder, clip());
    const small: Scene = { ...scene, widthPx: 64, heightPx: 48 };
    const luma = (index: number) => renderScene(small, index);
    const { shown, errors } = decodeAll(decoder, clip({ codec: 'h265', widthPx: 64, heightPx: 48, luma }));
    expect(errors).toEqual([]);
    expect(shown[0]?.luma).toMatchObject({
      widthPx: 64,
      heightPx: 48,
      data: renderScene(small, 0),
    });
  });

  it('counts a corrupt packet and shows whole pictures from the next key packet on', () => {
    const decoder = newDecoder();
    const packets = clip().map((packet, i) =>
      i === 2 ? { ...packet, data: Buffer.alloc(40, 0xa5) } : packet,
    );
    const { errors, shown } = decodeAll(decoder, packets);
    expect(errors.map(({ kind }) => kind)).toEqual(['corrupt-packet']);
    expect(decoder.counts.failedPackets).toBe(1);
    const afresh = shown.filter(({ index }) => index >= 6);
    expect(afresh.length).toBeGreaterThan(3);
    for (const { index, luma } of afresh)
      expect(Buffer.compare(luma.data, renderScene(scene, index))).toBe(0);
  });

  it('does not take an empty packet for the end of the stream', () => {
    const decoder = newDecoder();
    const packets = clip();
    const [first, second] = packets;
    if (first === undefined || second === undefined) throw new Error('the clip is empty');
    const { errors } = decodeAll(decoder, [first, { ...second, data: new Uint8Array(0) }]);
    expect(errors.map(({ kind }) => kind)).toEqual(['corrupt-packet']);
    expect(decodeAll(decoder, packets.slice(1, 6)).indexes.length).toBeGreaterThan(3);
  });

  it('survives packets cut off anywhere', () => {
    const decoder = newDecoder();
    const packets = clip();
    for (const packet of packets.slice(0, 3)) {
      for (let size = 0; size < Math.min(packet.data.byteLength, 300); size++) {
        decodeAll(decoder, [{ ...packet, isKey: true, data: packet.data.subarray(0, size) }]);
      }
    }
    const { shown, errors } = decodeAll(decoder, packets);
    expect(errors).toEqual([]);
    expect(Buffer.compare(shown[0]?.luma.data ?? Buffer.alloc(0), renderScene(scene, 0))).toBe(0);
  });

  it.each(['h264', 'h265'] as const)('survives 5,000 packets of garbled %s', (codec) => {
    const decoder = newDecoder();
    const packets = clip({ codec, bFrames: 2, gop: 12 });
    const random = randomNumbers(7);
    for (let i = 0; i < 5000; i++) {
      const packet = packets[i % packets.length];
      if (packet !== undefined) decodeAll(decoder, [{ ...packet, data: garble(packet.data, random) }]);
    }
    expect(decoder.counts.packets).toBe(5000);
    expect(decoder.counts.failedPackets).toBeGreaterThan(50);
    expect(decodeAll(decoder, packets).shown.length).toBeGreaterThan(5);
  });

  it.each([
    { flaw: 'no SPS', change: { codec: 'h264', sps: new Uint8Array(0), pps: [] } },
    { flaw: 'a garbled SPS', change: { codec: 'h264', sps: Uint8Array.of(0x67, 77, 0, 31, 1), pps: [] } },
    {
      flaw: 'too many PPS',
      change: { codec: 'h264', sps: Buffer.alloc(9, 1), pps: Array(256).fill(Buffer.alloc(4)) },
    },
    { flaw: 'an endless SPS', change: { codec: 'h264', sps: Buffer.alloc(65_536, 1), pps: [] } },
    { flaw: 'empty sets', change: { codec: 'h265', vps: Buffer.alloc(0), sps: Buffer.alloc(0), pps: [] } },
  ] as const)('refuses parameter sets with $flaw', ({ change }) => {
    const [packet] = clip({ codec: change.codec });
    if (packet === undefined) throw new Error('the clip is empty');
    const track: VideoTrack = { ...packet.track, parameterSets: change };
    const { errors, shown } = decodeAll(newDecoder(), [{ ...packet, track }]);
    expect(shown).toEqual([]);
    expect(errors.map(({ kind }) => kind)).toEqual([
      expect.stringMatching(/^(unusable-track|corrupt-packet)$/),
    ]);
  });

  it.each([
    { widthPx: 8193, heightPx: 16 },
    { widthPx: 16, heightPx: 8193 },
    { widthPx: 8192, heightPx: 8192 },
  ])('refuses a track of $widthPx x $heightPx', (size) => {
    const [packet] = clip();
    if (packet === undefined) throw new Error('the clip is empty');
    const { errors } = decodeAll(newDecoder(), [{ ...packet, track: { ...packet.track, ...size } }]);
    expect(errors.map(({ kind }) => kind)).toEqual(['unusable-track']);
  });

  it('passes on what a visitor throws, and goes on with the next packet', () => {
    const decoder = newDecoder();
    const [first, ...others] = clip();
    if (first === undefined) throw new Error('the clip is empty');
    const thrown = new Error('from the visitor');
    const visit = () => {
      throw thrown;
    };
    expect(() => [first, ...others].forEach((packet) => decoder.decode(packet, visit))).toThrow(thrown);
    expect(decodeAll(decoder, clip()).errors).toEqual([]);
  });

  it('can be disposed of twice', () => {
    const decoder = new VideoDecoder();
    decodeAll(decoder, clip());
    decoder[Symbol.dispose]();
    expect(() => decoder[Symbol.dispose]()).not.toThrow();
  });
});

/** A fixed sequence of numbers in 0..2^32-1 (xorshift32, Marsaglia 2003). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Flips bits, overwrites a stretch, cuts off the end, or leaves the packet be. */
function garble(data: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(data);
  const at = random() % copy.byteLength;
  switch (random() % 4) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      for (let i = 0; i < 5; i++) copy[random() % copy.byteLength] = random() & 0xff;
      return copy;
    case 2:
      return copy.fill(random() & 0xff, at, at + 1 + (random() % 32));
    default:
      return copy;
  }
}
