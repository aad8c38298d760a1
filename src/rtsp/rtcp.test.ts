import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf } from '../../test/rtp/rtp-script.ts';
import { buildReceiverReport, parseRtcp, RtcpError } from './rtcp.ts';

const SENDER_REPORT = Uint8Array.from(
  Buffer.from('80c8000600000007e001020380000000000000090000000a0000000b', 'hex'),
);
const BYE = bytesOf(0x81, 203, 0, 3, 0, 0, 0, 7, 5, ...Buffer.from('ended'), 0, 0);

test('reads a sender report and a BYE of one compound', () => {
  expect(parseRtcp(bytesOf(SENDER_REPORT, BYE))).toEqual([
    {
      kind: 'sender-report',
      ssrc: 7,
      ntpSeconds: 0xe0010203,
      ntpFraction: 0x80000000,
      rtpTimestamp: 9,
      packetCount: 10,
      octetCount: 11,
    },
    { kind: 'bye', ssrcs: [7], reason: 'ended' },
  ]);
});

test('passes over kinds it does not know', () => {
  expect(parseRtcp(bytesOf(0x80, 204, 0, 1, 1, 2, 3, 4))).toEqual([{ kind: 'other', packetType: 204 }]);
});

test('reads back the receiver reports and names that it builds', () => {
  const word = fc.nat(0xffffffff);
  const block = fc.record({
    ssrc: word,
    fractionLost: fc.nat(255),
    totalLost: fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 }),
    highestSequence: word,
    jitter: word,
    lastSenderReport: word,
    delaySinceLastSenderReport: word,
  });
  fc.assert(
    fc.property(
      word,
      fc.array(block, { maxLength: 3 }),
      fc.string({ maxLength: 60 }),
      (ssrc, blocks, cname) => {
        const packet = buildReceiverReport(ssrc, blocks, cname);
        expect(packet.length % 4).toBe(0);
        expect(parseRtcp(packet)).toEqual([
          { kind: 'receiver-report', ssrc, blocks },
          { kind: 'source-description', names: [{ ssrc, cname }] },
        ]);
      },
    ),
  );
});

test('answers truncated and random bytes with packets or an RtcpError', () => {
  const check = (bytes: Uint8Array) => {
    try {
      expect(parseRtcp(bytes).length).toBeLessThanOrEqual(32);
    } catch (error) {
      expect(error).toBeInstanceOf(RtcpError);
    }
  };
  const whole = bytesOf(SENDER_REPORT, BYE);
  for (let length = 1; length < whole.length; length += 1) check(whole.subarray(0, length));
  const kind = fc.integer({ min: 200, max: 204 });
  fc.assert(
    fc.property(
      fc.nat(31),
      kind,
      fc.nat(12),
      fc.uint8Array({ minLength: 8, maxLength: 60 }),
      (count, type, words, rest) => check(bytesOf(0x80 | count, type, 0, words, rest)),
    ),
  );
  expect(() => parseRtcp(new Uint8Array(4 * 33).map((_, at) => [0x80, 204, 0, 0][at % 4] ?? 0))).toThrow(
    RtcpError,
  );
});
