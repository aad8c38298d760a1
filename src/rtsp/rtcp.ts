import { PrerollError } from '../base/error.ts';

/** A compound RTCP packet that does not follow RFC 3550. */
export class RtcpError extends PrerollError {
  readonly kind = 'rtcp';
}

/** RFC 3550 6.4.1. Of the report blocks a receiver like ours has no use. */
export interface SenderReport {
  readonly kind: 'sender-report';
  readonly ssrc: number;
  /** NTP time stamp: seconds since 1900 and 2^-32 parts of a second, 32 bits each. */
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  /** The same moment on the stream's RTP clock, 32 bits. */
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

export interface ReceiverReport {
  readonly kind: 'receiver-report';
  readonly ssrc: number;
  readonly blocks: readonly ReportBlock[];
}

/** How one source is received (RFC 3550 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Part of the packets since the last report that were lost, in 256ths, 0..255. */
  readonly fractionLost: number;
  /** Packets lost since the beginning, -2^23..2^23-1; duplicates make it negative. */
  readonly totalLost: number;
  /** Highest sequence number, with the number of its wraps in the upper 16 bits. */
  readonly highestSequence: number;
  /** In ticks of the stream's clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 if there was none. */
  readonly lastSenderReport: number;
  /** Since that report arrived, in 65536ths of a second. */
  readonly delaySinceLastSenderReport: number;
}

/** RFC 3550 6.6 */
export interface Bye {
  readonly kind: 'bye';
  readonly ssrcs: readonly number[];
  readonly reason: string;
}

/** RFC 3550 6.5: canonical names by source. */
export interface SourceDescription {
  readonly kind: 'source-description';
  readonly names: readonly { readonly ssrc: number; readonly cname: string }[];
}

/** A packet of a kind that we have no use for. */
export interface OtherRtcp {
  readonly kind: 'other';
  readonly packetType: number;
}

export type RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Bye | OtherRtcp;

const TYPE = { senderReport: 200, receiverReport: 201, sourceDescription: 202, bye: 203 } as const;
const CNAME_ITEM = 1;
const BLOCK_BYTES = 24;
/** Packets in one compound packet that we read; a camera sends two or three. */
const MAX_PACKETS = 32;

/**
 * Reads a compound packet (RFC 3550 6.1).
 * @throws RtcpError
 */
export function parseRtcp(bytes: Uint8Array): RtcpPacket[] {
  const packets: RtcpPacket[] = [];
  for (let at = 0; at < bytes.length;) {
    if (packets.length >= MAX_PACKETS) throw new RtcpError(`reading RTCP: more than ${MAX_PACKETS} packets`);
    const view = packetAt(bytes, at);
    packets.push(readPacket(view));
    at += view.byteLength;
  }
  return packets;
}

/** One packet of the compound, its header included. */
function packetAt(bytes: Uint8Array, at: number): DataView {
  const rest = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
  if (rest.byteLength < 4) throw new RtcpError(`reading RTCP: ${rest.byteLength} bytes left at byte ${at}`);
  if (rest.getUint8(0) >> 6 !== 2) throw new RtcpError(`reading RTCP: no version 2 at byte ${at}`);
  const length = 4 + 4 * rest.getUint16(2);
  if (length > rest.byteLength) throw new RtcpError(`reading RTCP: the packet at byte ${at} is cut short`);
  return new DataView(rest.buffer, rest.byteOffset, length);
}

function readPacket(view: DataView): RtcpPacket {
  const packetType = view.getUint8(1);
  const count = view.getUint8(0) & 0x1f;
  switch (packetType) {
    case TYPE.senderReport:
      return readSenderReport(view);
    case TYPE.receiverReport:
      return readReceiverReport(view, count);
    case TYPE.sourceDescription:
      return readSourceDescription(view, count);
    case TYPE.bye:
      return readBye(view, count);
    default:
      return { kind: 'other', packetType };
  }
}

function readSenderReport(view: DataView): SenderReport {
  requireBytes(view, 28, 'sender report');
  return {
    kind: 'sender-report',
    ssrc: view.getUint32(4),
    ntpSeconds: view.getUint32(8),
    ntpFraction: view.getUint32(12),
    rtpTimestamp: view.getUint32(16),
    packetCount: view.getUint32(20),
    octetCount: view.getUint32(24),
  };
}

function readReceiverReport(view: DataView, count: number): ReceiverReport {
  requireBytes(view, 8 + count * BLOCK_BYTES, 'receiver report');
  const blocks = Array.from({ length: count }, (_, block) => readBlock(view, 8 + block * BLOCK_BYTES));
  return { kind: 'receiver-report', ssrc: view.getUint32(4), blocks };
}

function readBlock(view: DataView, at: number): ReportBlock {
  return {
    ssrc: view.getUint32(at),
    fractionLost: view.getUint8(at + 4),
    totalLost: (view.getInt32(at + 4) << 8) >> 8,
    highestSequence: view.getUint32(at + 8),
    jitter: view.getUint32(at + 12),
    lastSenderReport: view.getUint32(at + 16),
    delaySinceLastSenderReport: view.getUint32(at + 20),
  };
}

function readSourceDescription(view: DataView, count: number): SourceDescription {
  const names: { ssrc: number; cname: string }[] = [];
  let at = 4;
  for (let chunk = 0; chunk < count; chunk += 1) {
    requireBytes(view, at + 4, 'source description');
    const ssrc = view.getUint32(at);
    at += 4;
    while (at < view.byteLength && view.getUint8(at) !== 0) {
      requireBytes(view, at + 2, 'source description');
      const end = at + 2 + view.getUint8(at + 1);
      requireBytes(view, end, 'source description');
      if (view.getUint8(at) === CNAME_ITEM) names.push({ ssrc, cname: text(view, at + 2, end) });
      at = end;
    }
    // A chunk ends with one to four zeros, on a multiple of four bytes.
    at += 4 - (at % 4);
  }
  return { kind: 'source-description', names };
}

function readBye(view: DataView, count: number): Bye {
  const reasonAt = 4 + 4 * count;
  requireBytes(view, reasonAt, 'BYE');
  const ssrcs = Array.from({ length: count }, (_, source) => view.getUint32(4 + 4 * source));
  if (view.byteLength === reasonAt) return { kind: 'bye', ssrcs, reason: '' };
  const end = reasonAt + 1 + view.getUint8(reasonAt);
  requireBytes(view, end, 'BYE');
  return { kind: 'bye', ssrcs, reason: text(view, reasonAt + 1, end) };
}

function requireBytes(view: DataView, bytes: number, what: string): void {
  if (view.byteLength < bytes) {
    throw new RtcpError(`reading an RTCP ${what}: ${bytes} bytes needed, ${view.byteLength} found`);
  }
}

function text(view: DataView, from: number, to: number): string {
  return Buffer.from(view.buffer, view.byteOffset + from, to - from).toString('utf8');
}

/**
 * A compound packet of a receiver report and the canonical name that RFC 3550 6.1 wants with it.
 * @param ssrc our own, which must differ from those of the blocks.
 * @param cname at most 255 bytes in UTF-8.
 */
export function buildReceiverReport(ssrc: number, blocks: readonly ReportBlock[], cname: string): Uint8Array {
  const reportBytes = 8 + blocks.length * BLOCK_BYTES;
  const name = Buffer.from(cname, 'utf8').subarray(0, 255);
  const chunkBytes = 4 * Math.ceil((4 + 2 + name.length + 1) / 4);
  const packet = Buffer.alloc(reportBytes + 4 + chunkBytes);
  packet[0] = 0x80 | blocks.length;
  packet[1] = TYPE.receiverReport;
  packet.writeUInt16BE(reportBytes / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  blocks.forEach((block, index) => writeBlock(packet, 8 + index * BLOCK_BYTES, block));
  packet[reportBytes] = 0x81;
  packet[reportBytes + 1] = TYPE.sourceDescription;
  packet.writeUInt16BE(chunkBytes / 4, reportBytes + 2);
  packet.writeUInt32BE(ssrc, reportBytes + 4);
  packet[reportBytes + 8] = CNAME_ITEM;
  packet[reportBytes + 9] = name.length;
  packet.set(name, reportBytes + 10);
  return packet;
}

function writeBlock(packet: Buffer, at: number, block: ReportBlock): void {
  packet.writeUInt32BE(block.ssrc, at);
  packet.writeInt32BE(block.totalLost, at + 4);
  packet[at + 4] = block.fractionLost;
  packet.writeUInt32BE(block.highestSequence, at + 8);
  packet.writeUInt32BE(block.jitter, at + 12);
  packet.writeUInt32BE(block.lastSenderReport, at + 16);
  packet.writeUInt32BE(block.delaySinceLastSenderReport, at + 20);
}
