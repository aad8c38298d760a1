import { monotonicMs, type MonotonicMs } from '../../base/time.ts';
import { BitstreamError } from '../../media/bit-reader.ts';
import { Slab } from '../../media/slab.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink } from './depacketizer.ts';
import type { NalRole, VideoCodec } from './video-codec.ts';

/** NAL units in MP4 stand behind a 32-bit length. */
const LENGTH_BYTES = 4;
/** Enough of a slice for the header fields we read, emulation prevention included. */
const SLICE_HEADER_BYTES = 32;
/** After so many pictures whose marker bit proved right we no longer wait for the next picture to be sure. */
const PROVEN_MARKERS = 3;

/**
 * Assembles NAL units into access units, one a picture, in place in a slab.
 *
 * **Where a picture ends.** With the RTP time stamp, and with the marker bit once it has proved right on three
 * pictures; until then (and for ever, if it was once set in mid-picture) the marker alone ends nothing, which delays
 * a picture to the next one's first packet. A marker without a slice before it ends nothing either: parameter sets
 * and SEI join the picture they precede, whatever their own time stamp.
 *
 * **Loss.** A NAL unit that misses a fragment is dropped; if it was a slice, or slices may be missing around it, the
 * whole access unit is dropped, told as `damaged`, and the stream goes on with the next one. What refers to it
 * decodes with errors concealed; dropping everything up to the next key picture instead would lose up to a GOP of
 * usable footage. The stream begins with a whole key picture whose parameter sets are known; what comes before is
 * dropped, as are pictures that lead it and refer past it.
 */
export class VideoAssembler {
  readonly #codec: VideoCodec;
  readonly #sink: AccessUnitSink;
  readonly #slab = new Slab();
  #droppedUnits = 0;

  // The current RTP packet.
  #sequence = 0;
  #packetTimestamp = 0;
  #packetArrivalMs = monotonicMs(0);
  /** Packets are missing before the one that comes next, or (at the start) it is not known what came before. */
  #hasLost = true;

  // The open access unit; its times are those of the packet that its first slice began in.
  #timestamp = 0;
  #arrivalMs = monotonicMs(0);
  #hasSlice = false;
  #isKey = false;
  #isSkippedLeading = false;
  #isDamaged = false;
  #isOversized = false;
  /** Its beginning may be missing: it has to begin with a first slice. */
  #isHeadless = false;
  /** A marker bit has been seen that is not trusted yet. */
  #isMarked = false;
  /** Position of the first key slice's header byte. */
  #sliceStart = 0;

  // The open NAL unit.
  #role: NalRole | undefined;
  #nalStart = 0;

  #provenMarkers = 0;
  /** Time stamp of the access unit that a trusted marker ended. */
  #endedTimestamp: number | undefined;
  #hasStarted = false;
  #hasToldWaiting = false;
  /** Pictures that lead the last key picture refer to what came before it, which the stream does not have. */
  #skipsLeading = true;

  constructor(codec: VideoCodec, sink: AccessUnitSink) {
    this.#codec = codec;
    this.#sink = sink;
  }

  get droppedUnits(): number {
    return this.#droppedUnits;
  }

  /** Packets are missing between the last one and the next. */
  noteLoss(): void {
    this.#hasLost = true;
    this.#abandonNal();
  }

  beginPacket(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    this.#sequence = rtp.sequence;
    if (this.#hasSlice && rtp.timestamp !== this.#timestamp) this.#endAtNewTime();
    if (this.#hasLost) this.#placeLoss();
    this.#packetTimestamp = rtp.timestamp;
    this.#packetArrivalMs = arrivalMs;
  }

  endPacket(isMarked: boolean): void {
    if (!isMarked || !this.#hasSlice) return;
    // Within a fragmented NAL unit either the marker or the missing end bit is wrong: the next packet will tell.
    if (this.#provenMarkers < PROVEN_MARKERS || this.isInNal) this.#isMarked = true;
    else this.#endUnit();
  }

  /**
   * A whole NAL unit, `bytes[from..to)`.
   * @returns false, and tells, if it has no content.
   */
  addNal(bytes: Uint8Array, from: number, to: number): boolean {
    const headerBytes = this.#codec.nalHeaderBytes;
    if (to - from <= headerBytes) {
      this.#tellMalformed('a NAL unit without content');
      return false;
    }
    this.endNal();
    this.#openNal(bytes[from] ?? 0, bytes[from + 1] ?? 0, bytes[from + headerBytes] ?? 0);
    this.#appendToNal(bytes, from, to);
    this.endNal();
    return true;
  }

  /**
   * Begins a NAL unit that comes in fragments, of which `bytes[from..to)` is the first.
   * @param second ignored for H.264, whose header is `first` alone.
   */
  beginFragments(first: number, second: number, bytes: Uint8Array, from: number, to: number): void {
    this.endNal();
    this.#openNal(first, second, bytes[from] ?? 0);
    if (!this.#keepsNal()) return;
    let fits = this.#slab.appendByte(first);
    if (this.#codec.nalHeaderBytes === 2) fits &&= this.#slab.appendByte(second);
    if (fits) this.#appendToNal(bytes, from, to);
    else this.#overflow();
  }

  /** Goes on with the open NAL unit. */
  addFragment(bytes: Uint8Array, from: number, to: number): void {
    this.#isMarked = false;
    this.#appendToNal(bytes, from, to);
  }

  /** A fragment whose first one is missing, of the NAL unit with this header. */
  addOrphan(first: number, second: number): void {
    if (isSlice(this.#codec.role(first, second))) this.#damageUnit();
  }

  get isInNal(): boolean {
    return this.#role !== undefined;
  }

  /** Ends the open NAL unit, if there is one. */
  endNal(): void {
    const role = this.#role;
    if (role === undefined) return;
    this.#role = undefined;
    if (role === 'drop') return;
    if (role === 'parameters') {
      this.#offerParameters();
      this.#slab.truncate(this.#nalStart);
      return;
    }
    this.#slab.writeU32(this.#nalStart, this.#slab.unitBytes - this.#nalStart - LENGTH_BYTES);
  }

  /** Ends the stream: a picture that waits for its end is emitted if a marker says that it is whole. */
  flush(): void {
    this.endNal();
    if (this.#hasSlice && this.#isMarked) this.#endUnit();
    this.#reset();
  }

  #appendToNal(bytes: Uint8Array, from: number, to: number): void {
    if (this.#keepsNal() && !this.#slab.append(bytes, from, to)) this.#overflow();
  }

  #keepsNal(): boolean {
    return this.#role !== undefined && this.#role !== 'drop';
  }

  #endAtNewTime(): void {
    this.endNal();
    const isEndSeen = this.#isMarked && this.#provenMarkers >= 0;
    if (this.#hasLost && !isEndSeen) this.#isDamaged = true;
    if (this.#isMarked) this.#provenMarkers += 1;
    this.#endUnit();
  }

  /** Decides what a loss just before this packet has hit: the open access unit, or the head of the next. */
  #placeLoss(): void {
    this.#hasLost = false;
    if (this.#hasSlice) this.#isDamaged = true;
    else this.#isHeadless = true;
  }

  #openNal(first: number, second: number, firstOfContent: number): void {
    const role = this.#codec.role(first, second);
    if (isSlice(role)) this.#openSlice(role, first, firstOfContent >= 0x80);
    this.#role = role;
    this.#nalStart = this.#slab.unitBytes;
    if (role !== 'drop' && !this.#slab.appendU32(0)) this.#overflow();
  }

  /**
   * @param isFirst whether it is a picture's first slice: in H.264 first_mb_in_slice, as ue(v), begins with a one if
   *   it is zero; H.265 has a flag in the same place.
   */
  #openSlice(role: NalRole, first: number, isFirst: boolean): void {
    if (this.#hasSlice && this.#isMarked) {
      if (isFirst) this.#endUnit();
      else this.#distrustMarkers();
    } else if (!this.#hasSlice && !isFirst) {
      if (this.#isHeadless) this.#isDamaged = true;
      else if (this.#endedTimestamp === this.#packetTimestamp) {
        this.#distrustMarkers();
        this.#isDamaged = true;
      }
    }
    if (!this.#hasSlice) this.#beginUnit();
    if (role === 'skipped-leading') this.#isSkippedLeading = true;
    if (role !== 'key-slice' || this.#isKey) return;
    this.#isKey = true;
    this.#sliceStart = this.#slab.unitBytes + LENGTH_BYTES;
    this.#skipsLeading = !this.#hasStarted || this.#codec.breaksLeading(first);
  }

  #beginUnit(): void {
    this.#hasSlice = true;
    this.#timestamp = this.#packetTimestamp;
    this.#arrivalMs = this.#packetArrivalMs;
  }

  #distrustMarkers(): void {
    this.#provenMarkers = Number.NEGATIVE_INFINITY;
    this.#isMarked = false;
  }

  #abandonNal(): void {
    const role = this.#role;
    if (role === undefined) return;
    this.#role = undefined;
    if (role === 'drop') return;
    this.#slab.truncate(this.#nalStart);
    if (isSlice(role)) this.#damageUnit();
  }

  #damageUnit(): void {
    if (!this.#hasSlice) this.#beginUnit();
    this.#isDamaged = true;
  }

  #overflow(): void {
    this.#isOversized = true;
    this.#role = undefined;
    this.#slab.truncate(0);
    this.#damageUnit();
  }

  #offerParameters(): void {
    const nal = this.#slab.peek(this.#nalStart + LENGTH_BYTES, this.#slab.unitBytes);
    try {
      this.#codec.offer(nal);
    } catch (error) {
      this.#tellBitstreamError(error);
    }
  }

  #endUnit(): void {
    this.#endedTimestamp = this.#timestamp;
    if (!this.#isWhole() || !this.#emit()) {
      this.#droppedUnits += 1;
      this.#slab.truncate(0);
    }
    this.#reset();
  }

  #isWhole(): boolean {
    if (this.#isOversized) {
      this.#sink.onProblem({
        kind: 'oversized',
        sequence: this.#sequence,
        limitBytes: this.#slab.unitLimitBytes,
      });
      return false;
    }
    if (this.#isDamaged && this.#hasStarted) {
      this.#sink.onProblem({ kind: 'damaged', sequence: this.#sequence, timestamp: this.#timestamp });
    }
    return !this.#isDamaged;
  }

  #emit(): boolean {
    if (!this.#hasStarted && !this.#isKey) return this.#tellWaiting('key');
    const track = this.#resolveTrack();
    if (track === undefined) return this.#tellWaiting('parameter-sets');
    if (this.#isSkippedLeading && this.#skipsLeading) return false;
    this.#hasStarted = true;
    this.#hasToldWaiting = false;
    const { data, memory } = this.#slab.finish();
    this.#sink.onUnit({
      track,
      isKey: this.#isKey,
      data,
      memory,
      timestamp: this.#timestamp,
      arrivalMs: this.#arrivalMs,
      sequence: this.#sequence,
    });
    return true;
  }

  #resolveTrack() {
    const slice = this.#isKey
      ? this.#slab.peek(this.#sliceStart, this.#sliceStart + SLICE_HEADER_BYTES)
      : undefined;
    try {
      return this.#codec.track(slice);
    } catch (error) {
      this.#tellBitstreamError(error);
      return undefined;
    }
  }

  #reset(): void {
    this.#slab.truncate(0);
    this.#hasSlice = false;
    this.#isKey = false;
    this.#isSkippedLeading = false;
    this.#isDamaged = false;
    this.#isOversized = false;
    this.#isHeadless = false;
    this.#isMarked = false;
  }

  #tellWaiting(reason: 'key' | 'parameter-sets'): false {
    if (!this.#hasToldWaiting)
      this.#sink.onProblem({ kind: 'awaiting-key', sequence: this.#sequence, reason });
    this.#hasToldWaiting = true;
    return false;
  }

  #tellBitstreamError(error: unknown): void {
    if (!(error instanceof BitstreamError)) throw error;
    this.#tellMalformed(error.message);
  }

  #tellMalformed(reason: string): void {
    this.#sink.onProblem({ kind: 'malformed', sequence: this.#sequence, reason });
  }
}

function isSlice(role: NalRole): boolean {
  return role === 'slice' || role === 'key-slice' || role === 'skipped-leading';
}
