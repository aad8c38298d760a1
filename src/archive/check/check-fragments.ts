import { readExactly, type ByteSource } from '../../media/fmp4/byte-source.ts';
import { checksumOf } from '../../media/fmp4/checksum.ts';
import type { Mp4Fragment } from '../../media/fmp4/fragment-reader.ts';
import type { ScannedFile } from '../../media/fmp4/fragment-scan.ts';
import { pictureDataProblem } from '../../media/picture-data.ts';

/** Larger than any fragment of ours; one beyond is not read into memory. */
const MAX_PAYLOAD_BYTES = 256 * 2 ** 20;

export type CheckDepth = 'tables' | 'deep';

export interface DamagedFragment {
  readonly fragment: Mp4Fragment;
  readonly problem: string;
}

/**
 * Whether the header of a file is not as it was written. Files of other programs, and those of before there were
 * checksums, have none anywhere.
 */
export function isHeaderDamaged(scanned: ScannedFile): boolean {
  return isSealed(scanned) && scanned.header.checksum !== 'right';
}

/**
 * The fragments that are not as they were written, as far as their own checksums and their place in the file tell.
 * @param depth `deep` reads the payload as well.
 */
export async function findDamagedFragments(
  source: ByteSource,
  scanned: ScannedFile,
  depth: CheckDepth,
): Promise<readonly DamagedFragment[]> {
  const damaged: DamagedFragment[] = [];
  let before: Mp4Fragment | undefined;
  for (const fragment of scanned.fragments) {
    const problem =
      (isSealed(scanned) ? sealProblem(fragment) : undefined) ??
      orderProblem(fragment, before) ??
      (depth === 'deep' ? await payloadProblem(source, fragment) : undefined);
    if (problem === undefined) before = fragment;
    else damaged.push({ fragment, problem });
  }
  return damaged;
}

function isSealed({ header, fragments }: ScannedFile): boolean {
  return [header, ...fragments].some(({ checksum }) => checksum !== 'none');
}

function sealProblem({ checksum }: Mp4Fragment): string | undefined {
  if (checksum === 'none') return 'it has no checksum';
  return checksum === 'wrong' ? 'its tables are not as they were written' : undefined;
}

function orderProblem(fragment: Mp4Fragment, before: Mp4Fragment | undefined): string | undefined {
  if (before === undefined) return undefined;
  if (fragment.sequenceNumber <= before.sequenceNumber) {
    return `its number is ${fragment.sequenceNumber} after ${before.sequenceNumber}`;
  }
  for (const { header, samples } of fragment.runs) {
    const last = before.runs.find((run) => run.header === header)?.samples.at(-1);
    const first = samples[0];
    if (last !== undefined && first !== undefined && first.dts <= last.dts) {
      return `it is decoded at ${first.dts} ticks, the one before at ${last.dts}`;
    }
  }
  return undefined;
}

async function payloadProblem(source: ByteSource, fragment: Mp4Fragment): Promise<string | undefined> {
  const { positionBytes, sizeBytes, dataSizeBytes, payloadChecksum, runs } = fragment;
  if (dataSizeBytes > MAX_PAYLOAD_BYTES) return `it claims ${dataSizeBytes} bytes`;
  const startBytes = positionBytes + sizeBytes - dataSizeBytes;
  const payload = await readExactly(source, startBytes, dataSizeBytes);
  if (payloadChecksum !== undefined && checksumOf([payload]) !== payloadChecksum) return 'its payload is not as it was written';
  for (const { header, samples } of runs) {
    const { track } = header;
    if (track.kind !== 'video') continue;
    for (const sample of samples) {
      const start = sample.positionBytes - startBytes;
      const data = payload.subarray(start, start + sample.sizeBytes);
      const problem = pictureDataProblem(track.codec, data, sample.isKey);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
