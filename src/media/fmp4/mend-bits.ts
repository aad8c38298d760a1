import { readExactly, type ByteSource } from './byte-source.ts';
import {
  checksumOf,
  findFlippedBit,
  FRAGMENT_CHECKSUM_BYTES,
  FRAGMENT_CHECKSUM_UUID,
  headSyndrome,
} from './checksum.ts';
import { readFragment, samplesSizeBytes } from './fragment-reader.ts';
import { readHeader, type Mp4Header } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';
import { RUN_POSITION_BYTES, RUN_POSITION_UUID } from './run-position.ts';

/** A byte of a file that has to be another one. */
export interface ByteMend {
  readonly positionBytes: number;
  readonly value: number;
}

const CHECKSUM_BYTES = 4;
const MAX_HEADER_BYTES = 2 ** 20;
const MAX_MOOF_BYTES = 2 ** 21;

/**
 * Finds the bit of a file's header that has flipped.
 * @returns undefined when it is not a single one.
 */
export async function mendHeader(source: ByteSource): Promise<ByteMend | undefined> {
  const start = await source.read(0, MAX_HEADER_BYTES);
  for (const endBytes of endsOf(start, RUN_POSITION_UUID, RUN_POSITION_BYTES)) {
    const mend = mendHead(start.subarray(0, endBytes), 0);
    if (mend === undefined) continue;
    const header = await readHeader(mended(source, mend)).catch(undefinedIfMalformed);
    if (header?.checksum === 'right') return mend;
  }
  return undefined;
}

/**
 * Finds the bit of a fragment that has flipped, be it in its `moof`, in the head of its `mdat` or in what that holds.
 * @param positionBytes where the fragment begins.
 * @returns undefined when it is not a single one.
 */
export async function mendFragment(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
): Promise<ByteMend | undefined> {
  const start = await source.read(positionBytes, MAX_MOOF_BYTES);
  for (const moofBytes of endsOf(start, FRAGMENT_CHECKSUM_UUID, FRAGMENT_CHECKSUM_BYTES)) {
    const moof = start.subarray(0, moofBytes);
    const mend =
      headSyndrome(moof) === 0
        ? await mendPayload(source, header, positionBytes, moofBytes)
        : mendHead(moof, positionBytes);
    if (mend === undefined) continue;
    const fragment = await readFragment(mended(source, mend), header, positionBytes).catch(
      undefinedIfMalformed,
    );
    if (fragment?.positionBytes === positionBytes && fragment.checksum === 'right') return mend;
  }
  return undefined;
}

/** Where a head may end, reckoned from the mark in its last box; the first of them are the likeliest. */
function* endsOf(start: Uint8Array, mark: Uint8Array, markToEndBytes: number): Generator<number> {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  // All of the mark, or half of it where the flipped bit is in the other half.
  const [left, right] = [mark.subarray(0, 8), mark.subarray(8)];
  for (const [part, skippedBytes] of [
    [left, 0],
    [right, 8],
  ] as const) {
    const at = bytes.indexOf(part);
    const endBytes = at - skippedBytes + markToEndBytes;
    if (at >= skippedBytes && endBytes <= bytes.length) yield endBytes;
  }
}

function mendHead(head: Uint8Array, positionBytes: number): ByteMend | undefined {
  const syndrome = headSyndrome(head);
  const coveredBytes = head.byteLength - CHECKSUM_BYTES;
  const flipped = findFlippedBit(syndrome, coveredBytes) ?? flippedInChecksum(syndrome, coveredBytes);
  return flipped && mendOf(head, flipped, positionBytes);
}

/** A syndrome of one bit can only be that of the checksum's own bit, which is stored big-endian. */
function flippedInChecksum(syndrome: number, checksumOffsetBytes: number) {
  if (syndrome === 0 || (syndrome & (syndrome - 1)) !== 0) return undefined;
  const bit = 31 - Math.clz32(syndrome);
  return { offsetBytes: checksumOffsetBytes + 3 - (bit >> 3), mask: 1 << (bit & 7) };
}

/** Behind a `moof` that is right: the head of the `mdat` follows from it, and its content has a checksum. */
async function mendPayload(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
  moofBytes: number,
): Promise<ByteMend | undefined> {
  const dataHead = await mendDataHead(source, header, positionBytes, moofBytes);
  if (dataHead !== undefined) return dataHead;
  const fragment = await readFragment(source, header, positionBytes).catch(undefinedIfMalformed);
  if (fragment?.payloadChecksum === undefined) return undefined;
  const startBytes = fragment.positionBytes + fragment.sizeBytes - fragment.dataSizeBytes;
  const payload = await readExactly(source, startBytes, fragment.dataSizeBytes);
  const syndrome = (checksumOf([payload]) ^ fragment.payloadChecksum) >>> 0;
  if (syndrome === 0) return undefined;
  const flipped = findFlippedBit(syndrome, payload.byteLength);
  return flipped && mendOf(payload, flipped, startBytes);
}

const DATA_HEAD_BYTES = 8;
const MDAT = Buffer.from('mdat');

async function mendDataHead(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
  moofBytes: number,
): Promise<ByteMend | undefined> {
  const startBytes = positionBytes + moofBytes;
  // As if the `mdat` reached to the end of the file, so that all samples lie in it.
  const greedy = Buffer.alloc(DATA_HEAD_BYTES);
  greedy.writeUInt32BE(Math.min(source.sizeBytes - startBytes, 2 ** 32 - 1));
  MDAT.copy(greedy, CHECKSUM_BYTES);
  const fragment = await readFragment(overlaid(source, startBytes, greedy), header, positionBytes).catch(
    undefinedIfMalformed,
  );
  if (fragment === undefined) return undefined;
  greedy.writeUInt32BE(DATA_HEAD_BYTES + samplesSizeBytes(fragment));
  const found = await readExactly(source, startBytes, DATA_HEAD_BYTES);
  const wrong = [...greedy.entries()].filter(([i, value]) => found[i] !== value);
  const [first] = wrong;
  return wrong.length === 1 && first !== undefined
    ? { positionBytes: startBytes + first[0], value: first[1] }
    : undefined;
}

function mendOf(
  bytes: Uint8Array,
  { offsetBytes, mask }: { readonly offsetBytes: number; readonly mask: number },
  positionBytes: number,
): ByteMend {
  return { positionBytes: positionBytes + offsetBytes, value: (bytes[offsetBytes] ?? 0) ^ mask };
}

function mended(source: ByteSource, { positionBytes, value }: ByteMend): ByteSource {
  return overlaid(source, positionBytes, Uint8Array.of(value));
}

/** The file as it would be with other bytes at a place. */
function overlaid(source: ByteSource, overlayBytes: number, overlay: Uint8Array): ByteSource {
  return {
    sizeBytes: source.sizeBytes,
    async read(positionBytes, lengthBytes) {
      const found = (await source.read(positionBytes, lengthBytes)).slice();
      for (const [i, value] of overlay.entries()) {
        const at = overlayBytes + i - positionBytes;
        if (at >= 0 && at < found.byteLength) found[at] = value;
      }
      return found;
    },
  };
}

function undefinedIfMalformed(error: unknown): undefined {
  if (!(error instanceof Mp4Error)) throw error;
  return undefined;
}
