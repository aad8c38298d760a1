import { findMounted } from '../archive/mounted-volume.ts';
import { findOwnedFile } from '../archive/owned-file.ts';
import type { VolumeConfig } from '../config/config.ts';
import type { Extent, IndexQueries } from '../db/archive-index.ts';
import { LONGEST_PAUSE_MS } from '../db/recorded-spans.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { MomentFile } from '../lab/moment-messages.ts';

/** The recordings of a span, each from the last key picture before it on; those that are not there are left out. @throws IndexError */
export async function momentFiles(
  index: Pick<IndexQueries, 'segments'>,
  volumes: readonly VolumeConfig[],
  extent: Extent,
): Promise<readonly MomentFile[]> {
  const mounted = await findMounted(volumes);
  const files: MomentFile[] = [];
  let before: SegmentRecord | undefined;
  for (const segment of await index.segments(extent)) {
    const root = mounted.find(({ id }) => id === segment.volume)?.path;
    // Key pictures alone show other motion than what the detector sees live.
    if (root === undefined || segment.kind === 'timelapse') continue;
    // oxlint-disable-next-line no-await-in-loop -- there are two or three.
    const found = await findOwnedFile(root, segment.path);
    if (found.kind !== 'file') continue;
    files.push({
      path: found.path,
      startWallMs: segment.startWallMs,
      keyMs: keyBefore(segment, extent.fromWallMs - segment.startWallMs),
      isContinued:
        before?.runStartWallMs === segment.runStartWallMs &&
        segment.startWallMs - before.endWallMs <= LONGEST_PAUSE_MS,
    });
    before = segment;
  }
  return files;
}

function keyBefore({ fragments }: SegmentRecord, ms: number): number {
  return fragments.findLast(({ isKey, startMs }) => isKey && startMs <= ms)?.startMs ?? 0;
}
