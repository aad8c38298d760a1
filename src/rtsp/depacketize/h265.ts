import type { MonotonicMs } from '../../base/time.ts';
import type { LentMemory } from '../../media/slab.ts';
import type { SdpMedia } from '../sdp.ts';
import type { RtpPacket } from '../rtp.ts';
import { MAX_AGGREGATED_UNITS, type AccessUnitSink, type Depacketizer } from './depacketizer.ts';
import { H265Codec } from './h265-codec.ts';
import { offerSprop } from './sprop.ts';
import { VideoAssembler } from './video-assembler.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;
const PACI = 50;
const HEADER_BYTES = 2;

/**
 * H.265 in RTP (RFC 7798): single NAL units, aggregation and fragmentation packets. With sprop-max-don-diff above 0
 * the decoding order numbers are skipped and the units taken as if in decoding order, which those of every camera
 * are. PACI packets are refused.
 */
export class H265Depacketizer implements Depacketizer {
  readonly #assembler: VideoAssembler;
  readonly #sink: AccessUnitSink;
  readonly #hasDecodingOrder: boolean;

  constructor(media: SdpMedia, index: number, sink: AccessUnitSink) {
    const codec = new H265Codec(index);
    for (const name of ['sprop-vps', 'sprop-sps', 'sprop-pps']) offerSprop(media.fmtp.get(name), codec, sink);
    this.#assembler = new VideoAssembler(codec, sink);
    this.#sink = sink;
    this.#hasDecodingOrder = Number(media.fmtp.get('sprop-max-don-diff') ?? 0) > 0;
  }

  get droppedUnits(): number {
    return this.#assembler.droppedUnits;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    const { bytes, payloadStart: start, payloadEnd: end } = rtp;
    if (start === end) return;
    if (end - start < HEADER_BYTES) return this.#tellMalformed(rtp, 'a payload of one byte');
    this.#assembler.beginPacket(rtp, arrivalMs);
    const type = ((bytes[start] ?? 0) >> 1) & 0x3f;
    if (type < AGGREGATION) this.#pushSingle(rtp);
    else if (type === AGGREGATION) this.#pushAggregate(rtp);
    else if (type === FRAGMENTATION) this.#pushFragment(rtp);
    else this.#tellMalformed(rtp, type === PACI ? 'a PACI packet' : `a payload of type ${type}`);
    this.#assembler.endPacket(rtp.marker);
  }

  lend(aheadBytes: number): LentMemory | undefined {
    return this.#assembler.lend(aheadBytes);
  }

  noteLoss(): void {
    this.#assembler.noteLoss();
  }

  flush(): void {
    this.#assembler.flush();
  }

  /** RFC 7798 4.4.1: the number, if any, stands between the header and the rest. */
  #pushSingle(rtp: RtpPacket): void {
    const { bytes, payloadStart: start, payloadEnd: end } = rtp;
    if (!this.#hasDecodingOrder) {
      this.#assembler.addNal(bytes, start, end);
      return;
    }
    const content = start + HEADER_BYTES + 2;
    if (content >= end) return this.#tellMalformed(rtp, 'a NAL unit without content');
    this.#assembler.beginFragments(bytes[start] ?? 0, bytes[start + 1] ?? 0, bytes, content, end);
    this.#assembler.endNal();
  }

  /** RFC 7798 4.4.2: two bytes of number before the first unit, one before each other. */
  #pushAggregate(rtp: RtpPacket): void {
    const { bytes, payloadEnd } = rtp;
    let at = rtp.payloadStart + HEADER_BYTES + (this.#hasDecodingOrder ? 2 : 0);
    for (let units = 0; units < MAX_AGGREGATED_UNITS && at + 2 <= payloadEnd; units += 1) {
      const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (end > payloadEnd) return this.#tellMalformed(rtp, 'an aggregate whose sizes do not add up');
      if (!this.#assembler.addNal(bytes, at + 2, end)) return;
      at = end + (this.#hasDecodingOrder ? 1 : 0);
    }
    if (at < payloadEnd) {
      this.#tellMalformed(rtp, 'an aggregate whose sizes do not add up, or of too many units');
    }
  }

  /** RFC 7798 4.4.3: the number, if any, stands in the first fragment only. */
  #pushFragment(rtp: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd } = rtp;
    const fuHeader = bytes[payloadStart + HEADER_BYTES] ?? 0;
    const isFirst = (fuHeader & 0x80) !== 0;
    const from = payloadStart + HEADER_BYTES + 1 + (isFirst && this.#hasDecodingOrder ? 2 : 0);
    if (from >= payloadEnd) return this.#tellMalformed(rtp, 'a fragment without content');
    const first = ((bytes[payloadStart] ?? 0) & 0x81) | ((fuHeader & 0x3f) << 1);
    const second = bytes[payloadStart + 1] ?? 0;
    if (isFirst) this.#assembler.beginFragments(first, second, bytes, from, payloadEnd);
    else if (this.#assembler.isInNal) this.#assembler.addFragment(bytes, from, payloadEnd);
    else this.#assembler.addOrphan(first, second);
    if ((fuHeader & 0x40) !== 0) this.#assembler.endNal();
  }

  #tellMalformed(rtp: RtpPacket, reason: string): void {
    this.#sink.onProblem({ kind: 'malformed', sequence: rtp.sequence, reason: `reading H.265: ${reason}` });
  }
}
