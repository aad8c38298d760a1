import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { rtpBytes } from '../../test/rtp/rtp-script.ts';
import { monotonicMs } from '../base/time.ts';
import { ReorderBuffer } from './reorder.ts';
import { RtpPacket } from './rtp.ts';

class Line {
  readonly delivered: number[] = [];
  readonly arrivals: number[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly #rtp = new RtpPacket();
  readonly #parsed = new RtpPacket();
  readonly buffer = new ReorderBuffer({
    onOrdered: (bytes, arrivalMs) => {
      this.#parsed.parse(bytes);
      this.delivered.push(this.#parsed.sequence);
      this.arrivals.push(arrivalMs);
      this.bytes.push(bytes);
    },
  });

  push(sequence: number, atMs = 0, payloadBytes = 1): Uint8Array {
    const bytes = rtpBytes({ payload: new Uint8Array(payloadBytes), sequence, timestamp: 0 });
    this.#rtp.parse(bytes);
    this.buffer.push(this.#rtp, monotonicMs(atMs));
    return bytes;
  }
}

test('passes packets in order through at once and uncopied', () => {
  const line = new Line();
  const sent = [65_535, 0, 1].map((sequence) => line.push(sequence));
  expect(line.bytes.every((bytes, at) => bytes === sent[at])).toBe(true);
  expect(line.delivered).toEqual([65_535, 0, 1]);
});

test('puts early packets in their place with their own arrival', () => {
  const line = new Line();
  line.push(1, 0);
  line.push(3, 10).fill(0xff);
  line.push(4, 11);
  line.push(3, 12);
  line.push(2, 13);
  expect(line.delivered).toEqual([1, 2, 3, 4]);
  expect(line.arrivals).toEqual([0, 13, 10, 11]);
  expect([line.buffer.reordered, line.buffer.duplicates]).toEqual([1, 1]);
});

test('stops waiting after 150 ms', () => {
  const line = new Line();
  line.push(1, 0);
  line.push(3, 10);
  line.push(4, 160);
  expect(line.delivered).toEqual([1]);
  line.push(6, 161);
  expect(line.delivered).toEqual([1, 3, 4]);
});

test('stops waiting when too much waits', () => {
  const line = new Line();
  line.push(1);
  for (let sequence = 3; sequence < 13; sequence += 1) line.push(sequence, 0, 60_000);
  expect(line.delivered).toEqual([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test('goes with a jump beyond its window, either way', () => {
  const line = new Line();
  for (const sequence of [1, 3, 5_000, 5_001, 10, 11]) line.push(sequence);
  expect(line.delivered).toEqual([1, 3, 5_000, 5_001, 10, 11]);
});

test('passes late packets on for the caller to recognize', () => {
  const line = new Line();
  for (const sequence of [5, 4, 6]) line.push(sequence);
  expect(line.delivered).toEqual([5, 4, 6]);
});

test('delivers every packet once and in order when none is displaced by more than the window', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), fc.nat(65_535), (delays, from) => {
      const arrivals = delays
        .map((delay, at) => ({ sequence: (from + 1 + at) & 0xffff, rank: at + delay }))
        .toSorted((a, b) => a.rank - b.rank);
      const line = new Line();
      line.push(from);
      for (const { sequence } of arrivals) line.push(sequence);
      expect(line.delivered).toEqual(
        Array.from({ length: delays.length + 1 }, (_, at) => (from + at) & 0xffff),
      );
    }),
  );
});

test('survives any numbers at any times and delivers all that were not waiting twice', () => {
  const packet = fc.record({ sequence: fc.nat(65_535), waitMs: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 300 }), (packets) => {
      const line = new Line();
      let nowMs = 0;
      for (const { sequence, waitMs } of packets) line.push(sequence, (nowMs += waitMs));
      line.buffer.flush();
      expect(line.delivered.length + line.buffer.duplicates).toBe(packets.length);
    }),
  );
});
