import type { MonotonicMs } from '../../base/time.ts';
import type { LentMemory } from '../../media/slab.ts';
import { readLeb128 } from '../../media/obu.ts';
import type { RtpPacket } from '../rtp.ts';
import { MAX_AGGREGATED_UNITS, type AccessUnitSink, type Depacketizer } from './depacketizer.ts';
import { TemporalUnitAssembler } from './temporal-unit-assembler.ts';

/** Bits of the aggregation header ("RTP Payload Format For AV1" 4.4). */
const CONTINUES = 0x80;
const GOES_ON = 0x40;

/**
 * AV1 in RTP ("RTP Payload Format For AV1" of the Alliance for Open Media): after a byte of header, elements that are OBUs
 * or, at either end, fragments of one. Neither the session description nor the header's N bit is needed: key frames bring
 * their sequence header.
 */
export class Av1Depacketizer implements Depacketizer {
  readonly #assembler: TemporalUnitAssembler;
  readonly #sink: AccessUnitSink;

  /** @param index of the track. */
  constructor(index: number, sink: AccessUnitSink) {
    this.#assembler = new TemporalUnitAssembler(index, sink);
    this.#sink = sink;
  }

  get droppedUnits(): number {
    return this.#assembler.droppedUnits;
  }

  push(rtp: RtpPacket, arrivalMs: MonotonicMs): void {
    if (rtp.payloadStart === rtp.payloadEnd) return;
    this.#assembler.beginPacket(rtp, arrivalMs);
    if (!this.#pushElements(rtp)) {
      this.#assembler.damageUnit();
      const reason = 'reading AV1: a packet whose sizes do not add up, or of too many OBUs';
      this.#sink.onProblem({ kind: 'malformed', sequence: rtp.sequence, reason });
    }
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

  /** Where elements are counted, the last says no length. @returns whether all could be read. */
  #pushElements({ bytes, payloadStart, payloadEnd }: RtpPacket): boolean {
    const header = bytes[payloadStart] ?? 0;
    const counted = (header >> 4) & 3;
    let elements = 0;
    for (let at = payloadStart + 1; at < payloadEnd;) {
      elements += 1;
      if (elements > MAX_AGGREGATED_UNITS) return false;
      const length =
        elements === counted ? { value: payloadEnd - at, end: at } : readLeb128(bytes, at, payloadEnd);
      if (length === undefined || length.end + length.value > payloadEnd) return false;
      const end = length.end + length.value;
      const isContinued = elements === 1 && (header & CONTINUES) !== 0;
      this.#pushElement(bytes, length.end, end, isContinued);
      if (end < payloadEnd || (header & GOES_ON) === 0) this.#assembler.endObu();
      at = end;
    }
    return elements >= counted;
  }

  #pushElement(bytes: Uint8Array, from: number, to: number, isContinued: boolean): void {
    if (isContinued) this.#assembler.addFragment(bytes, from, to);
    else this.#assembler.beginObu(bytes, from, to);
  }
}
