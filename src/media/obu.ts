import { BitstreamError } from './bit-reader.ts';

/** OBU types (AV1 6.2.2). */
export const OBU = {
  sequenceHeader: 1,
  temporalDelimiter: 2,
  frameHeader: 3,
  tileGroup: 4,
  metadata: 5,
  frame: 6,
  redundantFrameHeader: 7,
  tileList: 8,
  padding: 15,
} as const;

/** Bits of an OBU's first byte (AV1 5.3.2). */
export const OBU_HAS_SIZE = 0x02;
const OBU_HAS_EXTENSION = 0x04;
const OBU_FORBIDDEN = 0x80;
/** A number takes no more bytes, and is below 2^32 (AV1 4.10.5). */
const LEB128_MOST_BYTES = 8;

/** One open bitstream unit: its header of one or two bytes, its size where it says so, its payload. */
export interface Obu {
  readonly type: number;
  /** The whole of it. A view. */
  readonly bytes: Uint8Array;
  /** What stands behind header and size. A view. */
  readonly payload: Uint8Array;
}

/** A number, and where it ends. */
export interface Leb128 {
  readonly value: number;
  readonly end: number;
}

/**
 * Reads a number of seven bits a byte, the lowest first (AV1 4.10.5).
 * @returns undefined for one that the bytes end in before `to`, or that is none.
 */
export function readLeb128(bytes: Uint8Array, at: number, to: number): Leb128 | undefined {
  let value = 0;
  for (let index = 0; index < LEB128_MOST_BYTES && at + index < to; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value < 2 ** 32 ? { value, end: at + index + 1 } : undefined;
  }
  return undefined;
}

/** The shortest form of a number below 2^32. */
export function leb128(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push(0x80 | (left % 128));
  return Uint8Array.of(...bytes, left);
}

export function obuType(header: number): number {
  return (header >> 3) & 0x0f;
}

/** Length of a header that begins with this byte, in bytes. */
export function obuHeaderBytes(header: number): 1 | 2 {
  return (header & OBU_HAS_EXTENSION) === 0 ? 1 : 2;
}

/**
 * The units of a stream in which each says its size; the last one may leave it out and goes to the end then.
 * @throws BitstreamError for a unit that is none or passes the end, after those before it.
 */
export function* readObus(bytes: Uint8Array): Generator<Obu> {
  for (let at = 0; at < bytes.byteLength;) {
    const header = bytes[at] ?? 0;
    if ((header & OBU_FORBIDDEN) !== 0) throw new BitstreamError('reading an OBU: its forbidden bit is set');
    const sizeAt = at + obuHeaderBytes(header);
    const size =
      (header & OBU_HAS_SIZE) === 0
        ? { value: bytes.byteLength - sizeAt, end: sizeAt }
        : readLeb128(bytes, sizeAt, bytes.byteLength);
    const end = size === undefined ? Number.POSITIVE_INFINITY : size.end + size.value;
    if (size === undefined || size.value < 0 || end > bytes.byteLength) {
      throw new BitstreamError(`reading an OBU: it passes the end, ${bytes.byteLength - at} bytes away`);
    }
    yield {
      type: obuType(header),
      bytes: bytes.subarray(at, end),
      payload: bytes.subarray(size.end, end),
    };
    at = end;
  }
}

/** The unit with its size told, in the shortest form; itself where it tells it already. */
export function withSize({ bytes, payload }: Obu): Uint8Array {
  const header = bytes[0] ?? 0;
  if ((header & OBU_HAS_SIZE) !== 0) return bytes;
  const headerBytes = obuHeaderBytes(header);
  const size = leb128(payload.byteLength);
  const sized = new Uint8Array(bytes.byteLength + size.byteLength);
  sized.set(bytes.subarray(0, headerBytes));
  sized[0] = header | OBU_HAS_SIZE;
  sized.set(size, headerBytes);
  sized.set(payload, headerBytes + size.byteLength);
  return sized;
}
