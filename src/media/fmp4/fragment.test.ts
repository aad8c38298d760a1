import { describe, expect, it } from 'vitest';
import { mediaTicks } from '../../base/time.ts';
import { encodeFragment, type TrackRun } from './fragment.ts';
import { Mp4Error } from './mp4-error.ts';
import { makePacket, makeRun } from './testing/packets.ts';
import { h264HighTrack, stereoTrack } from './testing/test-tracks.ts';

const TIMELINE = { startTicks: 0, clockRateHz: 6000 };

/** A run of packets that are views of `buffer`, one after the other. */
function viewsOf(buffer: Uint8Array, sizesBytes: readonly number[]): TrackRun {
  let position = 0;
  const packets = sizesBytes.map((sizeBytes, i) => {
    const data = buffer.subarray(position, position + sizeBytes);
    position += sizeBytes;
    return makePacket(h264HighTrack, { dts: i * 3600, data });
  });
  return { track: h264HighTrack, packets, nextDts: undefined };
}

/** The durations in the only `trun` of a fragment's head. */
function durations(head: Uint8Array | undefined, count: number): number[] {
  const bytes = Buffer.from(head ?? []);
  const samples = bytes.indexOf('trun') + 16;
  return Array.from({ length: count }, (_, i) => bytes.readUInt32BE(samples + 16 * i));
}

const kindOf = (act: () => unknown) => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Mp4Error ? error.kind : error;
  }
};

describe('encodeFragment', () => {
  it('passes the payload on without copying and joins packets that touch', () => {
    const buffer = new Uint8Array(60);
    const [head, ...payload] = encodeFragment(1, [viewsOf(buffer, [10, 20, 30])], TIMELINE);
    expect(payload).toHaveLength(1);
    expect(payload[0]?.buffer).toBe(buffer.buffer);
    expect(payload[0]?.byteLength).toBe(60);
    expect(
      Buffer.from(head ?? [])
        .subarray(-4)
        .toString(),
    ).toBe('mdat');
  });

  it('keeps packets apart that do not touch', () => {
    const run = viewsOf(new Uint8Array(60), [10, 20, 30]);
    const [first, , third] = run.packets;
    const packets = [first, third].flatMap((packet) => packet ?? []);
    const [, ...payload] = encodeFragment(1, [{ ...run, packets }], TIMELINE);
    expect(payload.map((piece) => piece.byteLength)).toEqual([10, 30]);
  });

  it('ends the last packet where the next begins', () => {
    const run = { ...makeRun(h264HighTrack, 3, 0, 3600), nextDts: mediaTicks(12_345) };
    const [head] = encodeFragment(1, [run], TIMELINE);
    expect(durations(head, 3)).toEqual([3600, 3600, 12_345 - 7200]);
  });

  it('repeats the last known duration when the next packet is not known', () => {
    const run = { ...makeRun(h264HighTrack, 3, 0, 6000), nextDts: undefined };
    expect(durations(encodeFragment(1, [run], TIMELINE)[0], 3)).toEqual([6000, 6000, 6000]);
  });

  it('gives a lone packet the usual duration of its kind', () => {
    const alone = (track: typeof h264HighTrack | typeof stereoTrack) => {
      const run = { ...makeRun(track, 1, 0, 1), nextDts: undefined };
      return durations(encodeFragment(1, [run], TIMELINE)[0], 1)[0];
    };
    expect(alone(h264HighTrack)).toBe(3600);
    expect(alone(stereoTrack)).toBe(1024);
  });

  it('refuses decode times that do not increase', () => {
    const packets = [0, 3600, 3600].map((dts) => makePacket(h264HighTrack, { dts }));
    const run = { track: h264HighTrack, packets, nextDts: undefined };
    expect(kindOf(() => encodeFragment(1, [run], TIMELINE))).toBe('unrepresentable');
  });

  it('refuses durations and composition offsets of more than 32 bits', () => {
    const long = { ...makeRun(h264HighTrack, 1, 0, 1), nextDts: mediaTicks(2 ** 32) };
    expect(kindOf(() => encodeFragment(1, [long], TIMELINE))).toBe('unrepresentable');
    const packets = [makePacket(h264HighTrack, { dts: 0, compositionOffset: -(2 ** 31) })];
    const early = { track: h264HighTrack, packets, nextDts: undefined };
    expect(kindOf(() => encodeFragment(1, [early], TIMELINE))).toBe('unrepresentable');
  });

  it('refuses a fragment of more than two gigabytes', () => {
    // Only the sizes are looked at: one buffer, many views.
    const data = new Uint8Array(2 ** 24);
    const packets = Array.from({ length: 128 }, (_, i) => makePacket(h264HighTrack, { dts: i, data }));
    const run = { track: h264HighTrack, packets, nextDts: undefined };
    expect(kindOf(() => encodeFragment(1, [run], TIMELINE))).toBe('unrepresentable');
  });

  it('refuses a time that is not a whole number of ticks', () => {
    const run = { ...makeRun(h264HighTrack, 1, 0.5, 1), nextDts: undefined };
    expect(kindOf(() => encodeFragment(1, [run], TIMELINE))).toBe('unrepresentable');
  });
});
