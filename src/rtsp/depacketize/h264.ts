import type { MonotonicMs } from '../../base/time.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import type { LentMemory } from '../../media/slab.ts';
import type { SdpMedia } from '../sdp.ts';
import type { RtpPacket } from '../rtp.ts';
import { MAX_AGGREGATED_UNITS, type AccessUnitSink, type Depacketizer } from './depacketizer.ts';
import { H264Codec } from './h264-codec.ts';
import { offerSprop } from './sprop.ts';
import { VideoAssembler } from './video-assembler.ts';

const STAP_A = 24;
const STAP_B = 25;
const FU_A = 28;
const FU_B = 29;
const DON_BYTES = 2;

/**
 * H.264 in RTP (RFC 6184): single NAL units, STAP-A and FU-A. STAP-B and FU-B are taken as if their units were in
 * decoding order, which those of every camera are; MTAP and packetization-mode 2 are refused.
 */
export class H264Depacketizer implements Depacketizer {
  readonly #assembler: VideoAssembler;
  readonly #sink: AccessUnitSink;

  constructor(media: SdpMedia, index: number, sink: AccessUnitSink) {
    const codec = new H264Codec(index);
    offerSprop(media.fmtp.get('sprop-parameter-sets'), codec, sink);
    this.#assembler = new VideoAssembler(codec, sink);
    this.#sink = sink;
  }

  get droppedUnits(): number {
    return this.#assembler.droppedUnits;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    const { bytes, payloadStart: start, payloadEnd: end } = rtp;
    if (start === end) return;
    this.#assembler.beginPacket(rtp, arrivalMs);
    const type = (bytes[start] ?? 0) & 0x1f;
    if (type > 0 && type < STAP_A) this.#assembler.addNal(bytes, start, end);
    else if (type === STAP_A) this.#pushAggregate(rtp, start + 1);
    else if (type === FU_A) this.#pushFragment(rtp, start + 2);
    else if (type === STAP_B) this.#pushAggregate(rtp, start + 1 + DON_BYTES);
    else if (type === FU_B) this.#pushFragment(rtp, start + 2 + DON_BYTES);
    else this.#tellMalformed(rtp, `a payload of type ${type}`);
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

  /** RFC 6184 5.7.1 */
  #pushAggregate(rtp: RtpPacket, from: number): void {
    const { bytes, payloadEnd } = rtp;
    let at = from;
    for (let units = 0; units < MAX_AGGREGATED_UNITS && at + 2 <= payloadEnd; units += 1) {
      const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
      if (end > payloadEnd) break;
      if (!this.#assembler.addNal(bytes, at + 2, end)) return;
      at = end;
    }
    if (at !== payloadEnd)
      this.#tellMalformed(rtp, 'an aggregate whose sizes do not add up, or of too many units');
  }

  /** RFC 6184 5.8 */
  #pushFragment(rtp: RtpPacket, from: number): void {
    const { bytes, payloadStart, payloadEnd } = rtp;
    if (from >= payloadEnd) return this.#tellMalformed(rtp, 'a fragment without content');
    const fuHeader = bytes[payloadStart + 1] ?? 0;
    const nalHeader = ((bytes[payloadStart] ?? 0) & 0xe0) | (fuHeader & 0x1f);
    if ((fuHeader & 0x80) !== 0) this.#assembler.beginFragments(nalHeader, 0, bytes, from, payloadEnd);
    else if (this.#assembler.isInNal) this.#assembler.addFragment(bytes, from, payloadEnd);
    else this.#assembler.addOrphan(nalHeader, 0);
    if ((fuHeader & 0x40) !== 0) this.#assembler.endNal();
  }

  #tellMalformed(rtp: RtpPacket, reason: string): void {
    this.#sink.onProblem({ kind: 'malformed', sequence: rtp.sequence, reason: `reading H.264: ${reason}` });
  }
}

/**
 * Checks that we can depacketize this track.
 * @throws BitstreamError saying why not.
 */
export function requireH264Support(media: SdpMedia): void {
  if (media.fmtp.get('packetization-mode') === '2') {
    throw new BitstreamError('reading an H.264 track: packetization-mode 2 (interleaved)');
  }
}
