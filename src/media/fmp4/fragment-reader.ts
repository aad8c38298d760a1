import { readBoxHeader, readChildren, readContent, readFullBoxHead, requireChild } from './box-reader.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { readExactly, type ByteSource } from './byte-source.ts';
import { judgeHead, readPayloadChecksum, type HeadChecksum } from './checksum.ts';
import type { Mp4Header } from './header-reader.ts';
import { Mp4Error } from './mp4-error.ts';
import { parseTrackFragment, type FragmentPlace, type Mp4Run } from './track-fragment-reader.ts';

/** One `moof` with its `mdat`. */
export interface Mp4Fragment {
  readonly positionBytes: number;
  readonly sizeBytes: number;
  /** What its `mdat` holds. */
  readonly dataSizeBytes: number;
  readonly sequenceNumber: number;
  /** Of the content of its `mdat` (`checksumOf`); undefined where it does not say. */
  readonly payloadChecksum: number | undefined;
  /** Of its `moof`. */
  readonly checksum: HeadChecksum;
  /** Tracks that the header does not know are left out. */
  readonly runs: readonly Mp4Run[];
}

/** What the samples of a fragment take; all of its `mdat` in one of ours. */
export function samplesSizeBytes({ runs }: Pick<Mp4Fragment, 'runs'>): number {
  return runs.reduce(
    (sum, { samples }) => samples.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, sum),
    0,
  );
}

const MAX_MOOF_BYTES = 2 ** 21;
const MAX_BOXES_BETWEEN_FRAGMENTS = 64;

/**
 * The fragment at `positionBytes`, or the next after other boxes; undefined where the file ends cleanly.
 * The next one follows at `positionBytes + sizeBytes` of the result. That its samples lie in the file is checked,
 * what they hold is not.
 * @throws Mp4Error `truncated`, `malformed`, `too-large`, or `unsupported` for data addressed otherwise than from the
 *   start of the `moof`.
 */
export async function readFragment(
  source: ByteSource,
  header: Mp4Header,
  positionBytes: number,
): Promise<Mp4Fragment | undefined> {
  let nextPositionBytes = positionBytes;
  for (let i = 0; i < MAX_BOXES_BETWEEN_FRAGMENTS; i += 1) {
    if (nextPositionBytes === source.sizeBytes) return undefined;
    const found = await readBoxHeader(source, nextPositionBytes);
    if (found.type === 'moof') {
      const moof = await readContent(source, found, MAX_MOOF_BYTES);
      const place = await findData(source, found.positionBytes, found.sizeBytes);
      const fragment = parseFragment(moof, place, header);
      const isSealed = fragment.payloadChecksum !== undefined;
      const head = isSealed ? await readExactly(source, found.positionBytes, found.sizeBytes) : undefined;
      return { ...fragment, checksum: head === undefined ? 'none' : judgeHead(head) };
    }
    nextPositionBytes += found.sizeBytes;
    if (nextPositionBytes > source.sizeBytes) {
      const { type } = found;
      throw new Mp4Error('truncated', `cannot skip a ${type}: the file ends within it`, found.positionBytes);
    }
  }
  throw new Mp4Error('malformed', 'cannot find the next fragment', positionBytes);
}

/** Finds the `mdat` that must follow a `moof`. */
async function findData(
  source: ByteSource,
  moofPositionBytes: number,
  moofSizeBytes: number,
): Promise<FragmentPlace> {
  const mdat = await readBoxHeader(source, moofPositionBytes + moofSizeBytes);
  const { type, positionBytes, headerBytes } = mdat;
  if (type !== 'mdat') {
    throw new Mp4Error('malformed', `cannot read a fragment: a ${type} follows its moof`, positionBytes);
  }
  const dataEndBytes = positionBytes + mdat.sizeBytes;
  if (dataEndBytes > source.sizeBytes) {
    const missing = dataEndBytes - source.sizeBytes;
    const message = `cannot read a fragment: its last ${missing} bytes are missing`;
    throw new Mp4Error('truncated', message, positionBytes);
  }
  return { moofPositionBytes, dataStartBytes: positionBytes + headerBytes, dataEndBytes };
}

function parseFragment(moof: ByteCursor, place: FragmentPlace, header: Mp4Header) {
  const children = readChildren(moof);
  const mfhd = requireChild(children, 'mfhd', moof);
  readFullBoxHead(mfhd);
  const sequenceNumber = mfhd.u32();
  const runs: Mp4Run[] = [];
  for (const { type, content } of children) {
    if (type !== 'traf') continue;
    const run = parseTrackFragment(content, place, header);
    if (run === undefined) continue;
    if (runs.some((other) => other.header === run.header)) throw content.malformed('a track comes twice');
    runs.push(run);
  }
  const { moofPositionBytes: positionBytes, dataStartBytes, dataEndBytes } = place;
  return {
    positionBytes,
    sizeBytes: dataEndBytes - positionBytes,
    dataSizeBytes: dataEndBytes - dataStartBytes,
    sequenceNumber,
    payloadChecksum: readPayloadChecksum(children),
    runs,
  };
}
