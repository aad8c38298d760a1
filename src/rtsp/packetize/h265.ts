import { unitsThatFit } from './aggregation.ts';
import { totalBytes, type RtpBatch, type RtpWriter } from './rtp-writer.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;
const NAL_HEADER_BYTES = 2;

/**
 * Packs one access unit by RFC 7798: single NAL units (4.4.1), fragmentation units for those that exceed a packet
 * (4.4.3), and aggregation packets for neighbours that share one (4.4.2) where `aggregates`. No decoding order
 * numbers. `nals` are bare, in decoding order.
 */
export function packetizeH265(
  writer: RtpWriter,
  nals: readonly Uint8Array[],
  timestamp: number,
  aggregates: boolean,
): RtpBatch {
  writer.begin(timestamp, totalBytes(nals));
  for (let index = 0; index < nals.length;) {
    const count = aggregates ? unitsThatFit(nals, index, writer.maxPayloadBytes, NAL_HEADER_BYTES) : 1;
    if (count > 1) writeAggregate(writer, nals.slice(index, index + count));
    else writeUnit(writer, nals[index] ?? new Uint8Array(0));
    index += count;
  }
  return writer.finish();
}

/** The header of an aggregation packet: lowest layer id and lowest temporal id of its units (4.4.2). */
function writeAggregate(writer: RtpWriter, nals: readonly Uint8Array[]): void {
  const headers = nals.map((nal) => ((nal[0] ?? 0) << 8) | (nal[1] ?? 0));
  const layer = Math.min(...headers.map((header) => (header >> 3) & 0x3f));
  const temporal = Math.min(...headers.map((header) => header & 7));
  writer.open();
  writer.writeShort((AGGREGATION << 9) | (layer << 3) | temporal);
  for (const nal of nals) {
    writer.writeShort(nal.length);
    writer.write(nal, 0, nal.length);
  }
}

function writeUnit(writer: RtpWriter, nal: Uint8Array): void {
  if (nal.length <= writer.maxPayloadBytes) {
    writer.open();
    writer.write(nal, 0, nal.length);
    return;
  }
  const first = nal[0] ?? 0;
  const type = (first >> 1) & 0x3f;
  const fragmentBytes = writer.maxPayloadBytes - NAL_HEADER_BYTES - 1;
  for (let at = NAL_HEADER_BYTES; at < nal.length; at += fragmentBytes) {
    const end = Math.min(nal.length, at + fragmentBytes);
    writer.open();
    writer.writeByte((first & 0x81) | (FRAGMENTATION << 1));
    writer.writeByte(nal[1] ?? 0);
    writer.writeByte((at === NAL_HEADER_BYTES ? 0x80 : 0) | (end === nal.length ? 0x40 : 0) | type);
    writer.write(nal, at, end);
  }
}
