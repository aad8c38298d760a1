import type { MonotonicMs } from '../../base/time.ts';
import { Av1Stream } from '../../media/av1-stream.ts';
import { leb128, OBU, OBU_HAS_SIZE, obuHeaderBytes, obuType, readLeb128 } from '../../media/obu.ts';
import type { LentMemory, Slab } from '../../media/slab.ts';
import { inspectTemporalUnit, isFrame, isLeftOut } from '../../media/temporal-unit.ts';
import type { RtpPacket } from '../rtp.ts';
import type { AccessUnitSink } from './depacketizer.ts';
import { OpenUnit } from './open-unit.ts';

/**
 * Units of one temporal unit; with more it is dropped. Frames have 4096 tiles at most, of which levels allow 128 (AV1 A.3); four
 * million units without content would hold up the recorder for more than a second where they are looked through.
 */
const MAX_OBUS = 4096;

/**
 * Assembles OBUs into temporal units, one a picture, in place in a slab, as packets hold them: what RTP leaves out of an OBU,
 * its size, is put back.
 *
 * **Where a picture ends.** With the marker bit, unless the stream has been seen to go on with the same time behind one;
 * and with the RTP time stamp. What comes without a frame joins the picture that it precedes.
 *
 * **Loss.** A temporal unit that misses a packet is dropped, told as `damaged`, and the stream goes on with the next one, as
 * for other video. Whole units that were lost before it cannot be told from whole frames that it misses itself; it is
 * then taken for whole, since cameras send one frame a picture. The stream begins with a key picture whose sequence
 * header is known.
 */
export class TemporalUnitAssembler {
  readonly #stream: Av1Stream;
  /** It begins with its first frame. */
  readonly #unit: OpenUnit;
  readonly #slab: Slab;

  /** Packets are missing before the one that comes next. */
  #hasLost = false;

  /** OBUs of the open temporal unit, of which the one that is open is the last. */
  #obus = 0;

  // The open OBU.
  #isInObu = false;
  /** Whether it is no part of a packet's data. */
  #isLeftOut = false;
  #obuStart = 0;

  /** Time stamp of the unit that a marker ended. */
  #endedTimestamp: number | undefined;
  #trustsMarkers = true;

  /** @param index of the track. */
  constructor(index: number, sink: AccessUnitSink) {
    this.#stream = new Av1Stream(index);
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
    this.#abandonObu();
  }

  beginPacket(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (this.#unit.beginPacket(rtp, arrivalMs)) this.#endAtNewTime();
    if (this.#hasLost && this.#slab.unitBytes > 0) this.damageUnit();
    this.#hasLost = false;
    if (this.#unit.hasBegun || this.#endedTimestamp !== rtp.timestamp) return;
    // The rest of a unit that its camera marked too early.
    this.#trustsMarkers = false;
    this.damageUnit();
  }

  endPacket(isMarked: boolean): void {
    // Within a fragmented OBU either the marker or the promise of another fragment is wrong: the next packet will tell.
    if (!isMarked || !this.#unit.hasBegun || this.#isInObu || !this.#trustsMarkers) return;
    this.#endedTimestamp = this.#unit.timestamp;
    this.#endUnit();
  }

  /** Begins an OBU with its header, `bytes[from..to)`, perhaps all of it; without a byte there is none. */
  beginObu(bytes: Uint8Array, from: number, to: number): void {
    // The fragment that was promised did not come.
    this.#abandonObu();
    if (from === to) return;
    this.#obus += 1;
    if (this.#obus > MAX_OBUS) return this.#tellTooMany();
    const type = obuType(bytes[from] ?? 0);
    if (isFrame(type)) this.#unit.begin();
    else if (type === OBU.tileGroup && !this.#unit.hasBegun) this.damageUnit();
    this.#isInObu = true;
    this.#isLeftOut = isLeftOut(type);
    this.#obuStart = this.#slab.unitBytes;
    this.addFragment(bytes, from, to);
  }

  /** Goes on with the open OBU; without one, its beginning is missing. */
  addFragment(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#isInObu) this.damageUnit();
    else if (!this.#isLeftOut && !this.#slab.append(bytes, from, to)) this.#overflow();
  }

  /** Ends the open OBU, if there is one. */
  endObu(): void {
    if (!this.#isInObu) return;
    this.#isInObu = false;
    if (!this.#isLeftOut) this.#tellSize();
  }

  /** A part of the open temporal unit is missing. */
  damageUnit(): void {
    this.#unit.damage();
  }

  #tellTooMany(): void {
    this.damageUnit();
    if (this.#obus > MAX_OBUS + 1) return;
    this.#unit.tellMalformed(`reading AV1: a temporal unit of more than ${MAX_OBUS} OBUs`);
  }

  /** Ends the stream: a picture that waits for its end is left out. */
  flush(): void {
    this.#reset();
  }

  #tellSize(): void {
    const start = this.#obuStart;
    const [header = 0] = this.#slab.peek(start, start + 1);
    const payloadAt = start + obuHeaderBytes(header);
    const payloadBytes = this.#slab.unitBytes - payloadAt;
    if ((header & OBU_HAS_SIZE) !== 0) {
      const told = readLeb128(this.#slab.peek(payloadAt, this.#slab.unitBytes), 0, payloadBytes);
      // What it leaves over would be taken for other OBUs.
      if (told === undefined || told.end + told.value !== payloadBytes) this.damageUnit();
      return;
    }
    if (payloadBytes < 0) return this.damageUnit();
    this.#slab.writeByte(start, header | OBU_HAS_SIZE);
    if (!this.#slab.insert(payloadAt, leb128(payloadBytes))) this.#overflow();
  }

  #abandonObu(): void {
    if (!this.#isInObu) return;
    this.#isInObu = false;
    if (this.#isLeftOut) return;
    this.#slab.truncate(this.#obuStart);
    this.damageUnit();
  }

  #overflow(): void {
    this.#isInObu = false;
    this.#unit.overflow();
  }

  #endAtNewTime(): void {
    this.#abandonObu();
    if (this.#hasLost) this.damageUnit();
    this.#endedTimestamp = undefined;
    this.#endUnit();
  }

  #endUnit(): void {
    if (!this.#unit.isWhole() || !this.#emit()) this.#unit.drop();
    this.#reset();
  }

  #emit(): boolean {
    const found = this.#inspect();
    if (found === undefined) return false;
    const { isKey, track, missing } = found;
    if (this.#unit.awaitsKey(isKey)) return false;
    if (missing !== undefined && !this.#slab.insert(0, missing)) return false;
    return this.#unit.emit(track, isKey);
  }

  #inspect() {
    try {
      return this.#stream.follow(inspectTemporalUnit(this.#slab.peek(0, this.#slab.unitBytes)));
    } catch (error) {
      this.#unit.tellBitstreamError(error);
      return undefined;
    }
  }

  #reset(): void {
    this.#unit.reset();
    this.#isInObu = false;
    this.#obus = 0;
  }
}
