import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { H264_BASELINE_360, H264_MAIN_1080 } from '../../../test/rtp/parameter-sets.ts';
import {
  aggregate,
  bytesOf,
  CollectingSink,
  fragments,
  RtpFeed,
  sdpMedia,
  splitLengths,
} from '../../../test/rtp/rtp-script.ts';
import { monotonicMs } from '../../base/time.ts';
import { RtpPacket } from '../rtp.ts';
import { H264Depacketizer, requireH264Support } from './h264.ts';

const { sps, pps } = H264_MAIN_1080;
const SEI = bytesOf(0x06, 5, 1, 42, 0x80);
const AUD = bytesOf(0x09, 0x30);
const FILLER = bytesOf(0x0c, 0xff, 0x80);
/** The first slice of a key picture: first_mb_in_slice 0, slice_type 7, pic_parameter_set_id 0. */
const KEY = bytesOf(0x65, 0x88, 0x80, 1, 2, 3);
const KEY_REST = bytesOf(0x65, 0x40, 4, 5, 6);
const PICTURE = bytesOf(0x41, 0x9a, 7, 8, 9, 10, 11, 12);
const PICTURE_REST = bytesOf(0x41, 0x40, 7, 8, 9);
const FRAME = 3_600;

function sprop(...nals: Uint8Array[]): string {
  return nals.map((nal) => Buffer.from(nal).toString('base64')).join(',');
}

class Camera {
  readonly sink = new CollectingSink();
  readonly depacketizer: H264Depacketizer;
  readonly feed: RtpFeed;

  constructor(parameters = sprop(sps, pps)) {
    const fmtp = new Map([['sprop-parameter-sets', parameters]]);
    this.depacketizer = new H264Depacketizer(sdpMedia('H264', { fmtp }), 0, this.sink);
    this.feed = new RtpFeed(this.depacketizer);
  }

  /** Pictures of one packet with a marker each, until the marker is trusted and nothing is held back. */
  prove(): this {
    this.feed.send(KEY, 0, true);
    for (let frame = 1; frame <= 3; frame += 1) this.feed.send(PICTURE, frame * FRAME, true);
    this.feed.send(PICTURE, 4 * FRAME, true);
    return this;
  }

  /** The NAL units of each access unit. */
  get pictures(): number[][][] {
    return this.sink.units.map((unit) => splitLengths(unit.data).map((nal) => [...nal]));
  }
}

test('emits pictures with parameter sets of the session description', () => {
  const { sink } = new Camera().prove();
  expect(sink.units.map((unit) => [unit.isKey, unit.timestamp])).toEqual([
    [true, 0],
    [false, FRAME],
    [false, 2 * FRAME],
    [false, 3 * FRAME],
    [false, 4 * FRAME],
  ]);
  expect(sink.units[0]?.track).toMatchObject({ widthPx: 1920, heightPx: 1080, codecString: 'avc1.4d4028' });
});

test('joins what precedes a picture with it and strips parameter sets, delimiters and fillers', () => {
  const camera = new Camera('');
  for (const nal of [AUD, sps, pps, SEI, FILLER, KEY, KEY_REST]) camera.feed.send(nal, 0, nal === KEY_REST);
  camera.feed.send(PICTURE, FRAME);
  expect(camera.pictures).toEqual([[[...SEI], [...KEY], [...KEY_REST]]]);
});

test('joins parameter sets and SEI that carry a marker and a time of their own', () => {
  const camera = new Camera('');
  camera.feed.send(sps, 1, true);
  camera.feed.send(pps, 2, true);
  camera.feed.send(SEI, 3, true);
  camera.feed.send(KEY, FRAME, true);
  camera.feed.send(PICTURE, 2 * FRAME, true);
  expect(camera.pictures).toEqual([[[...SEI], [...KEY]]]);
  expect(camera.sink.units[0]?.timestamp).toBe(FRAME);
});

test('separates pictures of a camera that never sets the marker', () => {
  const camera = new Camera();
  for (const [frame, nal] of [KEY, PICTURE, PICTURE].entries()) camera.feed.send(nal, frame * FRAME);
  expect(camera.pictures).toEqual([[[...KEY]], [[...PICTURE]]]);
});

test('keeps the slices of a picture together although the camera sets the marker on each', () => {
  const camera = new Camera();
  for (let frame = 0; frame < 6; frame += 1) {
    camera.feed.send(frame === 0 ? KEY : PICTURE, frame * FRAME, true);
    camera.feed.send(frame === 0 ? KEY_REST : PICTURE_REST, frame * FRAME, true);
  }
  expect(camera.pictures).toHaveLength(5);
  expect(camera.pictures.every((nals) => nals.length === 2)).toBe(true);
  expect(camera.sink.problems).toEqual([]);
});

test('keeps parameter sets between the slices of a picture from splitting it', () => {
  const camera = new Camera();
  for (const nal of [KEY, sps, pps, KEY_REST]) camera.feed.send(nal, 0, nal === KEY_REST);
  camera.feed.send(PICTURE, FRAME, true);
  expect(camera.pictures).toEqual([[[...KEY], [...KEY_REST]]]);
});

test('separates pictures of the same time stamp by their markers', () => {
  const camera = new Camera();
  for (const nal of [KEY, PICTURE, PICTURE]) camera.feed.send(nal, 0, true);
  expect(camera.pictures).toEqual([[[...KEY]], [[...PICTURE]]]);
});

test('no longer waits for the next picture once the marker has proved right', () => {
  const camera = new Camera().prove();
  camera.feed.send(PICTURE, 5 * FRAME, true);
  expect(camera.sink.units).toHaveLength(6);
});

test('drops what precedes the first whole key picture and says so once', () => {
  const camera = new Camera();
  camera.feed.send(PICTURE, 0, true);
  camera.feed.send(PICTURE, FRAME, true);
  camera.feed.send(KEY, 2 * FRAME, true);
  camera.feed.send(PICTURE, 3 * FRAME);
  expect(camera.sink.units.map((unit) => unit.timestamp)).toEqual([2 * FRAME]);
  expect(camera.sink.kinds).toEqual(['awaiting-key']);
  expect(camera.depacketizer.droppedUnits).toBe(2);
});

test('does not begin with the end of a key picture that was under way when we joined', () => {
  const camera = new Camera();
  camera.feed.send(KEY_REST, 0, true);
  camera.feed.send(PICTURE, FRAME, true);
  camera.feed.send(KEY, 2 * FRAME, true);
  camera.feed.send(PICTURE, 3 * FRAME);
  expect(camera.pictures).toEqual([[[...KEY]]]);
});

test('waits for the parameter sets that the key picture refers to', () => {
  const camera = new Camera('');
  camera.feed.send(KEY, 0, true);
  camera.feed.send(sps, FRAME);
  camera.feed.send(pps, FRAME);
  camera.feed.send(KEY, FRAME, true);
  camera.feed.send(PICTURE, 2 * FRAME, true);
  expect(camera.sink.units.map((unit) => unit.timestamp)).toEqual([FRAME]);
  expect(camera.sink.problems).toEqual([
    { kind: 'awaiting-key', reason: 'parameter-sets', sequence: 65_531 },
  ]);
});

test('keeps the track when parameter sets repeat and makes a new one when they change', () => {
  const camera = new Camera().prove();
  const groups = [
    aggregate([sps, pps, KEY], 1),
    aggregate([H264_BASELINE_360.sps, H264_BASELINE_360.pps, KEY], 1),
  ];
  for (const [at, group] of groups.entries()) camera.feed.send(group, (5 + at) * FRAME, true);
  camera.feed.send(PICTURE, 7 * FRAME, true);
  const tracks = camera.sink.units.map((unit) => unit.track);
  expect(new Set(tracks.slice(0, 6)).size).toBe(1);
  expect(tracks[6]).toMatchObject({ widthPx: 640, heightPx: 360 });
  expect(tracks[7]).toBe(tracks[6]);
});

test('follows a key picture to other parameter sets by their ids', () => {
  // The same sets with id 1: pic_parameter_set_id and seq_parameter_set_id ue(1) = 010.
  const otherPps = bytesOf(0x68, 0b0101_1000, 0x80);
  const camera = new Camera(sprop(sps, pps, otherPps)).prove();
  const track = camera.sink.units[0]?.track;
  const sets = track?.kind === 'video' ? track.parameterSets : undefined;
  expect(sets?.codec === 'h264' && sets.pps.map((set) => [...set])).toEqual([[...pps], [...otherPps]]);
  // A key slice with pic_parameter_set_id 2, which nobody has sent.
  camera.feed.send(bytesOf(0x65, 0x88, 0b0110_0000, 1), 5 * FRAME, true);
  expect(camera.sink.units).toHaveLength(5);
  expect(camera.sink.kinds).toEqual(['awaiting-key']);
});

test('drops a picture that misses a fragment, tells it, and goes on', () => {
  const camera = new Camera().prove();
  const [first, , third, ...rest] = fragments(bytesOf(PICTURE, new Uint8Array(40)), 1, 10);
  camera.feed.send(first ?? PICTURE, 5 * FRAME);
  camera.feed.lose();
  for (const part of [third ?? PICTURE, ...rest]) camera.feed.send(part, 5 * FRAME, rest.at(-1) === part);
  camera.feed.send(PICTURE, 6 * FRAME, true);
  expect(camera.sink.units.map((unit) => unit.timestamp / FRAME)).toEqual([0, 1, 2, 3, 4, 6]);
  expect(camera.sink.problems).toMatchObject([{ kind: 'damaged', timestamp: 5 * FRAME }]);
});

test('drops a picture whose first or last slice was lost', () => {
  const camera = new Camera().prove();
  camera.feed.lose();
  camera.feed.send(PICTURE_REST, 5 * FRAME, true);
  camera.feed.send(PICTURE, 6 * FRAME);
  camera.feed.lose();
  camera.feed.send(PICTURE, 7 * FRAME, true);
  expect(camera.sink.units.map((unit) => unit.timestamp / FRAME)).toEqual([0, 1, 2, 3, 4, 7]);
  expect(camera.sink.kinds).toEqual(['damaged', 'damaged']);
});

test('keeps whole pictures on both sides of a loss between them', () => {
  const camera = new Camera().prove();
  camera.feed.lose();
  camera.feed.send(PICTURE, 6 * FRAME, true);
  expect(camera.sink.units).toHaveLength(6);
  expect(camera.sink.problems).toEqual([]);
});

test('keeps the picture when only a fragmented SEI is damaged', () => {
  const camera = new Camera().prove();
  const parts = fragments(bytesOf(0x06, new Uint8Array(30).fill(1)), 1, 10);
  camera.feed.send(parts[0] ?? SEI, 5 * FRAME);
  camera.feed.lose();
  camera.feed.send(parts[2] ?? SEI, 5 * FRAME);
  camera.feed.send(PICTURE, 5 * FRAME, true);
  expect(camera.pictures.at(-1)).toEqual([[...PICTURE]]);
});

test('emits a marked picture at the end of the stream and drops an unfinished one', () => {
  const marked = new Camera();
  marked.feed.send(KEY, 0, true);
  marked.depacketizer.flush();
  expect(marked.sink.units).toHaveLength(1);
  const unfinished = new Camera();
  unfinished.feed.send(KEY, 0);
  unfinished.depacketizer.flush();
  expect(unfinished.sink.units).toHaveLength(0);
});

test('ends a marked picture whole at the end of the stream though its last fragment lacks the end bit', () => {
  const camera = new Camera();
  const payloads = fragments(KEY, 1, 3).map((payload) => payload.with(1, (payload[1] ?? 0) & 0xbf));
  for (const payload of payloads) camera.feed.send(payload, 0, payload === payloads.at(-1));
  camera.depacketizer.flush();
  expect(camera.pictures).toEqual([[[...KEY]]]);
});

test('reads no more than 64 parameter sets of the session description', () => {
  const { sink } = new Camera(sprop(...Array.from({ length: 3000 }, () => bytesOf(0x67, 0))));
  expect(sink.kinds).toEqual(Array.from({ length: 64 }, () => 'malformed'));
});

test('takes no more than 256 units out of an aggregate', () => {
  const camera = new Camera();
  const bad = bytesOf(0x67, 0);
  camera.feed.send(aggregate([KEY, ...Array.from({ length: 255 }, () => SEI), bad], 1), 0, true);
  camera.feed.send(
    aggregate(
      Array.from({ length: 20_000 }, () => bad),
      1,
    ),
    FRAME,
  );
  camera.depacketizer.flush();
  expect(camera.pictures.map((nals) => nals.length)).toEqual([256]);
  expect(camera.sink.kinds).toEqual(Array.from({ length: 258 }, () => 'malformed'));
});

test('ends a fragmented unit whose camera never sets the end bit', () => {
  const camera = new Camera().prove();
  for (let frame = 5; frame < 7; frame += 1) {
    const payloads = fragments(PICTURE, 1, 3).map((payload) => payload.with(1, (payload[1] ?? 0) & 0xbf));
    for (const payload of payloads) camera.feed.send(payload, frame * FRAME, payload === payloads.at(-1));
  }
  camera.feed.send(PICTURE, 7 * FRAME, true);
  expect(camera.pictures.slice(5)).toEqual([[[...PICTURE]], [[...PICTURE]], [[...PICTURE]]]);
  expect(camera.sink.problems).toEqual([]);
});

test('ends a picture by its limit, tells it, and goes on', () => {
  const camera = new Camera().prove();
  const part = bytesOf(0x7c, 0x01, new Uint8Array(60_000));
  camera.feed.send(bytesOf(0x7c, 0x81, 0x9a, 1), 5 * FRAME);
  for (let at = 0; at < 200; at += 1) camera.feed.send(part, 5 * FRAME);
  camera.feed.send(PICTURE, 6 * FRAME, true);
  expect(camera.sink.kinds).toEqual(['oversized']);
  expect(camera.sink.units.at(-1)?.timestamp).toBe(6 * FRAME);
});

test('tells a packet of countless empty units once', () => {
  const camera = new Camera().prove();
  camera.feed.send(bytesOf(24, new Uint8Array(1_000)), 5 * FRAME, true);
  expect(camera.sink.kinds).toEqual(['malformed']);
});

test('takes STAP-B and FU-B as in decoding order and refuses MTAP and the interleaved mode', () => {
  const camera = new Camera().prove();
  camera.feed.send(bytesOf(25, 0, 9, 0, PICTURE.length, PICTURE), 5 * FRAME, true);
  camera.feed.send(bytesOf(0x5d, 0x81, 0, 9, PICTURE.subarray(1)), 6 * FRAME);
  camera.feed.send(bytesOf(0x5c, 0x41, 9), 6 * FRAME, true);
  expect(camera.pictures.slice(5)).toEqual([[[...PICTURE]], [[...PICTURE, 9]]]);
  camera.feed.send(bytesOf(26, 0, 0, 0), 7 * FRAME, true);
  expect(camera.sink.kinds).toEqual(['malformed']);
  const interleaved = sdpMedia('H264', { fmtp: new Map([['packetization-mode', '2']]) });
  expect(() => requireH264Support(interleaved)).toThrow('interleaved');
});

test('rebuilds any pictures from any mixture of single, aggregated and fragmented units', () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 300 });
  const picture = fc.record({
    slices: fc.array(content, { minLength: 1, maxLength: 4 }),
    hasSei: fc.boolean(),
  });
  const property = fc.property(
    fc.array(picture, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 120 }),
    fc.constantFrom('always', 'last', 'never'),
    (pictures, mtu, marking) => {
      const camera = new Camera();
      const sent = [{ slices: [], hasSei: false }, ...pictures].map(({ slices, hasSei }, frame) => {
        const first = frame === 0 ? KEY : PICTURE;
        const others = slices.map((slice) => bytesOf(first[0] ?? 0, 0x40, slice));
        return [...(hasSei ? [SEI] : []), first, ...others];
      });
      for (const [frame, nals] of sent.entries()) {
        const small = nals.filter((nal) => nal.length <= mtu);
        // A camera whose markers prove right on three pictures and lie on the fourth loses part of that one.
        const isAggregated = marking !== 'always' && small.length === nals.length && nals.length > 1;
        const payloads = isAggregated
          ? [aggregate(nals, 1)]
          : nals.flatMap((nal) => (nal.length <= mtu ? [nal] : fragments(nal, 1, mtu)));
        for (const [at, payload] of payloads.entries()) {
          const isLast = at === payloads.length - 1;
          camera.feed.send(payload, frame * FRAME, marking === 'always' || (marking === 'last' && isLast));
        }
      }
      camera.feed.send(PICTURE, sent.length * FRAME);
      expect(camera.pictures).toEqual(sent.map((nals) => nals.map((nal) => [...nal])));
      expect(camera.sink.problems).toEqual([]);
    },
  );
  fc.assert(property);
});

test('survives any packets and losses, and emits only whole lengths', () => {
  const type = fc.constantFrom(0x65, 0x41, 0x67, 0x68, 0x06, 0x18, 0x19, 0x1a, 0x7c, 0x5d, 0x00, 0xff);
  const packet = fc.record({
    payload: fc.tuple(type, fc.uint8Array({ maxLength: 40 })),
    step: fc.nat(1),
    marker: fc.boolean(),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 120 }), (packets) => {
      const camera = new Camera();
      camera.prove();
      let timestamp = 0;
      for (const { payload, step, marker, isLost } of packets) {
        timestamp += step * FRAME;
        if (isLost) camera.feed.lose();
        else camera.feed.send(bytesOf(...payload), timestamp, marker);
      }
      camera.depacketizer.flush();
      for (const { data } of camera.sink.units) {
        expect(splitLengths(data).reduce((sum, nal) => sum + 4 + nal.length, 0)).toBe(data.length);
      }
    }),
  );
});

test('copies what it keeps of a packet', () => {
  const camera = new Camera();
  const rtp = new RtpPacket();
  const bytes = bytesOf(0x80, 0x60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, KEY);
  rtp.parse(bytes);
  camera.depacketizer.push(rtp, monotonicMs(0));
  bytes.fill(0xee);
  camera.feed.send(PICTURE, FRAME, true);
  expect(camera.pictures).toEqual([[[...KEY]]]);
});

/** A recovery point: exact, after 18 pictures. */
const RECOVERY_POINT = bytesOf(0x06, 6, 2, 0x09, 0xc4, 0x80);

test('begins with a recovery point where a camera sends no key pictures', () => {
  const camera = new Camera();
  camera.feed.send(PICTURE, 0, true);
  camera.feed.send(RECOVERY_POINT, FRAME);
  camera.feed.send(PICTURE, FRAME, true);
  camera.feed.send(PICTURE, 2 * FRAME, true);
  camera.feed.send(SEI, 3 * FRAME);
  camera.feed.send(RECOVERY_POINT, 3 * FRAME);
  camera.feed.send(PICTURE, 3 * FRAME);
  camera.feed.send(PICTURE_REST, 3 * FRAME, true);
  camera.feed.send(PICTURE, 4 * FRAME, true);
  camera.feed.send(PICTURE, 5 * FRAME, true);
  expect(camera.sink.units.map((unit) => [unit.isKey, unit.timestamp])).toEqual([
    [true, FRAME],
    [false, 2 * FRAME],
    [true, 3 * FRAME],
    [false, 4 * FRAME],
    [false, 5 * FRAME],
  ]);
});

test('leaves out what is shown before the recovery point it begins with, and keeps it later', () => {
  const camera = new Camera();
  for (const start of [0, 10]) {
    camera.feed.send(RECOVERY_POINT, (start + 2) * FRAME);
    camera.feed.send(PICTURE, (start + 2) * FRAME, true);
    camera.feed.send(PICTURE, (start + 1) * FRAME, true);
    camera.feed.send(PICTURE, (start + 3) * FRAME, true);
  }
  camera.feed.send(PICTURE, 20 * FRAME, true);
  expect(camera.sink.units.map((unit) => unit.timestamp / FRAME)).toEqual([2, 3, 12, 11, 13, 20]);
});

test('knows a recovery point by its time stamp across the wrap', () => {
  const camera = new Camera();
  camera.feed.send(RECOVERY_POINT, FRAME);
  camera.feed.send(PICTURE, FRAME, true);
  camera.feed.send(PICTURE, 2 ** 32 - FRAME, true);
  camera.feed.send(PICTURE, 2 * FRAME, true);
  camera.feed.send(PICTURE, 3 * FRAME, true);
  expect(camera.sink.units.map((unit) => unit.timestamp / FRAME)).toEqual([1, 2, 3]);
});
