import { crc32 } from 'node:zlib';
import { bytesEqual } from '../nal.ts';
import { box, bytes, u32, type Part } from './box.ts';
import { readFullBoxHead, type ChildBox } from './box-reader.ts';

/*
 * Disks return wrong bytes at times, and MP4 has no checksums. Ours are CRC-32 (ISO 3309, as zlib reckons it): they cost
 * nothing next to writing, notice every short damage, and tell which bit it was that flipped (`findFlippedBit`).
 */

/** Marks our box among the `uuid` boxes of ISO 14496-12 11.1: 16 random bytes. Players skip it. */
export const FRAGMENT_CHECKSUM_UUID = Uint8Array.of(
  0x8e,
  0x2b,
  0x61,
  0xd4,
  0x0f,
  0x97,
  0x4c,
  0x3a,
  0x9d,
  0x15,
  0xe8,
  0x70,
  0x44,
  0xc6,
  0x2f,
  0xb1,
);
/** From the start of that UUID to the end of its box. */
export const FRAGMENT_CHECKSUM_BYTES = 16 + 4 + 4 + 4;
const CHECKSUM_BYTES = 4;

/**
 * The last box of a `moof`: version and flags (zero), the checksum of its `mdat`'s content, and that of the `moof` itself up to
 * this field, which `sealHead` fills in.
 */
export function fragmentChecksumBox(payloadChecksum: number): Part {
  return box('uuid', bytes(FRAGMENT_CHECKSUM_UUID), u32(0, payloadChecksum, 0));
}

/** The payload's checksum, when the last of these boxes is a `fragmentChecksumBox`; else undefined. */
export function readPayloadChecksum(boxes: readonly ChildBox[]): number | undefined {
  const last = boxes.at(-1);
  if (last?.type !== 'uuid' || last.content.remainingBytes !== FRAGMENT_CHECKSUM_BYTES) return undefined;
  if (!bytesEqual(last.content.take(FRAGMENT_CHECKSUM_UUID.byteLength), FRAGMENT_CHECKSUM_UUID))
    return undefined;
  return readFullBoxHead(last.content).version === 0 ? last.content.u32() : undefined;
}

/** @param before the checksum of what comes before these pieces. */
export function checksumOf(pieces: readonly Uint8Array[], before = 0): number {
  return pieces.reduce((checksum, piece) => crc32(piece, checksum), before);
}

/** Writes the checksum of all before it into the last four bytes of `head`, a header or a `moof`. */
export function sealHead(head: Uint8Array): void {
  viewOf(head).setUint32(head.byteLength - CHECKSUM_BYTES, checksumOf([covered(head)]));
}

/** How the checksum at the end of `head` differs from what it should be, bit by bit: 0 if it does not. */
export function headSyndrome(head: Uint8Array): number {
  return (viewOf(head).getUint32(head.byteLength - CHECKSUM_BYTES) ^ checksumOf([covered(head)])) >>> 0;
}

/** Whether a header or a `moof` is as it was written; `none` for one that other programs wrote. */
export type HeadChecksum = 'right' | 'wrong' | 'none';

export function judgeHead(head: Uint8Array): HeadChecksum {
  return headSyndrome(head) === 0 ? 'right' : 'wrong';
}

function covered(head: Uint8Array): Uint8Array {
  return head.subarray(0, head.byteLength - CHECKSUM_BYTES);
}

function viewOf(head: Uint8Array): DataView {
  return new DataView(head.buffer, head.byteOffset, head.byteLength);
}

/** The polynomial of CRC-32, its bits reversed, without the highest. */
const POLYNOMIAL = 0xedb88320;

/**
 * Which bit of a message has flipped since its checksum was taken, if it was a single one.
 * @param syndrome the exclusive or of its checksum then and now.
 * @param lengthBytes of the message, below 512 MiB.
 * @returns the byte it is in, and a mask of the bit; undefined if more than one flipped, or one of the checksum itself.
 */
export function findFlippedBit(
  syndrome: number,
  lengthBytes: number,
): { readonly offsetBytes: number; readonly mask: number } | undefined {
  // CRC-32 is linear: the syndrome of a flipped bit depends on its distance to the message's end alone, and each bit has
  // another one. A byte's lowest bit is its first.
  let register = 1;
  for (let distanceBits = 1; distanceBits <= 8 * lengthBytes; distanceBits += 1) {
    register = (register >>> 1) ^ ((register & 1) === 1 ? POLYNOMIAL : 0);
    if (register >>> 0 !== syndrome) continue;
    const bytesToEnd = Math.ceil(distanceBits / 8);
    return { offsetBytes: lengthBytes - bytesToEnd, mask: 1 << (8 * bytesToEnd - distanceBits) };
  }
  return undefined;
}
