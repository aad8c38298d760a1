import { monotonicMs, type MonotonicMs } from '../../base/time.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import type { VideoTrack } from '../../media/packet.ts';
import { Slab } from '../../media/slab.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink } from './depacketizer.ts';

/**
 * The access unit that is being assembled of a video track, whatever the codec: its data in a slab, its times, what is wrong with
 * it, and whether the stream has begun, which it does with a key picture whose parameter sets are known. What comes before is
 * dropped, and told once.
 */
export class OpenUnit {
  readonly slab = new Slab();
  readonly #sink: AccessUnitSink;
  #droppedUnits = 0;

  // The current RTP packet.
  #sequence = 0;
  #packetTimestamp = 0;
  #packetArrivalMs = monotonicMs(0);

  // The unit; its times are those of the packet that its first coded picture data began in.
  #hasBegun = false;
  #timestamp = 0;
  #arrivalMs = monotonicMs(0);
  #isDamaged = false;
  #isOversized = false;

  #hasStarted = false;
  #hasToldWaiting = false;

  constructor(sink: AccessUnitSink) {
    this.#sink = sink;
  }

  get droppedUnits(): number {
    return this.#droppedUnits;
  }

  /** RTP time stamp of the current packet. */
  get packetTimestamp(): number {
    return this.#packetTimestamp;
  }

  /** RTP time stamp of the unit, once it has begun. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** Picture data has come, or would have, had it not been damaged. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** A picture has been emitted. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** @returns whether the unit that is open belongs to another time, and has ended before this packet. */
  beginPacket(rtp: RtpPacket, arrivalMs: MonotonicMs): boolean {
    this.#sequence = rtp.sequence;
    this.#packetTimestamp = rtp.timestamp;
    this.#packetArrivalMs = arrivalMs;
    return this.#hasBegun && rtp.timestamp !== this.#timestamp;
  }

  /** Picture data begins in the current packet. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#timestamp = this.#packetTimestamp;
    this.#arrivalMs = this.#packetArrivalMs;
  }

  /** A part is missing. */
  damage(): void {
    this.begin();
    this.#isDamaged = true;
  }

  /** It has outgrown the slab. */
  overflow(): void {
    this.#isOversized = true;
    this.slab.truncate(0);
    this.damage();
  }

  /** Tells what is wrong with it, if anything is that keeps it from being emitted. */
  isWhole(): boolean {
    if (this.#isOversized) {
      const { unitLimitBytes: limitBytes } = this.slab;
      this.#sink.onProblem({ kind: 'oversized', sequence: this.#sequence, limitBytes });
      return false;
    }
    if (this.#isDamaged && this.#hasStarted) {
      this.#sink.onProblem({ kind: 'damaged', sequence: this.#sequence, timestamp: this.#timestamp });
    }
    return !this.#isDamaged;
  }

  /** Tells that the stream cannot begin with this picture, if it cannot. */
  awaitsKey(isKey: boolean): boolean {
    if (this.#hasStarted || isKey) return false;
    this.#tellWaiting('key');
    return true;
  }

  /**
   * Hands the unit out, and leaves the slab empty.
   * @param track undefined while its parameter sets are not known.
   * @returns false, and tells that they are waited for, where they are.
   */
  emit(track: VideoTrack | undefined, isKey: boolean): boolean {
    if (track === undefined) {
      this.#tellWaiting('parameter-sets');
      return false;
    }
    this.#hasStarted = true;
    this.#hasToldWaiting = false;
    const { data, memory } = this.slab.finish();
    this.#sink.onUnit({
      track,
      isKey,
      data,
      memory,
      timestamp: this.#timestamp,
      arrivalMs: this.#arrivalMs,
      sequence: this.#sequence,
    });
    return true;
  }

  /** Counts it as dropped. */
  drop(): void {
    this.#droppedUnits += 1;
  }

  /** Begins the next one. */
  reset(): void {
    this.slab.truncate(0);
    this.#hasBegun = false;
    this.#isDamaged = false;
    this.#isOversized = false;
  }

  tellMalformed(reason: string): void {
    this.#sink.onProblem({ kind: 'malformed', sequence: this.#sequence, reason });
  }

  /** @throws what is none. */
  tellBitstreamError(error: unknown): void {
    if (!(error instanceof BitstreamError)) throw error;
    this.tellMalformed(error.message);
  }

  #tellWaiting(reason: 'key' | 'parameter-sets'): void {
    if (!this.#hasToldWaiting)
      this.#sink.onProblem({ kind: 'awaiting-key', sequence: this.#sequence, reason });
    this.#hasToldWaiting = true;
  }
}
