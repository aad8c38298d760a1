import { leb128, OBU, OBU_HAS_SIZE, obuHeaderBytes, obuType, readObus } from '../../media/obu.ts';
import { totalBytes, type RtpBatch, type RtpWriter } from './rtp-writer.ts';

/** Bits of the aggregation header ("RTP Payload Format For AV1" 4.4). */
const CONTINUES = 0x80;
const GOES_ON = 0x40;
const ONE_ELEMENT = 0x10;
const NEW_SEQUENCE = 0x08;

/**
 * Packs one temporal unit ("RTP Payload Format For AV1" 4.4): units that exceed a packet in fragments, the others one a packet
 * or, where `aggregates`, together. Their sizes are left out, as that recommends.
 * @param obus in decoding order, each with its size, without temporal delimiters.
 */
export function packetizeAv1(
  writer: RtpWriter,
  obus: readonly Uint8Array[],
  timestamp: number,
  aggregates: boolean,
): RtpBatch {
  writer.begin(timestamp, totalBytes(obus));
  const elements = obus.map(withoutSize);
  const newSequence = obuType(elements[0]?.[0] ?? 0) === OBU.sequenceHeader ? NEW_SEQUENCE : 0;
  for (let index = 0; index < elements.length;) {
    const flags = index === 0 ? newSequence : 0;
    const count = aggregates ? elementsThatFit(elements, index, writer.maxPayloadBytes) : 1;
    if (count > 1) writeTogether(writer, elements.slice(index, index + count), flags);
    else writeAlone(writer, elements[index] ?? new Uint8Array(0), flags);
    index += count;
  }
  return writer.finish();
}

function withoutSize(bytes: Uint8Array): Uint8Array {
  const [obu] = readObus(bytes);
  if (obu === undefined) return bytes;
  const header = bytes[0] ?? 0;
  return Buffer.concat([
    Uint8Array.of(header & ~OBU_HAS_SIZE),
    bytes.subarray(1, obuHeaderBytes(header)),
    obu.payload,
  ]);
}

function elementsThatFit(elements: readonly Uint8Array[], first: number, maxPayloadBytes: number): number {
  let used = 1;
  let count = 0;
  for (const element of elements.slice(first)) {
    used += leb128(element.byteLength).byteLength + element.byteLength;
    if (used > maxPayloadBytes) break;
    count += 1;
  }
  return Math.max(1, count);
}

/** Up to three elements can be counted, of which the last says no length; of more each says it. */
function writeTogether(writer: RtpWriter, elements: readonly Uint8Array[], flags: number): void {
  const isCounted = elements.length <= 3;
  writer.open();
  writer.writeByte(flags | (isCounted ? elements.length * ONE_ELEMENT : 0));
  for (const [index, element] of elements.entries()) {
    if (!isCounted || index < elements.length - 1) {
      const length = leb128(element.byteLength);
      writer.write(length, 0, length.byteLength);
    }
    writer.write(element, 0, element.byteLength);
  }
}

function writeAlone(writer: RtpWriter, element: Uint8Array, flags: number): void {
  const fragmentBytes = writer.maxPayloadBytes - 1;
  for (let at = 0; at < element.byteLength; at += fragmentBytes) {
    const end = Math.min(element.byteLength, at + fragmentBytes);
    const continues = at > 0 ? CONTINUES : flags;
    writer.open();
    writer.writeByte(continues | (end < element.byteLength ? GOES_ON : 0) | ONE_ELEMENT);
    writer.write(element, at, end);
  }
}
