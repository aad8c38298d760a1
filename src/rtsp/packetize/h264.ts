import { unitsThatFit } from './aggregation.ts';
import { totalBytes, type RtpBatch, type RtpWriter } from './rtp-writer.ts';

const STAP_A = 24;
const FU_A = 28;

/**
 * Packs one access unit by RFC 6184 in the non-interleaved mode (5.4, packetization-mode=1): single NAL units (5.6),
 * FU-A for those that exceed a packet (5.8), and STAP-A for neighbours that share one (5.7.1) where `aggregates`.
 * `nals` are bare, in decoding order.
 */
export function packetizeH264(
  writer: RtpWriter,
  nals: readonly Uint8Array[],
  timestamp: number,
  aggregates: boolean,
): RtpBatch {
  writer.begin(timestamp, totalBytes(nals));
  for (let index = 0; index < nals.length;) {
    const count = aggregates ? unitsThatFit(nals, index, writer.maxPayloadBytes, 1) : 1;
    if (count > 1) writeAggregate(writer, nals.slice(index, index + count));
    else writeUnit(writer, nals[index] ?? new Uint8Array(0));
    index += count;
  }
  return writer.finish();
}

function writeAggregate(writer: RtpWriter, nals: readonly Uint8Array[]): void {
  const importance = nals.reduce((highest, nal) => Math.max(highest, (nal[0] ?? 0) & 0x60), 0);
  writer.open();
  writer.writeByte(importance | STAP_A);
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
  const header = nal[0] ?? 0;
  const fragmentBytes = writer.maxPayloadBytes - 2;
  for (let at = 1; at < nal.length; at += fragmentBytes) {
    const end = Math.min(nal.length, at + fragmentBytes);
    writer.open();
    writer.writeByte((header & 0xe0) | FU_A);
    writer.writeByte((at === 1 ? 0x80 : 0) | (end === nal.length ? 0x40 : 0) | (header & 0x1f));
    writer.write(nal, at, end);
  }
}
