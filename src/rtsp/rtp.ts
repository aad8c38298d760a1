const VERSION = 2;
const FIXED_HEADER_BYTES = 12;
const NO_BYTES = new Uint8Array(0);

/**
 * One RTP packet (RFC 3550 5.1), a view that `parse` fills in place so that a stream needs one object, not one a
 * packet. The payload is `bytes[payloadStart..payloadEnd)`, without header extension and padding; may be empty.
 */
export class RtpPacket {
  marker = false;
  /** 0..127 */
  payloadType = 0;
  /** 16 bits, wraps. */
  sequence = 0;
  /** 32 bits, wraps; always a non-negative number. */
  timestamp = 0;
  ssrc = 0;
  bytes: Uint8Array = NO_BYTES;
  payloadStart = 0;
  payloadEnd = 0;

  /**
   * Reads the header of `bytes[from..to)`, which stay the caller's.
   * @returns false if that is no RTP packet; the fields are then meaningless.
   */
  parse(bytes: Uint8Array, from = 0, to = bytes.length): boolean {
    if (to - from < FIXED_HEADER_BYTES) return false;
    const flags = bytes[from] ?? 0;
    if (flags >> 6 !== VERSION) return false;
    const markerAndType = bytes[from + 1] ?? 0;
    let start = from + FIXED_HEADER_BYTES + (flags & 0x0f) * 4;
    if ((flags & 0x10) !== 0) {
      if (start + 4 > to) return false;
      start += 4 + readU16(bytes, start + 2) * 4;
    }
    let end = to;
    if (start > end) return false;
    if ((flags & 0x20) !== 0) {
      const paddingBytes = bytes[end - 1] ?? 0;
      if (paddingBytes === 0 || start + paddingBytes > end) return false;
      end -= paddingBytes;
    }
    this.marker = markerAndType >= 0x80;
    this.payloadType = markerAndType & 0x7f;
    this.sequence = readU16(bytes, from + 2);
    this.timestamp = readU32(bytes, from + 4);
    this.ssrc = readU32(bytes, from + 8);
    this.bytes = bytes;
    this.payloadStart = start;
    this.payloadEnd = end;
    return true;
  }
}

/** Signed distance `to - from` of two 16-bit sequence numbers, -32768..32767. */
export function sequenceDistance(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** Signed distance `to - from` of two 32-bit RTP time stamps, in ticks. */
export function timestampDistance(from: number, to: number): number {
  return (to - from) | 0;
}

function readU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function readU32(bytes: Uint8Array, at: number): number {
  return ((readU16(bytes, at) << 16) | readU16(bytes, at + 2)) >>> 0;
}
