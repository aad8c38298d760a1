import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { H264_BASELINE_360, H264_MAIN_1080 } from '../../test/rtp/parameter-sets.ts';
import { bytesOf, rtpBytes, sdpMedia, type RtpFields } from '../../test/rtp/rtp-script.ts';
import { monotonicMs } from '../base/time.ts';
import type { Packet } from '../media/packet.ts';
import { RunOrigin } from './rtp-clock.ts';
import type { SdpMedia } from './sdp.ts';
import { isSupported, TrackReceiver, unsupportedReason, type MediaProblem } from './track-receiver.ts';

const FRAME = 3_600;
const KEY = bytesOf(0x65, 0x88, 0x80, 1, 2, 3);
const PICTURE = bytesOf(0x41, 0x9a, 7, 8, 9);

function h264Media(sets: { sps: Uint8Array; pps: Uint8Array } = H264_BASELINE_360): SdpMedia {
  const sprop = [sets.sps, sets.pps].map((nal) => Buffer.from(nal).toString('base64')).join(',');
  return sdpMedia('H264', { fmtp: new Map([['sprop-parameter-sets', sprop]]) });
}

class Track {
  readonly packets: Packet[] = [];
  readonly problems: MediaProblem[] = [];
  readonly receiver: TrackReceiver;

  constructor(
    media = h264Media(),
    transport: 'tcp' | 'udp' = 'tcp',
    run = new RunOrigin({ hasVideo: true }),
  ) {
    this.receiver = new TrackReceiver({
      media,
      index: 0,
      transport,
      run,
      onPacket: (packet) => this.packets.push(packet),
      onProblem: (problem) => this.problems.push(problem),
    });
  }

  /** A picture of one packet; number and time go with `frame` unless given. */
  picture(frame: number, fields: Partial<RtpFields> = {}): void {
    const payload = frame === 0 ? KEY : PICTURE;
    const bytes = rtpBytes({
      payload,
      sequence: 65_500 + frame,
      timestamp: frame * FRAME,
      marker: true,
      ...fields,
    });
    this.receiver.receiveRtp(bytes, monotonicMs(40 * frame));
  }

  get pts(): number[] {
    return this.packets.map((packet) => packet.pts / FRAME);
  }

  get kinds(): string[] {
    return this.problems.map((problem) => problem.kind);
  }
}

test('emits the pictures of a stream with their times', () => {
  const track = new Track();
  for (let frame = 0; frame < 100; frame += 1) track.picture(frame);
  expect(track.pts).toEqual(Array.from({ length: 100 }, (_, frame) => frame));
  expect(track.packets.every(({ pts, dts }) => pts === dts)).toBe(true);
  expect(track.problems).toEqual([]);
  expect(track.receiver.statistics).toEqual({
    packets: 100,
    bytes: 100 * 17 + 1,
    lost: 0,
    reordered: 0,
    duplicates: 0,
    discarded: 0,
    droppedUnits: 0,
  });
});

test('derives decoding times of a stream with B pictures', () => {
  const track = new Track(h264Media(H264_MAIN_1080));
  for (const [at, shown] of [0, 4, 2, 1, 3, 8, 6, 5, 7].entries())
    track.picture(at, { timestamp: shown * FRAME });
  track.receiver.flush();
  expect(track.pts).toEqual([0, 4, 2, 1, 3, 8, 6, 5, 7]);
  expect(track.packets.slice(2).map((packet) => packet.dts / FRAME)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('counts and tells what is lost, and drops duplicates and late packets', () => {
  const track = new Track();
  for (const frame of [0, 1, 2, 5, 5, 3, 6]) track.picture(frame);
  expect(track.pts).toEqual([0, 1, 2, 5, 6]);
  expect(track.problems).toEqual([{ kind: 'lost', sequence: 65_503, count: 2 }]);
  expect(track.receiver.statistics).toMatchObject({ lost: 2, duplicates: 1, discarded: 1 });
});

test('puts packets in order on UDP', () => {
  const track = new Track(h264Media(), 'udp');
  for (const frame of [0, 2, 1, 3, 5, 4]) track.picture(frame);
  expect(track.pts).toEqual([0, 1, 2, 3, 4, 5]);
  expect(track.receiver.statistics).toMatchObject({ lost: 0, reordered: 2 });
});

test('goes on with a new source or sequence whose clock goes on', () => {
  const track = new Track();
  for (const frame of [0, 1, 2, 3]) track.picture(frame);
  track.picture(4, { ssrc: 9, sequence: 1 });
  track.picture(5, { ssrc: 9, sequence: 30_000 });
  expect(track.pts).toEqual([0, 1, 2, 3, 4, 5]);
  expect(track.problems).toMatchObject([
    { kind: 'resynchronized', reason: 'ssrc' },
    { kind: 'resynchronized', reason: 'sequence' },
  ]);
});

test('emits nothing after a jump of the media clock', () => {
  const track = new Track();
  for (const frame of [0, 1, 2, 3, 4]) track.picture(frame);
  track.picture(5, { timestamp: 100 * 90_000 });
  track.picture(6, { timestamp: 100 * 90_000 + FRAME });
  expect(track.pts).toEqual([0, 1, 2, 3, 4]);
  expect(track.kinds).toEqual(['time-jump']);
});

test('keeps decoding times increasing when the camera repeats a time', () => {
  const track = new Track();
  for (const frame of [0, 1, 2, 3, 4]) track.picture(frame, { timestamp: Math.min(frame, 3) * FRAME });
  track.receiver.flush();
  const dts = track.packets.map((packet) => packet.dts);
  expect(dts).toEqual([0, FRAME, 2 * FRAME, 3 * FRAME, 3 * FRAME + 1]);
});

test('discards other payload types and what is no RTP, and tells', () => {
  const track = new Track();
  track.picture(0, { payloadType: 13 });
  track.receiver.receiveRtp(bytesOf(1, 2, 3), monotonicMs(0));
  expect(track.kinds).toEqual(['malformed', 'malformed']);
  expect(track.receiver.statistics).toMatchObject({ packets: 2, discarded: 2 });
});

test('lays sound beside the picture and drops what precedes it', () => {
  const run = new RunOrigin({ hasVideo: true });
  const picture = new Track(h264Media(), 'tcp', run);
  const sound = new Track(sdpMedia('PCMU', { payloadType: 0 }), 'tcp', run);
  const say = (sequence: number, atMs: number) =>
    sound.receiver.receiveRtp(
      rtpBytes({ payload: new Uint8Array(160), sequence, timestamp: 160 * sequence, payloadType: 0 }),
      monotonicMs(atMs),
    );
  say(1, -20);
  picture.picture(0);
  picture.picture(1);
  say(4, 40);
  say(5, 60);
  expect(sound.packets.map((packet) => packet.pts)).toEqual([320, 480]);
  expect(sound.receiver.statistics.droppedUnits).toBe(1);
});

test('tells the BYE of its own source only', () => {
  const track = new Track();
  track.picture(0, { ssrc: 7 });
  const bye = (ssrc: number) => bytesOf(0x81, 203, 0, 1, 0, 0, 0, ssrc);
  track.receiver.receiveRtcp(bye(8), monotonicMs(0));
  track.receiver.receiveRtcp(bye(7), monotonicMs(0));
  track.receiver.receiveRtcp(bytesOf(1, 2), monotonicMs(0));
  expect(track.kinds).toEqual(['bye', 'malformed']);
});

test('reports to the camera once it has received something', () => {
  const track = new Track();
  expect(track.receiver.receiverReport(monotonicMs(0))).toBeUndefined();
  track.picture(0);
  expect(track.receiver.receiverReport(monotonicMs(0))?.[1]).toBe(201);
});

test('says which tracks it can play and why not the others', () => {
  expect(['H264', 'H265', 'AV1', 'PCMA', 'PCMU'].map((encoding) => isSupported(sdpMedia(encoding)))).toEqual(
    Array(5).fill(true),
  );
  expect(unsupportedReason(sdpMedia('JPEG'))).toContain('JPEG');
  expect(unsupportedReason(sdpMedia('MPEG4-GENERIC'))).toContain('config');
  expect(unsupportedReason(sdpMedia('H264', { clockRateHz: 8_000 }))).toContain('8000');
  expect(unsupportedReason(sdpMedia('PCMA', { clockRateHz: 1 }))).toContain('clock rate 1 ');
});

test('survives any bytes on either transport and keeps decoding times increasing', () => {
  const packet = fc.record({
    type: fc.constantFrom(0x65, 0x41, 0x67, 0x68, 0x18, 0x7c, 0x1c),
    rest: fc.uint8Array({ maxLength: 30 }),
    sequenceStep: fc.integer({ min: -3, max: 6 }),
    timeStep: fc.integer({ min: -2, max: 5 }),
    marker: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 200 }), fc.constantFrom('tcp', 'udp'), (packets, transport) => {
      const track = new Track(h264Media(), transport);
      track.picture(0);
      let sequence = 65_500;
      let timestamp = 0;
      let nowMs = 0;
      for (const { type, rest, sequenceStep, timeStep, marker } of packets) {
        sequence += sequenceStep;
        timestamp = Math.max(0, timestamp + timeStep * FRAME);
        nowMs += 40;
        const bytes = rtpBytes({ payload: bytesOf(type, rest), sequence, timestamp, marker });
        track.receiver.receiveRtp(bytes, monotonicMs(nowMs));
        track.receiver.receiveRtp(rest, monotonicMs(nowMs));
        track.receiver.receiveRtcp(rest, monotonicMs(nowMs));
      }
      track.receiver.flush();
      const dts = track.packets.map((unit) => unit.dts);
      expect(dts).toEqual([...new Set(dts)].toSorted((a, b) => a - b));
    }),
  );
});
