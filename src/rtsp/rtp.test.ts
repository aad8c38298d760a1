import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, rtpBytes } from '../../test/rtp/rtp-script.ts';
import { RtpPacket, sequenceDistance, timestampDistance } from './rtp.ts';

const HEADER = [0x80, 0xe0, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xfd, 0x80, 0, 0, 1] as const;

test('reads back every field', () => {
  const fields = fc.record({
    payload: fc.uint8Array({ maxLength: 50 }),
    sequence: fc.nat(0xffff),
    timestamp: fc.nat(0xffffffff),
    marker: fc.boolean(),
    payloadType: fc.nat(127),
    ssrc: fc.nat(0xffffffff),
  });
  const rtp = new RtpPacket();
  fc.assert(
    fc.property(fields, ({ payload, ...header }) => {
      expect(rtp.parse(rtpBytes({ payload, ...header }))).toBe(true);
      expect(rtp).toMatchObject(header);
      expect([...rtp.bytes.subarray(rtp.payloadStart, rtp.payloadEnd)]).toEqual([...payload]);
    }),
  );
});

test('leaves out contributing sources, the extension and the padding', () => {
  const packet = bytesOf(0xb1, ...HEADER.slice(1), 1, 2, 3, 4, 0xbe, 0xde, 0, 1, 5, 6, 7, 8, 42, 43, 0, 0, 3);
  const rtp = new RtpPacket();
  expect(rtp.parse(packet)).toBe(true);
  expect([...packet.subarray(rtp.payloadStart, rtp.payloadEnd)]).toEqual([42, 43]);
});

test('refuses other versions and lengths that do not add up', () => {
  const refused = [
    bytesOf(0x40, ...HEADER.slice(1)),
    bytesOf(...HEADER.slice(0, 11)),
    bytesOf(0x81, ...HEADER.slice(1), 1, 2, 3),
    bytesOf(0x90, ...HEADER.slice(1), 0, 0, 0),
    bytesOf(0x90, ...HEADER.slice(1), 0, 0, 0, 1, 9),
    bytesOf(0xa0, ...HEADER.slice(1), 9, 0),
    bytesOf(0xa0, ...HEADER.slice(1), 9, 3),
  ];
  const rtp = new RtpPacket();
  expect(refused.map((bytes) => rtp.parse(bytes))).toEqual(refused.map(() => false));
});

test('never gives a payload outside the packet', () => {
  const rtp = new RtpPacket();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      if (!rtp.parse(bytes)) return;
      expect(rtp.payloadStart).toBeGreaterThanOrEqual(12);
      expect(rtp.payloadEnd).toBeGreaterThanOrEqual(rtp.payloadStart);
      expect(rtp.payloadEnd).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

test('reads a packet among other bytes as it reads it alone', () => {
  const [alone, among] = [new RtpPacket(), new RtpPacket()];
  const header = ({ marker, payloadType, sequence, timestamp, ssrc }: RtpPacket) =>
    [marker, payloadType, sequence, timestamp, ssrc] as const;
  const anyBytes = fc.uint8Array({ maxLength: 40 });
  const packets = fc.tuple(fc.constantFrom(0x80, 0x81, 0x90, 0xa0, 0xb1), fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(anyBytes, packets, anyBytes, (before, [flags, rest], after) => {
      const packet = Uint8Array.of(flags, ...rest);
      const bytes = Uint8Array.of(...before, ...packet, ...after);
      const isPacket = among.parse(bytes, before.length, before.length + packet.length);
      expect(isPacket).toBe(alone.parse(packet));
      if (!isPacket) return;
      expect(header(among)).toEqual(header(alone));
      expect(among.payloadStart - before.length).toBe(alone.payloadStart);
      expect(among.payloadEnd - before.length).toBe(alone.payloadEnd);
    }),
  );
});

test('measures distances across the wrap', () => {
  expect(sequenceDistance(65_535, 2)).toBe(3);
  expect(sequenceDistance(2, 65_535)).toBe(-3);
  expect(timestampDistance(4_294_967_295, 5)).toBe(6);
  expect(timestampDistance(5, 4_294_967_295)).toBe(-6);
});
