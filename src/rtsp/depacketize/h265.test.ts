import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { H265_MAIN10_362, H265_MAIN_1080 } from '../../../test/rtp/parameter-sets.ts';
import {
  aggregate,
  bytesOf,
  CollectingSink,
  fragments,
  RtpFeed,
  sdpMedia,
  splitLengths,
} from '../../../test/rtp/rtp-script.ts';
import { H265Depacketizer } from './h265.ts';

const { vps, sps, pps } = H265_MAIN_1080;
const FRAME = 3_600;
const SEI = bytesOf(39 << 1, 1, 5, 1, 42, 0x80);
const SUFFIX_SEI = bytesOf(40 << 1, 1, 5, 1, 43, 0x80);
const AUD = bytesOf(35 << 1, 1, 0x50);

/** The first slice segment of a picture: first_slice_segment_in_pic_flag 1, (no_output 0,) id 0. */
function slice(type: number, ...rest: number[]): Uint8Array {
  return bytesOf(type << 1, 1, 0xb0, ...rest);
}

const IDR = slice(19, 1, 2, 3);
const CRA = slice(21, 4, 5, 6);
const BLA = slice(16, 4, 5, 6);
const TRAIL = slice(1, 7, 8, 9);
const RASL = slice(9, 10, 11);
const RADL = slice(7, 12, 13);
/** A later slice segment of a picture. */
const REST = bytesOf(1 << 1, 1, 0x30, 14, 15);

class Camera {
  readonly sink = new CollectingSink();
  readonly depacketizer: H265Depacketizer;
  readonly feed: RtpFeed;

  constructor(fmtp: Record<string, string> = {}) {
    const sets = { 'sprop-vps': vps, 'sprop-sps': sps, 'sprop-pps': pps };
    const sprops = Object.entries(sets).map(
      ([name, nal]) => [name, Buffer.from(nal).toString('base64')] as const,
    );
    const media = sdpMedia('H265', { fmtp: new Map([...sprops, ...Object.entries(fmtp)]) });
    this.depacketizer = new H265Depacketizer(media, 0, this.sink);
    this.feed = new RtpFeed(this.depacketizer);
  }

  play(...pictures: Uint8Array[]): this {
    for (const [frame, picture] of pictures.entries()) this.feed.send(picture, frame * FRAME, true);
    this.depacketizer.flush();
    return this;
  }

  get pictures(): number[][][] {
    return this.sink.units.map((unit) => splitLengths(unit.data).map((nal) => [...nal]));
  }
}

test('emits pictures with parameter sets of the session description', () => {
  const { sink } = new Camera().play(IDR, TRAIL, TRAIL);
  expect(sink.units.map((unit) => unit.isKey)).toEqual([true, false, false]);
  expect(sink.units[0]?.track).toMatchObject({
    codec: 'h265',
    widthPx: 1920,
    heightPx: 1080,
    reorderDepth: 2,
  });
});

test('strips parameter sets and delimiters and keeps SEI before and after the picture', () => {
  const camera = new Camera();
  for (const nal of [AUD, vps, sps, pps, SEI, IDR, SUFFIX_SEI]) camera.feed.send(nal, 0, nal === SUFFIX_SEI);
  camera.depacketizer.flush();
  expect(camera.pictures).toEqual([[[...SEI], [...IDR], [...SUFFIX_SEI]]]);
});

test('drops pictures that lead the first random access point and refer past it', () => {
  expect(new Camera().play(CRA, RASL, RADL, TRAIL).pictures).toEqual([[[...CRA]], [[...RADL]], [[...TRAIL]]]);
});

test('keeps leading pictures of a random access point in mid-stream, but not of a broken link', () => {
  expect(new Camera().play(IDR, TRAIL, CRA, RASL, TRAIL).pictures).toHaveLength(5);
  expect(new Camera().play(IDR, TRAIL, BLA, RASL, TRAIL).pictures).toHaveLength(4);
});

test('drops other layers', () => {
  const layered = TRAIL.with(1, (1 << 3) | 1);
  const camera = new Camera();
  camera.feed.send(aggregate([IDR, layered], 2), 0, true);
  camera.depacketizer.flush();
  expect(camera.pictures).toEqual([[[...IDR]]]);
});

test('makes a new track when parameter sets change', () => {
  const { sink } = new Camera().play(
    IDR,
    aggregate([vps, sps, pps, IDR], 2),
    aggregate([H265_MAIN10_362.vps, H265_MAIN10_362.sps, H265_MAIN10_362.pps, IDR], 2),
  );
  expect(sink.units[1]?.track).toBe(sink.units[0]?.track);
  expect(sink.units[2]?.track).toMatchObject({ widthPx: 642, codecString: 'hvc1.2.4.L63.90' });
});

test('drops a picture that misses a slice segment', () => {
  const camera = new Camera();
  camera.feed.send(IDR, 0, true);
  camera.feed.send(TRAIL, FRAME);
  camera.feed.lose();
  camera.feed.send(REST, FRAME, true);
  camera.feed.send(TRAIL, 2 * FRAME, true);
  camera.depacketizer.flush();
  expect(camera.sink.units.map((unit) => unit.timestamp)).toEqual([0, 2 * FRAME]);
  expect(camera.sink.kinds).toEqual(['damaged']);
});

test('takes no more than 256 units out of an aggregation packet', () => {
  const camera = new Camera();
  camera.feed.send(aggregate([IDR, ...Array.from({ length: 256 }, () => SEI)], 2), 0, true);
  camera.depacketizer.flush();
  expect(camera.pictures.map((nals) => nals.length)).toEqual([256]);
  expect(camera.sink.kinds).toEqual(['malformed']);
});

test('skips decoding order numbers where the description announces them', () => {
  const camera = new Camera({ 'sprop-max-don-diff': '1' });
  camera.feed.send(bytesOf(IDR.subarray(0, 2), 0, 7, IDR.subarray(2)), 0, true);
  const aggregated = bytesOf(48 << 1, 1, 0, 8, 0, SEI.length, SEI, 0, 0, TRAIL.length, TRAIL);
  camera.feed.send(aggregated, FRAME, true);
  camera.feed.send(bytesOf(49 << 1, 1, 0x81, 0, 9, TRAIL.subarray(2, 4)), 2 * FRAME);
  camera.feed.send(bytesOf(49 << 1, 1, 0x41, TRAIL.subarray(4)), 2 * FRAME, true);
  camera.depacketizer.flush();
  expect(camera.pictures).toEqual([[[...IDR]], [[...SEI], [...TRAIL]], [[...TRAIL]]]);
  expect(camera.sink.problems).toEqual([]);
});

test('rebuilds any pictures from any mixture of single, aggregated and fragmented units', () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const picture = fc.array(content, { minLength: 1, maxLength: 4 });
  const property = fc.property(
    fc.array(picture, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 120 }),
    fc.constantFrom('always', 'last', 'never'),
    (pictures, mtu, marking) => {
      const camera = new Camera();
      const sent = [[], ...pictures].map((rests, frame) => {
        const first = frame === 0 ? IDR : TRAIL;
        return [first, ...rests.map((rest) => bytesOf(first[0] ?? 0, 1, 0x30, rest))];
      });
      for (const [frame, nals] of sent.entries()) {
        // A camera whose markers prove right on three pictures and lie on the fourth loses part of that one.
        const isAggregated =
          marking !== 'always' && nals.length > 1 && nals.every((nal) => nal.length <= mtu);
        const payloads = isAggregated
          ? [aggregate(nals, 2)]
          : nals.flatMap((nal) => (nal.length <= mtu ? [nal] : fragments(nal, 2, mtu)));
        for (const [at, payload] of payloads.entries()) {
          const isLast = at === payloads.length - 1;
          camera.feed.send(payload, frame * FRAME, marking === 'always' || (marking === 'last' && isLast));
        }
      }
      camera.feed.send(TRAIL, sent.length * FRAME);
      expect(camera.pictures).toEqual(sent.map((nals) => nals.map((nal) => [...nal])));
      expect(camera.sink.problems).toEqual([]);
    },
  );
  fc.assert(property);
});

test('survives any packets and losses, and emits only whole lengths', () => {
  const type = fc.constantFrom(19, 21, 1, 9, 32, 33, 34, 39, 48, 49, 50, 63);
  const packet = fc.record({
    payload: fc.tuple(type, fc.uint8Array({ maxLength: 40 })),
    step: fc.nat(1),
    marker: fc.boolean(),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 120 }), fc.constantFrom('0', '2'), (packets, numbers) => {
      const camera = new Camera({ 'sprop-max-don-diff': numbers });
      let timestamp = 0;
      for (const { payload, step, marker, isLost } of packets) {
        timestamp += step * FRAME;
        if (isLost) camera.feed.lose();
        else camera.feed.send(bytesOf(payload[0] << 1, payload[1]), timestamp, marker);
      }
      camera.depacketizer.flush();
      for (const { data } of camera.sink.units) {
        expect(splitLengths(data).reduce((sum, nal) => sum + 4 + nal.length, 0)).toBe(data.length);
      }
    }),
  );
});
