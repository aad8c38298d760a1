import type { Packet, Stream } from 'node-av/lib';
import { expect, test } from 'vitest';
import { InputTimeline } from './input-timeline.ts';

/** The parts of it that are looked at. */
const STREAM = { timeBase: { num: 1, den: 1_000 } } as unknown as Stream;
const packetAt = (ms: number) => ({ pts: BigInt(ms), dts: BigInt(ms), duration: 100n }) as unknown as Packet;

function setUp() {
  const host = { seconds: 100 };
  return { host, timeline: new InputTimeline('container', () => host.seconds) };
}

test('a stream whose own time leaps has begun anew, either way', () => {
  for (const ms of [10_200, 4_000]) {
    const { timeline } = setUp();
    expect(timeline.at(packetAt(15_000), STREAM)).toBe(0);
    const leap = ms === 4_000 ? ms : 15_000 + ms;
    expect(() => timeline.at(packetAt(leap), STREAM)).toThrow(/leapt by -?1[01]\.[02] s/);
  }
});

test('time that went on while nothing came is no leap', () => {
  const { host, timeline } = setUp();
  timeline.at(packetAt(15_000), STREAM);
  host.seconds += 40;
  // What was sent before is read first.
  expect(timeline.at(packetAt(15_100), STREAM)).toBeCloseTo(0.1);
  expect(timeline.at(packetAt(55_100), STREAM)).toBeCloseTo(40.1);
  host.seconds += 0.1;
  expect(() => timeline.at(packetAt(65_400), STREAM)).toThrow('10.3 s');
});
