import type { RtpBatch, RtpWriter } from './rtp-writer.ts';

/** Largest access unit that the 13-bit size of AAC-hbr can tell. */
export const MAX_AAC_UNIT_BYTES = 8191;
const AU_HEADERS_BYTES = 4;

/**
 * Packs one AAC access unit by RFC 3640 in mode AAC-hbr (3.3.6: size 13 bits, index 3 bits): one unit a packet, or
 * fragments that each repeat the unit's whole size (3.2.3.1).
 * @throws RangeError for a unit of more than 8191 bytes.
 */
export function packetizeAac(writer: RtpWriter, unit: Uint8Array, timestamp: number): RtpBatch {
  if (unit.length > MAX_AAC_UNIT_BYTES) {
    throw new RangeError(`An AAC access unit of ${unit.length} bytes: AAC-hbr allows ${MAX_AAC_UNIT_BYTES}`);
  }
  writer.begin(timestamp, unit.length);
  const fragmentBytes = writer.maxPayloadBytes - AU_HEADERS_BYTES;
  for (let at = 0; at < unit.length; at += fragmentBytes) {
    writer.open();
    writer.writeShort(16);
    writer.writeShort(unit.length << 3);
    writer.write(unit, at, Math.min(unit.length, at + fragmentBytes));
  }
  return writer.finish();
}
