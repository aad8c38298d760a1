import { describe, expect, it } from 'vitest';
import { readInitSegment, readPictures } from './mp4.ts';

/** A box of these parts, as ISO 14496-12 has it. */
function box(type: string, ...parts: readonly (readonly number[])[]): number[] {
  const content = parts.flat();
  return [...u32(content.length + 8), ...ascii(type), ...content];
}
const u32 = (...values: readonly number[]): number[] =>
  values.flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff));
const u64 = (value: number): number[] => u32(Math.floor(value / 2 ** 32), value % 2 ** 32);
const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const ONE = 0x10000;
const UPRIGHT = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x40000000];
/** A quarter to the right of a picture of 360 lines. */
const TURNED = [0, ONE, 0, -ONE, 0, 0, 360 * ONE, 0, 0x40000000];

function track(
  id: number,
  handler: string,
  clockRateHz: number,
  entry: number[],
  matrix = UPRIGHT,
): number[] {
  const size = u32(640 * ONE, 360 * ONE);
  return box(
    'trak',
    box('tkhd', u32(0x01000003), zeros(16), u32(id), zeros(28), u32(...matrix), size),
    box(
      'mdia',
      box('mdhd', u32(0x01000000), zeros(16), u32(clockRateHz), zeros(12)),
      box('hdlr', u32(0, 0), ascii(handler), zeros(12)),
      box('minf', box('stbl', box('stsd', u32(0, 1), entry))),
    ),
  );
}
const SOUND = track(1, 'soun', 48_000, box('mp4a', zeros(28)));
const VIDEO = track(2, 'vide', 90_000, box('avc1', zeros(78), box('avcC', [1, 2, 3, 4])));
const INIT = Uint8Array.from([...box('ftyp', ascii('iso6')), ...box('moov', SOUND, VIDEO)]);

/** Pictures of these sizes, 40 ms each, the first a key picture, shown 40 ms after they are decoded. */
function fragment(startTicks: number, sizes: readonly number[]): number[] {
  const samples = sizes.flatMap((size, i) => u32(3600, size, i === 0 ? 0x02000000 : 0x01010000, 3600));
  const moof = (dataAt: number) =>
    box(
      'moof',
      box('mfhd', u32(0, 1)),
      box(
        'traf',
        box('tfhd', u32(0x020000, 1)),
        box('tfdt', u32(0x01000000), u64(0)),
        box('trun', u32(0, 0, 0)),
      ),
      box(
        'traf',
        box('tfhd', u32(0x020000, 2)),
        box('tfdt', u32(0x01000000), u64(startTicks)),
        box('trun', u32(0x01000f01, sizes.length, dataAt), samples),
      ),
    );
  const payload = sizes.flatMap((size, i) => Array.from({ length: size }, () => i + 1));
  return [...moof(moof(0).length + 8), ...box('mdat', payload)];
}

describe('what the player reads of MP4', () => {
  it('is how to decode the video track, whichever track that is', () => {
    const init = readInitSegment(INIT);
    expect([init.video, [...init.description]]).toEqual([{ trackId: 2, clockRateHz: 90_000 }, [1, 2, 3, 4]]);
  });

  it('is how its pictures are to be shown', () => {
    expect(readInitSegment(INIT).matrix).toBeUndefined();
    const entry = box('avc1', zeros(78), box('avcC', [1, 2, 3, 4]));
    const turned = box('moov', track(1, 'vide', 90_000, entry, TURNED));
    expect(readInitSegment(Uint8Array.from(turned)).matrix).toEqual([0, 1, -1, 0]);
  });

  it('is the track of sound, if it is AAC as it usually is, or Opus', () => {
    const soundOf = (entry: number[]) =>
      readInitSegment(Uint8Array.from(box('moov', track(1, 'soun', 48_000, entry), VIDEO))).sound;
    const aac = (...configuration: number[]) =>
      box('mp4a', zeros(28), box('esds', zeros(35), configuration, [6, 0x80, 0x80, 0x80, 1, 2]));
    expect(soundOf(aac(0x11, 0x90))).toEqual({
      trackId: 1,
      clockRateHz: 48_000,
      codec: 'aac-lc',
      channels: 2,
    });
    expect(soundOf(box('Opus', zeros(17), [2], zeros(10)))).toMatchObject({ codec: 'opus', channels: 2 });
    // Of 960 samples a unit, with SBR, and at a rate of its own.
    for (const odd of [aac(0x11, 0x94), aac(0x2b, 0x92, 0x08, 0), aac(0x17, 0x80, 0x5d, 0xc0, 0x10)]) {
      expect(soundOf(odd)).toBeUndefined();
    }
    expect(readInitSegment(Uint8Array.from(box('moov', VIDEO))).sound).toBeUndefined();
  });

  it('is each picture of several fragments, with its time and its bytes', () => {
    const startMs = Date.UTC(2026, 10, 28);
    const bytes = Uint8Array.from([
      0,
      0,
      ...fragment(startMs * 90, [5, 2]),
      ...fragment(startMs * 90 + 7200, [4, 1, 1]),
    ]).subarray(2);
    const pictures = readPictures(bytes, readInitSegment(INIT));
    expect(pictures.map(({ atMs }) => atMs - startMs)).toEqual([40, 80, 120, 160, 200]);
    expect(pictures.map(({ isKey }) => isKey)).toEqual([true, false, true, false, false]);
    expect(pictures.map(({ data }) => [data.length, data[0]])).toEqual([
      [5, 1],
      [2, 2],
      [4, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(pictures[0]?.durationMs).toBe(40);
  });

  it('is refused where it makes no sense', () => {
    expect(() => readInitSegment(Uint8Array.from(box('moov', SOUND)))).toThrow(RangeError);
    expect(() => readInitSegment(Uint8Array.from([0, 0, 0, 4, 0, 0, 0, 0]))).toThrow(RangeError);
    const whole = Uint8Array.from(fragment(0, [5]));
    expect(() => readPictures(whole.subarray(0, 60), readInitSegment(INIT))).toThrow(RangeError);
  });
});
