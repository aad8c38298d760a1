import { afterEach, describe, expect, test } from 'vitest';
import { renderScene, type Scene } from '../../test/goldens/scene.ts';
import { mediaTicks, wallMs } from '../base/time.ts';
import type { ReencodeConfig } from '../config/config.ts';
import { VideoDecoder } from '../decode/decoder.ts';
import { encodeClip, type ClipOptions } from '../decode/testing/encode-clip.ts';
import { textPanel } from '../media/burnt-text.ts';
import { withLengths } from '../media/coded-picture.ts';
import { createI420 } from '../media/i420.ts';
import type { VideoPacket, VideoTrack } from '../media/packet.ts';
import { userDataOf, userDataUnit } from '../media/user-data.ts';
import { panelDifference } from '../media/testing/panel-difference.ts';
import { labelText } from './label.ts';
import type { FromTranscoder, ReencodedPortion } from './messages.ts';
import { Reencoder } from './reencoder.ts';

const scene: Scene = {
  widthPx: 160,
  heightPx: 96,
  seed: 1,
  noise: 1,
  rectangles: [{ x: 4, y: 6, width: 60, height: 40, dx: 3, dy: 1, shade: 200 }],
};

const PLAIN: ReencodeConfig = {
  codec: 'h264',
  encoder: 'software',
  widthPx: undefined,
  heightPx: undefined,
  rateFps: undefined,
  rateControl: { kind: 'quality', quality: 18 },
  hasLabel: false,
};

const GOP = 10;

function clip(options: Partial<ClipOptions> = {}): VideoPacket[] {
  const { widthPx = scene.widthPx, heightPx = scene.heightPx } = options;
  return encodeClip({
    codec: 'h264',
    widthPx,
    heightPx,
    pictures: 30,
    rateFps: 10,
    gop: GOP,
    luma: (index) => renderScene({ ...scene, widthPx, heightPx }, index),
    ...options,
  });
}

const open: Reencoder[] = [];
afterEach(() => open.splice(0).forEach((reencoder) => reencoder[Symbol.dispose]()));

/** Re-encodes packets, a portion a GOP and one for each track. */
class Bench {
  readonly told: FromTranscoder[] = [];
  readonly #reencoder: Reencoder;
  #track: VideoTrack | undefined;
  #portion = 0;

  constructor(reencode: Partial<ReencodeConfig> = {}) {
    const order = { reencode: { ...PLAIN, ...reencode }, camera: 'yard', timeZone: 'utc' as const };
    this.#reencoder = new Reencoder(order, (message) => void this.told.push(message));
    open.push(this.#reencoder);
  }

  push(packets: readonly VideoPacket[], portionGops = 1): this {
    let gops = 0;
    for (const { track, ...packet } of packets) {
      if (packet.isKey && gops++ % portionGops === 0) {
        const changed = track === this.#track ? undefined : track;
        this.#track = track;
        this.#reencoder.receive({ type: 'portion', portion: ++this.#portion, track: changed });
      }
      const at = wallMs(1e12 + packet.pts / 90);
      this.#reencoder.receive({ type: 'packet', packet: { ...packet, wallMs: at } });
    }
    return this;
  }

  finish(): this {
    this.#reencoder.receive({ type: 'finish' });
    this.#track = undefined;
    return this;
  }

  get portions(): ReencodedPortion[] {
    return this.told.filter((message) => message.type === 'reencoded');
  }

  /** As packets that can be decoded. */
  get packets(): VideoPacket[] {
    let track: VideoTrack | undefined;
    return this.portions.flatMap((portion) => {
      track = portion.track ?? track;
      const known = track;
      if (known === undefined) return [];
      return portion.packets.map((packet) => ({ ...packet, dts: packet.pts, track: known }));
    });
  }
}

const indexes = (packets: readonly VideoPacket[]) => packets.map(({ pts }) => Math.round(pts / 9000));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Each picture's luma by its number at 10 fps. */
function decode(packets: readonly VideoPacket[]): Map<number, Uint8Array> {
  using decoder = new VideoDecoder();
  const pictures = new Map<number, Uint8Array>();
  for (const packet of packets) {
    const error = decoder.decode(packet, (picture) => {
      const { widthPx, heightPx } = packet.track;
      const target = createI420(widthPx, heightPx);
      picture.readI420(target);
      pictures.set(Math.round(picture.pts / 9000), target.y);
    });
    expect(error).toBeUndefined();
  }
  return pictures;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.byteLength).toBe(b.byteLength);
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.byteLength;
}

describe('Reencoder', () => {
  test.each(['h264', 'h265'] as const)('makes the same pictures at the same times as %s', (codec) => {
    const bench = new Bench({ codec }).push(clip()).finish();
    expect(bench.portions.map(({ portion }) => portion)).toEqual([1, 2, 3]);
    expect(indexes(bench.packets)).toEqual(upTo(30));
    expect(bench.packets[0]?.track).toMatchObject({ codec, widthPx: 160, heightPx: 96, reorderDepth: 0 });
    const pictures = decode(bench.packets);
    expect(pictures.size).toBe(30);
    for (const [index, luma] of pictures) {
      expect(meanDifference(luma, renderScene(scene, index)), `picture ${index}`).toBeLessThan(3);
    }
  });

  test('begins each portion with a key picture, and says what encodes once', () => {
    const bench = new Bench().push(clip()).finish();
    for (const { packets } of bench.portions) {
      expect(packets.map(({ isKey }) => isKey)).toEqual(upTo(GOP).map((index) => index === 0));
    }
    expect(bench.told.filter(({ type }) => type === 'encoder')).toEqual([
      { type: 'encoder', name: 'libx264' },
    ]);
    expect(bench.portions.map(({ track }) => track !== undefined)).toEqual([true, false, false]);
  });

  test('puts a key picture at least every two seconds into a longer GOP', () => {
    const bench = new Bench().push(clip({ pictures: 50, gop: 50 })).finish();
    const keys = bench.packets.filter(({ isKey }) => isKey);
    expect(indexes(keys)).toEqual([0, 20, 40]);
  });

  test('answers a portion soon after the next has begun', () => {
    const bench = new Bench().push(clip().slice(0, 18));
    expect(bench.portions.map(({ portion, packets }) => [portion, packets.length])).toEqual([[1, 10]]);
  });

  test('puts pictures in the order in which they are shown', () => {
    const packets = clip({ bFrames: 2 });
    expect(indexes(packets)).not.toEqual(upTo(30));
    expect(indexes(new Bench().push(packets).finish().packets)).toEqual(upTo(30));
  });

  test.each([
    { config: { widthPx: 80 }, size: [80, 48] },
    { config: { heightPx: 32 }, size: [54, 32] },
    { config: { widthPx: 64, heightPx: 64 }, size: [64, 64] },
  ])('scales to $size', ({ config, size }) => {
    const { packets } = new Bench(config).push(clip()).finish();
    const [widthPx, heightPx] = size;
    expect(packets[0]?.track).toMatchObject({ widthPx, heightPx });
    expect(decode(packets).size).toBe(30);
  });

  test('takes sizes that are no multiple of a macroblock', () => {
    const packets = clip({ widthPx: 162, heightPx: 98 });
    const bench = new Bench().push(packets).finish();
    expect(bench.packets[0]?.track).toMatchObject({ widthPx: 162, heightPx: 98 });
    expect(decode(bench.packets).size).toBe(30);
  });

  test('keeps full range as full range', () => {
    const { packets } = new Bench({ widthPx: 80 }).push(clip({ format: 'full' })).finish();
    expect(packets[0]?.track.isFullRange).toBe(true);
    const limited = new Bench({ widthPx: 80 }).push(clip()).finish();
    expect(limited.packets[0]?.track.isFullRange).toBe(false);
  });

  test('brings ten bits down to eight', () => {
    const luma = (index: number) => {
      const deep = Uint16Array.from(renderScene(scene, index), (y) => y * 4);
      return new Uint8Array(deep.buffer);
    };
    const bench = new Bench().push(clip({ codec: 'h265', format: 'limited-10-bit', luma })).finish();
    const pictures = decode(bench.packets);
    expect(pictures.size).toBe(30);
    for (const [index, picture] of pictures) {
      expect(meanDifference(picture, renderScene(scene, index))).toBeLessThan(3);
    }
  });

  test('keeps as many pictures a second as asked for', () => {
    const bench = new Bench({ rateFps: 5 }).push(clip()).finish();
    expect(indexes(bench.packets)).toEqual(upTo(15).map((index) => 2 * index));
    expect(bench.portions.map(({ packets }) => packets[0]?.isKey)).toEqual([true, true, true]);
  });

  test('tells of a portion without pictures whether it could not be decoded or was passed over', () => {
    const slow = new Bench({ rateFps: 0.5 }).push(clip()).finish();
    expect(slow.portions.map(({ packets, decodedPictures }) => [packets.length, decodedPictures])).toEqual([
      [1, 10],
      [1, 10],
      [0, 10],
    ]);
    const garbled = clip().map((packet, i) =>
      i >= 10 && i < 20 ? { ...packet, data: Buffer.alloc(40, 0xa5) } : packet,
    );
    const damaged = new Bench().push(garbled).finish();
    expect(damaged.portions.map(({ packets, decodedPictures }) => [packets.length, decodedPictures])).toEqual(
      [
        [10, 10],
        [0, 0],
        [10, 10],
      ],
    );
  });

  test.each(['h264', 'h265'] as const)('keeps what the camera writes beside its pictures, in %s', (codec) => {
    // More of it, and longer, from picture to picture.
    const written = (index: number) =>
      upTo(1 + (index % 7)).map((nth) => new Uint8Array(100 + 200 * index).fill(index + nth, 1));
    const packets = clip({ bFrames: 2 }).map((packet) => {
      const unit = userDataUnit('h264', written(Math.round(packet.pts / 9000)));
      return { ...packet, data: Buffer.concat([withLengths([unit]), packet.data]) };
    });
    const recorded = new Bench({ codec }).push(packets).finish().packets;
    expect(indexes(recorded)).toEqual(upTo(30));
    for (const [index, { data }] of recorded.entries()) {
      // The encoders write of themselves too, behind it.
      expect(userDataOf(codec, data).slice(0, written(index).length)).toEqual(written(index));
    }
    expect(decode(recorded).size).toBe(30);
  });

  test('keeps uneven intervals', () => {
    const uneven = clip().map((packet, i) => {
      const ticks = mediaTicks(packet.pts + (i % 3) * 2_000 + (i > 15 ? 500_000 : 0));
      return { ...packet, pts: ticks, dts: ticks };
    });
    const { packets } = new Bench().push(uneven).finish();
    expect(packets.map(({ pts }) => pts)).toEqual(uneven.map(({ pts }) => pts));
  });

  test.each([
    ['h264', 'lost'],
    ['h264', 'cut off'],
    ['h264', 'garbled'],
    ['h265', 'lost'],
    ['h265', 'cut off'],
  ] as const)('keeps what follows a picture of %s that was %s, damaged as it is', (codec, accident) => {
    const lossy = clip({ codec }).flatMap((packet, i) => {
      if (i !== 12) return [packet];
      const { data } = packet;
      if (accident === 'lost') return [];
      if (accident === 'cut off') return [{ ...packet, data: data.subarray(0, data.byteLength / 2) }];
      return [{ ...packet, data: data.map((byte, at) => (at > 200 && at % 100 === 0 ? byte ^ 0x5a : byte)) }];
    });
    const { packets } = new Bench().push(lossy).finish();
    const kept = accident === 'garbled' ? upTo(30) : upTo(30).filter((index) => index !== 12);
    expect(indexes(packets)).toEqual(kept);
  });

  test('follows a change of size', () => {
    const [small, large] = [clip(), clip({ widthPx: 320, heightPx: 192 })];
    const later = large.map((packet) => ({
      ...packet,
      pts: packet.pts + 270_000,
      dts: packet.dts + 270_000,
    }));
    const bench = new Bench()
      .push(small)
      .push(later as VideoPacket[])
      .finish();
    expect(bench.portions.map(({ track }) => track?.widthPx)).toEqual([
      160,
      undefined,
      undefined,
      320,
      undefined,
      undefined,
    ]);
    expect(indexes(bench.packets)).toEqual(upTo(60));
    expect(decode(bench.packets).size).toBe(60);
  });

  test('goes on with the next run, in which media time begins anew', () => {
    const bench = new Bench().push(clip()).finish().push(clip()).finish();
    expect(bench.portions.map(({ portion }) => portion)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(indexes(bench.packets)).toEqual([...upTo(30), ...upTo(30)]);
  });

  test('burns the camera and the time in, at the lower left', () => {
    const flat = () => new Uint8Array(scene.widthPx * scene.heightPx).fill(120);
    const { packets } = new Bench({ hasLabel: true }).push(clip({ luma: flat })).finish();
    const pictures = decode(packets);
    expect(pictures.size).toBe(30);
    for (const [index, luma] of pictures) {
      const [before = 0, now = 255, after = 0] = [-1_000, 0, 1_000].map((offsetMs) => {
        const text = labelText('yard', wallMs(1e12 + index * 100 + offsetMs), 'utc');
        return panelDifference(luma, scene.widthPx, textPanel(text, 1));
      });
      expect(now).toBeLessThan(10);
      expect(now).toBeLessThan(Math.min(before, after));
      const aboveThePanel = luma.subarray(10 * scene.widthPx, 11 * scene.widthPx);
      expect(Math.max(...aboveThePanel)).toBeLessThan(140);
    }
  });

  test('keeps to a bit rate', () => {
    const noisy = { ...scene, noise: 40 };
    const packets = clip({ pictures: 100, luma: (index) => renderScene(noisy, index) });
    const kbps = (rateControl: ReencodeConfig['rateControl']) => {
      const coded = new Bench({ rateControl }).push(packets).finish().packets;
      return coded.reduce((sum, { data }) => sum + data.byteLength, 0) / 125 / 10;
    };
    expect(kbps({ kind: 'quality', quality: 18 })).toBeGreaterThan(300);
    const reached = kbps({ kind: 'bit-rate', bitRateBps: 100_000 });
    expect(reached).toBeGreaterThan(70);
    expect(reached).toBeLessThan(140);
  });

  test('finds an encoder by itself', () => {
    const bench = new Bench({ encoder: 'auto' }).push(clip()).finish();
    expect(bench.told.filter(({ type }) => type === 'encoder')).toEqual([
      { type: 'encoder', name: expect.stringContaining('264') },
    ]);
    expect(decode(bench.packets).size).toBe(30);
  });

  test('keeps what a camera writes beside its pictures', () => {
    const text = 'PREROLL yard/main 0000000001';
    const packets = clip().map((packet) => ({ ...packet, data: Buffer.concat([seiOf(text), packet.data]) }));
    for (const { data } of new Bench({ widthPx: 80 }).push(packets).finish().packets) {
      expect(Buffer.from(data).toString('latin1')).toContain(text);
    }
  });

  test('gives up on a camera whose video no decoder takes', () => {
    const [packet] = clip();
    if (packet === undefined) throw new Error('the clip is empty');
    const track: VideoTrack = { ...packet.track, widthPx: 9_000 };
    expect(() => new Bench().push([{ ...packet, track }])).toThrow('Cannot decode pictures of 9000x96');
  });

  test('gives up when nothing can be encoded', () => {
    expect(() => new Bench({ encoder: 'nvenc' }).push(clip())).toThrow('h264_nvenc');
  });
});

/** A user_data_unregistered SEI message behind its length (ITU-T H.264 D.2.7). */
function seiOf(text: string): Buffer {
  const payload = Buffer.concat([Buffer.alloc(16, 0x5a), Buffer.from(text, 'latin1')]);
  const unit = Buffer.concat([Buffer.from([0x06, 5, payload.length]), payload, Buffer.from([0x80])]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.byteLength);
  return Buffer.concat([length, unit]);
}
