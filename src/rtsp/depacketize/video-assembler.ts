import type { MonotonicMs } from '../../base/time.ts';
import type { LentMemory, Slab } from '../../media/slab.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink } from './depacketizer.ts';
import { OpenUnit } from './open-unit.ts';
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
 * usable footage. The stream begins with a whole key picture, or a recovery point, whose parameter sets are known; what
 * comes before is dropped, as are pictures that lead it and refer past it.
 */
export class VideoAssembler {
  readonly #codec: VideoCodec;
  /** It begins with its first slice. */
  readonly #unit: OpenUnit;
  readonly #slab: Slab;

  /** Packets are missing before the one that comes next, or (at the start) it is not known what came before. */
  #hasLost = true;

  // The open access unit.
  #isKey = false;
  /** An SEI before its first slice says that decoding can start here, though its slices are no key picture's. */
  #isRecoveryPoint = false;
  #isSkippedLeading = false;
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
  /** Pictures that lead the last key picture refer to what came before it, which the stream does not have. */
  #skipsLeading = true;
  /** The same of a recovery point, which alone tells by its time what leads it. */
  #recoveryTimestamp: number | undefined;

  constructor(codec: VideoCodec, sink: AccessUnitSink) {
    this.#codec = codec;
    this.#unit = new OpenUnit(sink);
    this.#slab = this.#unit.slab;
  }

  get droppedUnits(): number {
    return this.#unit.droppedUnits;
  }

  /** See `Depacketizer`. */
  lend(aheadBytes: number): LentMemory | undefined {
    return this.#slab.lend(aheadBytes);
  }

  /** Packets are missing between the last one and the next. */
  noteLoss(): void {
    this.#hasLost = true;
    this.#abandonNal();
  }

  beginPacket(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (this.#unit.beginPacket(rtp, arrivalMs)) this.#endAtNewTime();
    if (this.#hasLost) this.#placeLoss();
  }

  endPacket(isMarked: boolean): void {
    if (!isMarked || !this.#unit.hasBegun) return;
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
      this.#unit.tellMalformed('a NAL unit without content');
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
    if (isSlice(this.#codec.role(first, second))) this.#unit.damage();
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
    if (role === 'extra' && !this.#unit.hasBegun) this.#noteRecoveryPoint();
    this.#slab.writeU32(this.#nalStart, this.#slab.unitBytes - this.#nalStart - LENGTH_BYTES);
  }

  /** Ends the stream: a picture that waits for its end is emitted if a marker says that it is whole. */
  flush(): void {
    this.endNal();
    if (this.#unit.hasBegun && this.#isMarked) this.#endUnit();
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
    if (this.#hasLost && !isEndSeen) this.#unit.damage();
    if (this.#isMarked) this.#provenMarkers += 1;
    this.#endUnit();
  }

  /** Decides what a loss just before this packet has hit: the open access unit, or the head of the next. */
  #placeLoss(): void {
    this.#hasLost = false;
    if (this.#unit.hasBegun) this.#unit.damage();
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
    if (this.#unit.hasBegun && this.#isMarked) {
      if (isFirst) this.#endUnit();
      else this.#distrustMarkers();
    } else if (!this.#unit.hasBegun && !isFirst) {
      if (this.#isHeadless) this.#unit.damage();
      else if (this.#endedTimestamp === this.#unit.packetTimestamp) {
        this.#distrustMarkers();
        this.#unit.damage();
      }
    }
    this.#unit.begin();
    if (role === 'skipped-leading') this.#isSkippedLeading = true;
    const isKeySlice = role === 'key-slice';
    if (this.#isKey || !(isKeySlice || this.#isRecoveryPoint)) return;
    this.#isKey = true;
    this.#sliceStart = this.#slab.unitBytes + LENGTH_BYTES;
    this.#skipsLeading = !this.#unit.hasStarted || (isKeySlice && this.#codec.breaksLeading(first));
    this.#recoveryTimestamp = this.#skipsLeading && !isKeySlice ? this.#unit.timestamp : undefined;
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
    if (isSlice(role)) this.#unit.damage();
  }

  #overflow(): void {
    this.#role = undefined;
    this.#unit.overflow();
  }

  #noteRecoveryPoint(): void {
    const nal = this.#slab.peek(this.#nalStart + LENGTH_BYTES, this.#slab.unitBytes);
    if (this.#codec.isRecoveryPoint(nal)) this.#isRecoveryPoint = true;
  }

  /** It is decoded after the picture with which the stream begins, and shown before. */
  #leadsRecoveryPoint(): boolean {
    const from = this.#recoveryTimestamp;
    // Time stamps wrap at 32 bits.
    return !this.#isKey && from !== undefined && ((this.#unit.timestamp - from) | 0) < 0;
  }

  #offerParameters(): void {
    const nal = this.#slab.peek(this.#nalStart + LENGTH_BYTES, this.#slab.unitBytes);
    try {
      this.#codec.offer(nal);
    } catch (error) {
      this.#unit.tellBitstreamError(error);
    }
  }

  #endUnit(): void {
    this.#endedTimestamp = this.#unit.timestamp;
    if (!this.#unit.isWhole() || !this.#emit()) this.#unit.drop();
    this.#reset();
  }

  #emit(): boolean {
    if (this.#unit.awaitsKey(this.#isKey)) return false;
    const track = this.#resolveTrack();
    const isLeading = this.#isSkippedLeading || this.#leadsRecoveryPoint();
    if (track !== undefined && this.#skipsLeading && isLeading) return false;
    return this.#unit.emit(track, this.#isKey);
  }

  #resolveTrack() {
    const slice = this.#isKey
      ? this.#slab.peek(this.#sliceStart, this.#sliceStart + SLICE_HEADER_BYTES)
      : undefined;
    try {
      return this.#codec.track(slice);
    } catch (error) {
      this.#unit.tellBitstreamError(error);
      return undefined;
    }
  }

  #reset(): void {
    this.#unit.reset();
    this.#isKey = false;
    this.#isRecoveryPoint = false;
    this.#isSkippedLeading = false;
    this.#isHeadless = false;
    this.#isMarked = false;
  }
}

function isSlice(role: NalRole): boolean {
  return role === 'slice' || role === 'key-slice' || role === 'skipped-leading';
}
