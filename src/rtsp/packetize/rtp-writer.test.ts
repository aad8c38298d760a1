import { describe, expect, test } from 'vitest';
import { RtpPacket } from '../rtp.ts';
import { packetizeAac } from './aac.ts';
import { packetizeH264 } from './h264.ts';
import { packetizeH265 } from './h265.ts';
import { packetsOf, RtpWriter, type RtpBatch } from './rtp-writer.ts';

function writer(maxPacketBytes = 100, sequence = 65_534) {
  return new RtpWriter({ payloadType: 96, ssrc: 0xdeadbeef, sequence, channel: 4, maxPacketBytes });
}

function nal(header: readonly number[], length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => header[index] ?? index % 251);
}

function parsed(batch: RtpBatch) {
  return packetsOf(batch).map((bytes) => {
    const packet = new RtpPacket();
    expect(packet.parse(bytes)).toBe(true);
    const payload = Buffer.from(bytes.subarray(packet.payloadStart, packet.payloadEnd));
    const { sequence, timestamp, marker, ssrc, payloadType } = packet;
    return { sequence, timestamp, marker, ssrc, payloadType, payload };
  });
}

describe('RTP packets of an access unit', () => {
  test('are numbered across the wrap, carry one time stamp and a marker on the last', () => {
    const packets = parsed(packetizeH264(writer(), [nal([0x65], 300)], 2 ** 32 + 7, false));
    expect(packets.map(({ sequence }) => sequence)).toEqual([65_534, 65_535, 0, 1]);
    expect(packets.map(({ marker }) => marker)).toEqual([false, false, false, true]);
    for (const { timestamp, ssrc, payloadType } of packets) {
      expect({ timestamp, ssrc, payloadType }).toEqual({ timestamp: 7, ssrc: 0xdeadbeef, payloadType: 96 });
    }
  });

  test('stand behind interleaved headers that cover the whole buffer', () => {
    const { bytes, starts } = packetizeH264(writer(), [nal([0x65], 300), nal([0x41], 20)], 0, false);
    let at = 0;
    for (const start of starts) {
      expect(start).toBe(at);
      expect([bytes[at], bytes[at + 1]]).toEqual([0x24, 4]);
      at += 4 + bytes.readUInt16BE(at + 2);
    }
    expect(at).toBe(bytes.length);
  });

  test('never exceed the size asked for', () => {
    for (const size of [64, 65, 100, 1400]) {
      const parts = [
        nal([0x42, 1], size - 13),
        nal([0x42, 1], size - 12),
        nal([0x42, 1], size - 11),
        nal([0x42, 1], 5000),
      ];
      for (const batch of [
        packetizeH264(writer(size), parts, 0, true),
        packetizeH265(writer(size), parts, 0, true),
        packetizeAac(writer(size), nal([], 5000), 0),
      ]) {
        for (const packet of packetsOf(batch)) expect(packet.length).toBeLessThanOrEqual(size);
      }
    }
  });

  test('may not be smaller or larger than RTP can be', () => {
    expect(() => writer(63)).toThrow(RangeError);
    expect(() => writer(65_536)).toThrow(RangeError);
  });
});

describe('H.264 over RTP', () => {
  test('sends small units as they are and larger ones as FU-A with start and end', () => {
    const small = nal([0x67], 10);
    const [first, ...fragments] = parsed(packetizeH264(writer(), [small, nal([0x65], 200)], 0, false));
    expect(first?.payload).toEqual(Buffer.from(small));
    expect(fragments.map(({ payload }) => [payload[0], payload[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x05],
      [0x7c, 0x45],
    ]);
  });

  test('aggregates neighbours that fit in a STAP-A of their highest importance', () => {
    const [aggregate, rest] = parsed(
      packetizeH264(writer(), [nal([0x27], 30), nal([0x68], 30), nal([0x06], 30)], 0, true),
    );
    expect(aggregate?.payload[0]).toBe(0x60 | 24);
    expect(aggregate?.payload.readUInt16BE(1)).toBe(30);
    expect(rest?.payload[0]).toBe(0x06);
  });
});

describe('AAC over RTP', () => {
  test('puts the size of the unit in bits before its bytes', () => {
    const [packet] = parsed(packetizeAac(writer(), nal([], 21), 0));
    expect([...(packet?.payload.subarray(0, 4) ?? [])]).toEqual([0, 16, 0, 21 << 3]);
  });

  test('refuses a unit too large for AAC-hbr', () => {
    expect(() => packetizeAac(writer(), nal([], 8192), 0)).toThrow(RangeError);
  });
});
