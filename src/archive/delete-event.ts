import type { SegmentRecord } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { changeSidecarEvent } from './change-sidecar.ts';
import { collectGarbage } from './collect-garbage.ts';
import { sidecarsOf, type EventPlace } from './keep-event.ts';
import type { MountedVolume } from './mounted-volume.ts';

type EventIndex = Pick<IndexAccess, 'segments' | 'events' | 'apply' | 'garbage'>;

/**
 * Deletes an event by hand, and the recordings that were made for it alone. What is recorded without a break stays, as does what another
 * event shares.
 * @param event one that has ended.
 * @returns the recordings that were deleted.
 * @throws IndexError; the signal's reason; an error of the system when a sidecar cannot be written.
 */
export async function deleteEvent(
  index: EventIndex,
  mounted: readonly MountedVolume[],
  event: EventPlace,
  signal: AbortSignal,
): Promise<readonly SegmentRecord[]> {
  const { camera, triggerWallMs, fromWallMs, untilWallMs } = event;
  const segments = await index.segments({ cameras: [camera], fromWallMs, toWallMs: untilWallMs });
  // The sidecars first: from them an index that is made anew would have the event again.
  for (const path of await sidecarsOf(segments, mounted)) {
    await changeSidecarEvent(path, triggerWallMs, () => undefined);
  }
  await index.apply([{ type: 'event-deleted', camera, triggerWallMs }]);
  const own: SegmentRecord[] = [];
  for (const segment of segments) {
    if (segment.kind === 'event' && !segment.isOpen && !(await holdsEvent(index, segment))) own.push(segment);
  }
  const files = own.map(({ volume, path }) => ({ volume, path }));
  if (files.length === 0) return own;
  await index.apply([{ type: 'discard', files, cause: 'deleted' }]);
  // What cannot be deleted now stays garbage, which retention tries again.
  await collectGarbage(index, files, mounted, signal);
  return own;
}

async function holdsEvent(index: EventIndex, segment: SegmentRecord): Promise<boolean> {
  const { camera, startWallMs: fromWallMs, endWallMs: toWallMs } = segment;
  const events = await index.events({ cameras: [camera], fromWallMs, toWallMs });
  return events.length > 0;
}
