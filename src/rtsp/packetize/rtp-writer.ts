/** Bytes of `$`, channel and length before each packet (RFC 2326 10.12). */
export const FRAME_HEADER_BYTES = 4;
/** RTP header without extension or contributing sources (RFC 3550 5.1). */
const RTP_HEADER_BYTES = 12;
/** Largest RTP packet by default: fits a 1500-byte Ethernet frame with room for tunnels. */
export const DEFAULT_MAX_PACKET_BYTES = 1400;

/**
 * The RTP packets of one access unit, one after the other in one buffer, each behind an interleaved header whose
 * channel byte is that of the writer. The whole buffer can thus go to a TCP client in one write. Immutable.
 */
export interface RtpBatch {
  readonly bytes: Buffer;
  /** Offsets of the interleaved headers, ascending. */
  readonly starts: readonly number[];
}

/** The packets of a batch without their interleaved headers, as views. */
export function packetsOf(batch: RtpBatch): Buffer[] {
  return batch.starts.map((start, index) =>
    batch.bytes.subarray(start + FRAME_HEADER_BYTES, batch.starts[index + 1] ?? batch.bytes.length),
  );
}

export interface RtpWriterOptions {
  /** 0..127. */
  readonly payloadType: number;
  readonly ssrc: number;
  /** Of the first packet, 16 bit. */
  readonly sequence: number;
  /** Interleaved channel put before each packet. */
  readonly channel: number;
  /** RTP header included; default 1400, at least 64, at most 65,535. */
  readonly maxPacketBytes?: number | undefined;
}

/**
 * Writes the RTP packets of one track (RFC 3550 5.1). A packetizer calls, per access unit, `begin`, then for each
 * packet `open` and the writes, then `finish`.
 */
export class RtpWriter {
  readonly maxPayloadBytes: number;
  readonly #payloadType: number;
  readonly #ssrc: number;
  readonly #channel: number;
  #sequence: number;
  #timestamp = 0;
  #bytes = Buffer.alloc(0);
  #length = 0;
  #starts: number[] = [];

  /** @throws RangeError for a packet size out of range. */
  constructor(options: RtpWriterOptions) {
    const maxPacketBytes = options.maxPacketBytes ?? DEFAULT_MAX_PACKET_BYTES;
    if (!(maxPacketBytes >= 64 && maxPacketBytes <= 65_535)) {
      throw new RangeError(`RTP packets of at most ${maxPacketBytes} bytes: expected 64 to 65535`);
    }
    this.maxPayloadBytes = maxPacketBytes - RTP_HEADER_BYTES;
    this.#payloadType = options.payloadType;
    this.#ssrc = options.ssrc;
    this.#channel = options.channel;
    this.#sequence = options.sequence % 65_536;
  }

  /** The sequence number that the next packet will carry, 16 bit. */
  get nextSequence(): number {
    return this.#sequence;
  }

  /** Begins an access unit of about `payloadBytes`; `timestamp` is taken modulo 2^32. */
  begin(timestamp: number, payloadBytes: number): void {
    this.#timestamp = ((timestamp % 0x1_0000_0000) + 0x1_0000_0000) % 0x1_0000_0000;
    const packets = Math.ceil(payloadBytes / this.maxPayloadBytes) + 8;
    this.#bytes = Buffer.allocUnsafe(payloadBytes + packets * (FRAME_HEADER_BYTES + RTP_HEADER_BYTES + 4));
    this.#length = 0;
    this.#starts = [];
  }

  /** Begins a packet; its marker bit is clear until `finish` sets that of the last. */
  open(): void {
    this.#closePacket();
    this.#reserve(FRAME_HEADER_BYTES + RTP_HEADER_BYTES);
    const start = this.#length;
    this.#starts.push(start);
    const bytes = this.#bytes;
    bytes[start] = 0x24;
    bytes[start + 1] = this.#channel;
    bytes[start + 4] = 0x80;
    bytes[start + 5] = this.#payloadType;
    bytes.writeUInt16BE(this.#sequence, start + 6);
    bytes.writeUInt32BE(this.#timestamp, start + 8);
    bytes.writeUInt32BE(this.#ssrc, start + 12);
    this.#sequence = (this.#sequence + 1) % 65_536;
    this.#length = start + FRAME_HEADER_BYTES + RTP_HEADER_BYTES;
  }

  writeByte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Big-endian, 16 bit. */
  writeShort(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
  }

  write(from: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    this.#bytes.set(start === 0 && end === from.length ? from : from.subarray(start, end), this.#length);
    this.#length += end - start;
  }

  /** Ends the access unit, with the marker bit on its last packet. */
  finish(): RtpBatch {
    this.#closePacket();
    const last = this.#starts.at(-1);
    if (last !== undefined) this.#bytes[last + 5] = this.#payloadType | 0x80;
    return { bytes: this.#bytes.subarray(0, this.#length), starts: this.#starts };
  }

  #closePacket(): void {
    const start = this.#starts.at(-1);
    if (start !== undefined) this.#bytes.writeUInt16BE(this.#length - start - FRAME_HEADER_BYTES, start + 2);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + count) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Bytes of all NAL units or samples together. */
export function totalBytes(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
