import type { RtpBatch, RtpWriter } from './rtp-writer.ts';

/**
 * Packs what is a packet of RTP as it is: samples (RFC 3551 4.5), or a packet of Opus (RFC 7587 4.2).
 * @throws RangeError for one that does not fit.
 */
export function packetizeWhole(writer: RtpWriter, unit: Uint8Array, timestamp: number): RtpBatch {
  if (unit.length > writer.maxPayloadBytes) {
    throw new RangeError(`A packet of ${unit.length} bytes: it cannot be divided`);
  }
  writer.begin(timestamp, unit.length);
  writer.open();
  writer.write(unit, 0, unit.length);
  return writer.finish();
}
