import type { MonotonicMs } from '../base/time.ts';
import { buildReceiverReport, type SenderReport } from './rtcp.ts';
import { sequenceDistance, timestampDistance, type RtpPacket } from './rtp.ts';
import { MAX_DROPOUT, MAX_MISORDER } from './sequence-order.ts';

const MAX_TOTAL_LOST = 2 ** 23 - 1;
const CNAME = 'preroll';

/**
 * How well a source is received, in the terms of RTCP receiver reports (RFC 3550 6.4.1, A.3, A.8). Counts packets as
 * they come in, before any reordering.
 */
export class Reception {
  readonly #clockRateHz: number;
  #ssrc: number | undefined;
  #firstSequence = 0;
  /** Unwrapped: never a 32-bit operator on it. */
  #highestSequence = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitter = 0;
  #lastTimestamp = 0;
  #lastArrivalMs = 0;
  #lastSenderReport = 0;
  #senderReportAtMs = 0;

  constructor(clockRateHz: number) {
    this.#clockRateHz = clockRateHz;
  }

  count(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    const distance = sequenceDistance(this.#highestSequence % 65_536, rtp.sequence);
    if (rtp.ssrc !== this.#ssrc || distance >= MAX_DROPOUT || distance < -MAX_MISORDER) {
      this.#restart(rtp, arrivalMs);
    } else {
      if (distance > 0) this.#highestSequence += distance;
      if (rtp.timestamp !== this.#lastTimestamp) this.#followJitter(rtp.timestamp, arrivalMs);
    }
    this.#received += 1;
  }

  /** Remembers a sender report of this source, for the round trip that the camera may compute from our reports. */
  noteSenderReport(report: SenderReport, arrivalMs: MonotonicMs): void {
    if (report.ssrc !== this.#ssrc) return;
    this.#lastSenderReport = ((report.ntpSeconds << 16) | (report.ntpFraction >>> 16)) >>> 0;
    this.#senderReportAtMs = arrivalMs;
  }

  /** A compound RTCP packet on everything since the last one; undefined while nothing was received. */
  report(nowMs: MonotonicMs): Uint8Array | undefined {
    const ssrc = this.#ssrc;
    if (ssrc === undefined) return undefined;
    const expected = this.#highestSequence - this.#firstSequence + 1;
    const totalLost = expected - this.#received;
    const fractionLost = this.#fractionLost(expected);
    const delayMs = this.#lastSenderReport === 0 ? 0 : nowMs - this.#senderReportAtMs;
    const block = {
      ssrc,
      fractionLost,
      totalLost: Math.max(-MAX_TOTAL_LOST, Math.min(MAX_TOTAL_LOST, totalLost)),
      highestSequence: this.#highestSequence % 2 ** 32,
      jitter: Math.min(2 ** 32 - 1, Math.floor(this.#jitter)),
      lastSenderReport: this.#lastSenderReport,
      delaySinceLastSenderReport: Math.min(2 ** 32 - 1, Math.max(0, Math.round(delayMs * 65.536))),
    };
    // The complement can never be the camera's own number.
    return buildReceiverReport(~ssrc >>> 0, [block], CNAME);
  }

  #fractionLost(expected: number): number {
    const expectedSince = expected - this.#expectedBefore;
    const lostSince = expectedSince - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    if (expectedSince <= 0 || lostSince <= 0) return 0;
    return Math.min(255, Math.floor((lostSince * 256) / expectedSince));
  }

  #restart(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (rtp.ssrc !== this.#ssrc) this.#lastSenderReport = 0;
    this.#ssrc = rtp.ssrc;
    this.#firstSequence = rtp.sequence;
    this.#highestSequence = rtp.sequence;
    this.#received = 0;
    this.#expectedBefore = 0;
    this.#receivedBefore = 0;
    this.#jitter = 0;
    this.#lastTimestamp = rtp.timestamp;
    this.#lastArrivalMs = arrivalMs;
  }

  /**
   * RFC 3550 A.8, for the first packet of each time: those of one picture come one behind the other, which is no jitter of the
   * network's.
   */
  #followJitter(timestamp: number, arrivalMs: MonotonicMs): void {
    const arrivalTicks = ((arrivalMs - this.#lastArrivalMs) * this.#clockRateHz) / 1000;
    const transitTicks = Math.abs(arrivalTicks - timestampDistance(this.#lastTimestamp, timestamp));
    this.#jitter += (transitTicks - this.#jitter) / 16;
    this.#lastTimestamp = timestamp;
    this.#lastArrivalMs = arrivalMs;
  }
}
