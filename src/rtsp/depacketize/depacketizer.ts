import type { MonotonicMs } from '../../base/time.ts';
import type { PacketMemory } from '../../media/packet-memory.ts';
import type { Track } from '../../media/packet.ts';
import type { LentMemory } from '../../media/slab.ts';
import type { MediaProblem } from '../media-problem.ts';
import type { RtpPacket } from '../rtp.ts';

/** A whole access unit with the time stamps of its first RTP packet. */
export interface AccessUnit {
  readonly track: Track;
  readonly isKey: boolean;
  /** As in `Packet`. */
  readonly data: Uint8Array;
  /** What `data` lies in, held for the sink. */
  readonly memory: PacketMemory;
  /** RTP time stamp, 32 bits. */
  readonly timestamp: number;
  readonly arrivalMs: MonotonicMs;
  /** Sequence number of the RTP packet that completed it. */
  readonly sequence: number;
}

/**
 * Units taken out of one packet; more of them are malformed. Cameras put in a dozen; tens of thousands would hold up the recorder for up to
 * a quarter of a second a packet.
 */
export const MAX_AGGREGATED_UNITS = 256;

export interface AccessUnitSink {
  onUnit(unit: AccessUnit): void;
  onProblem(problem: MediaProblem): void;
}

/** Puts the access units of one track together from its RTP packets, which come in order. */
export interface Depacketizer {
  /** @param rtp valid during the call only; what is needed of it is copied. */
  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void;
  /** Memory to receive the next packets into, if that spares it copying them: see `Slab.lend`. */
  lend?(aheadBytes: number): LentMemory | undefined;
  /** Packets are missing between the last one and the next. */
  noteLoss(): void;
  /** Emits what waits for its end, at the end of the stream. */
  flush(): void;
  /** Access units dropped: damaged, oversized, or before the first key picture. */
  readonly droppedUnits: number;
}
