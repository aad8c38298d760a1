import type { EventRecord, SegmentRecord } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { changeSidecarEvent } from './change-sidecar.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { findOwnedFile } from './owned-file.ts';
import { sidecarPath } from './sidecar.ts';

/** What tells where an event lies. */
export type EventPlace = Pick<EventRecord, 'camera' | 'triggerWallMs' | 'fromWallMs' | 'untilWallMs'>;

/**
 * Marks an event as kept by hand, so that no rule deletes its recordings, or takes the mark away: in the index, and in the
 * sidecars, from which an index can be made anew. A recorder that still writes one of them is to be told too
 * (`Recorder.markEvent`), for it writes the sidecar once more.
 * @throws IndexError; an error of the system when a sidecar cannot be written.
 */
export async function markEvent(
  index: Pick<IndexAccess, 'segments' | 'apply'>,
  mounted: readonly MountedVolume[],
  event: EventPlace,
  isKept: boolean,
): Promise<void> {
  const { camera, triggerWallMs } = event;
  await index.apply([{ type: 'keep', camera, triggerWallMs, isKept }]);
  for (const path of await sidecarsOf(await recordingsOf(index, event), mounted)) {
    await changeSidecarEvent(path, triggerWallMs, (told) => ({ ...told, kept: isKept ? true : undefined }));
  }
}

/** @returns the recordings that hold some of the event. @throws IndexError. */
export async function recordingsOf(
  index: Pick<IndexAccess, 'segments'>,
  { camera, fromWallMs, untilWallMs }: EventPlace,
): Promise<readonly SegmentRecord[]> {
  return await index.segments({ cameras: [camera], fromWallMs, toWallMs: untilWallMs });
}

/** @returns the sidecars that are there, as paths. */
export async function sidecarsOf(
  segments: readonly SegmentRecord[],
  mounted: readonly MountedVolume[],
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { volume, path } of segments) {
    const root = mounted.find(({ id }) => id === volume)?.path;
    if (root === undefined) continue;
    const found = await findOwnedFile(root, sidecarPath(path));
    if (found.kind === 'file') paths.push(found.path);
  }
  return paths;
}
