import { describe, expect, test } from 'vitest';
import { withLengths } from './coded-picture.ts';
import { GopRing } from './gop-ring.ts';
import type { VideoPacket } from './packet.ts';
import { CountedMemory } from './testing/counted-memory.ts';
import { makePicture, makePictures, makeSound } from './testing/make-packet.ts';

const atMs = (packets: readonly { pts: number }[]) => packets.map((packet) => packet.pts / 90);

/** With a recovery point after 18 pictures instead of a key slice. */
function gradual(packet: VideoPacket): VideoPacket {
  const sei = Uint8Array.of(0x06, 6, 2, 0x09, 0xc4, 0x80);
  return { ...packet, data: withLengths([sei, Uint8Array.of(0x41, 0x9a, 1)]) };
}

describe('GopRing', () => {
  test('keeps whole GOPs that span at least the asked time, and no more', () => {
    const ring = new GopRing({ spanMs: 5_000, maxBytes: 1e6 });
    for (const packet of makePictures(60_000, 100, 20)) ring.push(packet);
    expect(ring.spanMs).toBeGreaterThanOrEqual(5_000);
    expect(ring.spanMs).toBeLessThanOrEqual(7_000);
    expect(atMs(ring.since(0))[0]).toBe(54_000);
  });

  test('begins at the key picture at or before the asked time', () => {
    const ring = new GopRing({ spanMs: 10_000, maxBytes: 1e6 });
    for (const packet of makePictures(10_000, 100, 20)) ring.push(packet);
    expect(atMs(ring.since(5_999))[0]).toBe(4_000);
    expect(atMs(ring.since(6_000))[0]).toBe(6_000);
    expect(ring.since(6_000)).toHaveLength(40);
  });

  test('begins one GOP earlier where pictures are refreshed stripe by stripe', () => {
    const ring = new GopRing({ spanMs: 2_000, maxBytes: 1e6 });
    for (const packet of makePictures(10_000, 100, 10)) ring.push(packet.isKey ? gradual(packet) : packet);
    expect(atMs(ring.since(8_500))[0]).toBe(7_000);
    expect(atMs(ring.since(0))[0]).toBe(6_000);
    expect(atMs(ring.since(Number.POSITIVE_INFINITY))[0]).toBe(8_000);
    ring.push(makePicture(10_000));
    expect(atMs(ring.since(Number.POSITIVE_INFINITY))[0]).toBe(10_000);
  });

  test('drops the oldest GOPs when the bytes do not suffice', () => {
    const ring = new GopRing({ spanMs: 60_000, maxBytes: 5_000 });
    for (const packet of makePictures(10_000, 100, 10)) ring.push(packet);
    expect(ring.bytes).toBeLessThanOrEqual(5_000);
    expect(atMs(ring.since(0))[0]).toBe(5_000);
  });

  test('drops a GOP that is past the limit by itself and recovers at the next key picture', () => {
    const ring = new GopRing({ spanMs: 5_000, maxBytes: 1_000 });
    expect(ring.push(makePicture(0, { sizeBytes: 800 }))).toBe(true);
    expect(ring.push(makePicture(40, { isKey: false, sizeBytes: 800 }))).toBe(false);
    expect(ring.push(makePicture(80, { isKey: false }))).toBe(false);
    expect(ring.push(makePicture(120))).toBe(true);
    expect(atMs(ring.since(0))).toEqual([120]);
    expect(ring.bytes).toBe(100);
  });

  test('keeps sound beside the picture it came with', () => {
    const ring = new GopRing({ spanMs: 1_000, maxBytes: 1e6 });
    expect(ring.push(makeSound(0))).toBe(false);
    for (const packet of [makePicture(0), makeSound(20), makePicture(1_000), makeSound(1_020)]) {
      ring.push(packet);
    }
    expect(ring.since(1_000).map((packet) => packet.track.kind)).toEqual(['video', 'audio']);
  });

  test('holds the memory of what it has, and lets go of what it drops', () => {
    const memory = new CountedMemory();
    const ring = new GopRing({ spanMs: 2_000, maxBytes: 1e6 });
    for (const packet of makePictures(6_000, 500, 2)) {
      ring.push({ ...packet, memory });
      expect(memory.holders).toBe(ring.since(0).length);
    }
    expect(memory.holders).toBeLessThan(8);
    ring.clear();
    expect(memory.holders).toBe(0);
  });
});
