import type { MonotonicMs } from '../../base/time.ts';
import type { OpusTrack, SampledTrack } from '../../media/packet.ts';
import { PacketMemoryPool } from '../../media/packet-memory.ts';
import { Slab } from '../../media/slab.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink, Depacketizer } from './depacketizer.ts';

/** A slab holds four seconds of a telephone's channel. */
const SLABS = new PacketMemoryPool(32 * 1024, 16);

/** Sound of which every RTP packet is a packet: samples (RFC 3551 4.5), or Opus (RFC 7587 4.2). */
export class WholeDepacketizer implements Depacketizer {
  readonly droppedUnits = 0;
  readonly #track: SampledTrack | OpusTrack;
  readonly #sink: AccessUnitSink;
  readonly #slab = new Slab(SLABS);

  constructor(track: SampledTrack | OpusTrack, sink: AccessUnitSink) {
    this.#track = track;
    this.#sink = sink;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (rtp.payloadStart === rtp.payloadEnd) return;
    this.#slab.append(rtp.bytes, rtp.payloadStart, rtp.payloadEnd);
    const { data, memory } = this.#slab.finish();
    this.#sink.onUnit({
      track: this.#track,
      isKey: true,
      data,
      memory,
      timestamp: rtp.timestamp,
      arrivalMs,
      sequence: rtp.sequence,
    });
  }

  noteLoss(): void {
    // Every packet stands alone.
  }

  flush(): void {
    // Nothing waits.
  }
}
