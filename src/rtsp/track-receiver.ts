import type { MonotonicMs } from '../base/time.ts';
import { BitstreamError } from '../media/bit-reader.ts';
import { DtsEstimator } from '../media/dts.ts';
import { opusTrack } from '../media/opus.ts';
import { OPUS_CLOCK_RATE_HZ, VIDEO_CLOCK_RATE_HZ, type Packet } from '../media/packet.ts';
import type { LentMemory } from '../media/slab.ts';
import { AacDepacketizer, aacTrack, parseAacFormat } from './depacketize/aac.ts';
import { Av1Depacketizer } from './depacketize/av1.ts';
import type { AccessUnit, AccessUnitSink, Depacketizer } from './depacketize/depacketizer.ts';
import { H264Depacketizer, requireH264Support } from './depacketize/h264.ts';
import { H265Depacketizer } from './depacketize/h265.ts';
import { sampledTrack } from './depacketize/sampled-track.ts';
import { WholeDepacketizer } from './depacketize/whole.ts';
import type { MediaProblem } from './media-problem.ts';
import { Reception } from './reception.ts';
import { ReorderBuffer } from './reorder.ts';
import { parseRtcp, RtcpError, type RtcpPacket } from './rtcp.ts';
import { RtpClock, type RunOrigin } from './rtp-clock.ts';
import { RtpPacket } from './rtp.ts';
import type { SdpMedia } from './sdp.ts';
import { DUPLICATE, LATE, RESYNCHRONIZED, SequenceOrder } from './sequence-order.ts';

export type { MediaProblem } from './media-problem.ts';

const MAX_AUDIO_RATE_HZ = 192_000;
/** Half a telephone's. Of samples of 1 Hz a packet could hold a day, which is to be encoded at 48 kHz. */
const MIN_SAMPLED_RATE_HZ = 4_000;

export interface TrackReceiverOptions {
  readonly media: SdpMedia;
  /** `index` of the track on its packets. */
  readonly index: number;
  readonly transport: 'tcp' | 'udp';
  /** One for each PLAY, shared by its tracks. */
  readonly run: RunOrigin;
  readonly onPacket: (packet: Packet) => void;
  readonly onProblem: (problem: MediaProblem) => void;
}

export interface TrackStatistics {
  /** RTP packets received, of whatever use they were, and their bytes. */
  readonly packets: number;
  readonly bytes: number;
  /** RTP packets that did not come in time. */
  readonly lost: number;
  /** RTP packets that came out of order and were put in their place (UDP). */
  readonly reordered: number;
  readonly duplicates: number;
  /** RTP packets thrown away: malformed, too late, of a foreign payload type, or after the end of the run. */
  readonly discarded: number;
  /** Access units thrown away: damaged, oversized, before the first key picture or the run's start. */
  readonly droppedUnits: number;
}

/** Why we cannot play this track, or undefined if we can. */
export function unsupportedReason(media: SdpMedia): string | undefined {
  try {
    requireSupport(media);
    return undefined;
  } catch (error) {
    if (error instanceof BitstreamError) return error.message;
    throw error;
  }
}

export function isSupported(media: SdpMedia): boolean {
  return unsupportedReason(media) === undefined;
}

/** @throws BitstreamError */
function requireSupport(media: SdpMedia): void {
  switch (media.encoding) {
    case 'H264':
      requireH264Support(media);
      return requireRate(media, VIDEO_CLOCK_RATE_HZ, VIDEO_CLOCK_RATE_HZ);
    case 'H265':
    case 'AV1':
      return requireRate(media, VIDEO_CLOCK_RATE_HZ, VIDEO_CLOCK_RATE_HZ);
    case 'MPEG4-GENERIC':
      parseAacFormat(media);
      return requireRate(media, 1, MAX_AUDIO_RATE_HZ);
    case 'OPUS':
      return requireRate(media, OPUS_CLOCK_RATE_HZ, OPUS_CLOCK_RATE_HZ);
    default:
      sampledTrack(0, media);
      return requireRate(media, MIN_SAMPLED_RATE_HZ, MAX_AUDIO_RATE_HZ);
  }
}

function requireRate(media: SdpMedia, fromHz: number, toHz: number): void {
  if (media.clockRateHz >= fromHz && media.clockRateHz <= toHz) return;
  throw new BitstreamError(`the clock rate ${media.clockRateHz} of ${media.encoding} is not supported`);
}

function createDepacketizer(media: SdpMedia, index: number, sink: AccessUnitSink): Depacketizer {
  switch (media.encoding) {
    case 'H264':
      return new H264Depacketizer(media, index, sink);
    case 'H265':
      return new H265Depacketizer(media, index, sink);
    case 'AV1':
      return new Av1Depacketizer(index, sink);
    case 'MPEG4-GENERIC': {
      const format = parseAacFormat(media);
      return new AacDepacketizer(aacTrack(index, media, format), format, sink);
    }
    case 'OPUS':
      // It comes as one or two channels, and the description says two in either case (RFC 7587 4.1).
      return new WholeDepacketizer(opusTrack(index, 2), sink);
    default:
      return new WholeDepacketizer(sampledTrack(index, media), sink);
  }
}

/**
 * Everything from the RTP and RTCP packets of one track to its media packets: order, loss, reassembly, time.
 * Every byte may be hostile; what is wrong becomes a `MediaProblem`, never an exception.
 *
 * `onPacket` and `onProblem` are called from within `receiveRtp`, `receiveRtcp` and `flush`, in the order of the
 * stream; a packet's data is valid until `onPacket` returns, or as long as its memory is held. After a `time-jump` no packet follows. A picture is emitted when its last packet is in; only the first three
 * of a run, and those of cameras without a trustworthy marker bit, wait for the packet after it.
 */
export class TrackReceiver {
  readonly #options: TrackReceiverOptions;
  readonly #rtp = new RtpPacket();
  /** A second view, for packets that come out of the reordering while `#rtp` is in use. */
  readonly #orderedRtp = new RtpPacket();
  readonly #reception: Reception;
  readonly #reorder: ReorderBuffer | undefined;
  readonly #order = new SequenceOrder();
  readonly #depacketizer: Depacketizer;
  readonly #clock: RtpClock;
  readonly #dts = new DtsEstimator();
  #track: Packet['track'] | undefined;
  #lastDts = Number.NEGATIVE_INFINITY;
  #ssrc: number | undefined;
  #hasEnded = false;
  #packets = 0;
  #bytes = 0;
  #lost = 0;
  #duplicates = 0;
  #discarded = 0;
  #droppedUnits = 0;

  /** @throws BitstreamError unless `isSupported(options.media)`. */
  constructor(options: TrackReceiverOptions) {
    requireSupport(options.media);
    this.#options = options;
    this.#reception = new Reception(options.media.clockRateHz);
    this.#reorder =
      options.transport === 'udp'
        ? new ReorderBuffer({ onOrdered: (bytes, arrivalMs) => this.#processOrdered(bytes, arrivalMs) })
        : undefined;
    this.#clock = new RtpClock(options.run, options.media.clockRateHz);
    this.#depacketizer = createDepacketizer(options.media, options.index, {
      onUnit: (unit) => this.#takeUnit(unit),
      onProblem: options.onProblem,
    });
  }

  get statistics(): TrackStatistics {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      lost: this.#lost,
      reordered: this.#reorder?.reordered ?? 0,
      duplicates: this.#duplicates + (this.#reorder?.duplicates ?? 0),
      discarded: this.#discarded,
      droppedUnits: this.#droppedUnits + this.#depacketizer.droppedUnits,
    };
  }

  /** `rtptime` of this track in the RTP-Info of the PLAY answer (RFC 2326 12.33); without effect once media flows. */
  useRtpInfo(rtptime: number): void {
    this.#clock.useRtpInfo(rtptime);
  }

  /** See `Depacketizer`. */
  lend(aheadBytes: number): LentMemory | undefined {
    return this.#depacketizer.lend?.(aheadBytes);
  }

  /** @param bytes hold one RTP packet in `[from..to)`; valid during the call only. By UDP it comes alone. */
  receiveRtp(bytes: Uint8Array, arrivalMs: MonotonicMs, from = 0, to = bytes.length): void {
    this.#packets += 1;
    this.#bytes += to - from;
    const rtp = this.#rtp;
    if (!rtp.parse(bytes, from, to)) {
      this.#discarded += 1;
      return this.#options.onProblem({
        kind: 'malformed',
        sequence: undefined,
        reason: 'reading RTP: no RTP packet',
      });
    }
    if (this.#hasEnded) {
      this.#discarded += 1;
      return;
    }
    if (rtp.payloadType !== this.#options.media.payloadType) return this.#discardForeign(rtp);
    this.#reception.count(rtp, arrivalMs);
    if (this.#reorder === undefined) this.#process(rtp, arrivalMs);
    else this.#reorder.push(rtp, arrivalMs);
  }

  /** @param bytes one compound RTCP packet. */
  receiveRtcp(bytes: Uint8Array, arrivalMs: MonotonicMs): void {
    try {
      for (const packet of parseRtcp(bytes)) this.#processRtcp(packet, arrivalMs);
    } catch (error) {
      if (!(error instanceof RtcpError)) throw error;
      this.#options.onProblem({ kind: 'malformed', sequence: undefined, reason: error.message });
    }
  }

  /** A compound RTCP packet to send to the camera; undefined while nothing was received. */
  receiverReport(nowMs: MonotonicMs): Uint8Array | undefined {
    return this.#reception.report(nowMs);
  }

  /** Emits what is held back, at the end of the stream. */
  flush(): void {
    this.#reorder?.flush();
    this.#depacketizer.flush();
  }

  #processOrdered(bytes: Uint8Array, arrivalMs: MonotonicMs): void {
    if (this.#orderedRtp.parse(bytes)) this.#process(this.#orderedRtp, arrivalMs);
  }

  #takeUnit(unit: AccessUnit): void {
    try {
      this.#emit(unit);
    } finally {
      unit.memory.release();
    }
  }

  #emit(unit: AccessUnit): void {
    if (this.#hasEnded || !this.#moveClock(unit)) {
      this.#droppedUnits += 1;
      return;
    }
    const pts = this.#clock.ticks;
    const isVideo = unit.track.kind === 'video';
    if (isVideo && unit.track !== this.#track) this.#dts.declareDepth(unit.track.reorderDepth);
    this.#track = unit.track;
    const dts = isVideo ? this.#dts.next(pts, unit.isKey) : pts;
    if (dts <= this.#lastDts) {
      // Sound that repeats what was there, as after a realignment.
      this.#droppedUnits += 1;
      return;
    }
    this.#lastDts = dts;
    const { track, isKey, data, memory } = unit;
    this.#options.onPacket({ track, isKey, pts, dts, data, memory });
  }

  #moveClock(unit: AccessUnit): boolean {
    const { timestamp, arrivalMs, sequence } = unit;
    if (!this.#clock.isStarted) return this.#clock.start(timestamp, arrivalMs, unit.track.kind === 'video');
    const event = this.#clock.advance(timestamp, arrivalMs);
    if (event === undefined) return true;
    this.#options.onProblem({ ...event, sequence });
    if (event.kind === 'realigned') return true;
    this.#hasEnded = true;
    return false;
  }

  #process(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    this.#followSource(rtp);
    const missing = this.#order.accept(rtp.sequence);
    if (missing === DUPLICATE) {
      this.#duplicates += 1;
      return;
    }
    if (missing === LATE) {
      this.#discarded += 1;
      return;
    }
    if (missing === RESYNCHRONIZED) {
      this.#options.onProblem({ kind: 'resynchronized', sequence: rtp.sequence, reason: 'sequence' });
      this.#depacketizer.noteLoss();
    } else if (missing > 0) {
      this.#lost += missing;
      this.#options.onProblem({ kind: 'lost', sequence: (rtp.sequence - missing) & 0xffff, count: missing });
      this.#depacketizer.noteLoss();
    }
    this.#depacketizer.push(rtp, arrivalMs);
  }

  /** A new source begins its own sequence; whether its clock goes on is seen by its time stamps. */
  #followSource(rtp: RtpPacket): void {
    if (rtp.ssrc === this.#ssrc) return;
    if (this.#ssrc !== undefined) {
      this.#order.reset();
      this.#depacketizer.noteLoss();
      this.#options.onProblem({ kind: 'resynchronized', sequence: rtp.sequence, reason: 'ssrc' });
    }
    this.#ssrc = rtp.ssrc;
  }

  #discardForeign(rtp: RtpPacket): void {
    this.#discarded += 1;
    const expected = this.#options.media.payloadType;
    const reason = `reading RTP: payload type ${rtp.payloadType} instead of ${expected}`;
    this.#options.onProblem({ kind: 'malformed', sequence: rtp.sequence, reason });
  }

  #processRtcp(packet: RtcpPacket, arrivalMs: MonotonicMs): void {
    if (packet.kind === 'sender-report') {
      this.#reception.noteSenderReport(packet, arrivalMs);
      this.#clock.report(packet);
    }
    if (packet.kind !== 'bye') return;
    const isOurs = this.#ssrc === undefined || packet.ssrcs.length === 0 || packet.ssrcs.includes(this.#ssrc);
    if (isOurs) this.#options.onProblem({ kind: 'bye', reason: packet.reason });
  }
}
