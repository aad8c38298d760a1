import { expect, test } from 'vitest';
import { rtpBytes } from '../../test/rtp/rtp-script.ts';
import { monotonicMs } from '../base/time.ts';
import { Reception } from './reception.ts';
import { parseRtcp, type ReportBlock } from './rtcp.ts';
import { RtpPacket } from './rtp.ts';

const SSRC = 0x11223344;

class Source {
  readonly reception = new Reception(90_000);
  readonly #rtp = new RtpPacket();

  send(sequence: number, timestamp = 0, atMs = 0): void {
    this.#rtp.parse(rtpBytes({ payload: new Uint8Array(1), sequence, timestamp, ssrc: SSRC }));
    this.reception.count(this.#rtp, monotonicMs(atMs));
  }

  report(nowMs = 0): ReportBlock {
    const [report] = parseRtcp(this.reception.report(monotonicMs(nowMs)) ?? new Uint8Array(0));
    if (report?.kind !== 'receiver-report' || report.blocks[0] === undefined) throw new Error('no report');
    return report.blocks[0];
  }
}

test('reports nothing before the first packet', () => {
  expect(new Reception(90_000).report(monotonicMs(0))).toBeUndefined();
});

test('reports what was lost, in all and since the last report', () => {
  const source = new Source();
  for (const sequence of [65_534, 65_535, 0, 3]) source.send(sequence);
  expect(source.report()).toMatchObject({ ssrc: SSRC, totalLost: 2, highestSequence: 65_539 });
  for (const sequence of [4, 6, 7]) source.send(sequence);
  expect(source.report()).toMatchObject({ fractionLost: 64, totalLost: 3, highestSequence: 65_543 });
});

test('reports duplicates as a negative loss', () => {
  const source = new Source();
  for (const sequence of [1, 1, 1]) source.send(sequence);
  expect(source.report()).toMatchObject({ fractionLost: 0, totalLost: -2 });
});

test('reports jitter in ticks as RFC 3550 computes it, picture by picture', () => {
  const source = new Source();
  source.send(1, 0, 0);
  source.send(2, 3_600, 40);
  expect(source.report().jitter).toBe(0);
  // 16 ms late: 1440 ticks, of which a 16th counts.
  source.send(3, 7_200, 96);
  expect(source.report().jitter).toBe(90);
  // The same picture goes on, over 8 ms.
  source.send(4, 7_200, 104);
  expect(source.report().jitter).toBe(90);
  // As long after the first packet of that one as it should be: what there was fades by a 16th.
  source.send(5, 10_800, 136);
  expect(source.report().jitter).toBe(84);
});

test('reports the last sender report and the time since', () => {
  const source = new Source();
  source.send(1);
  const report = {
    kind: 'sender-report',
    ssrc: SSRC,
    ntpSeconds: 0xe0011234,
    ntpFraction: 0x56780000,
  } as const;
  source.reception.noteSenderReport(
    { ...report, rtpTimestamp: 0, packetCount: 0, octetCount: 0 },
    monotonicMs(1_000),
  );
  expect(source.report(1_500)).toMatchObject({
    lastSenderReport: 0x12345678,
    delaySinceLastSenderReport: 32_768,
  });
});

test('begins anew when the camera does', () => {
  const source = new Source();
  source.send(10);
  source.send(30_000);
  expect(source.report()).toMatchObject({ totalLost: 0, highestSequence: 30_000 });
});
