import { readFile } from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import type { EventRecord, SegmentRecord } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import type { MountedVolume } from './mounted-volume.ts';
import { findOwnedFile } from './owned-file.ts';
import { replaceFile } from './replace-file.ts';
import { sidecarPath } from './sidecar.ts';

/**
 * Marks an event as kept by hand, so that no rule deletes its recordings, or takes the mark away: in the index, and in the
 * sidecars, from which an index can be made anew. A recorder that still records the event writes its sidecar once more,
 * without the mark.
 * @returns the recordings that hold some of it.
 * @throws IndexError; an error of the system when a sidecar cannot be written.
 */
export async function markEvent(
  index: Pick<IndexAccess, 'segments' | 'apply'>,
  mounted: readonly MountedVolume[],
  event: EventRecord,
  isKept: boolean,
): Promise<readonly SegmentRecord[]> {
  const { camera, triggerWallMs, fromWallMs, untilWallMs } = event;
  await index.apply([{ type: 'keep', camera, triggerWallMs, isKept }]);
  const segments = await index.segments({ cameras: [camera], fromWallMs, toWallMs: untilWallMs });
  for (const { volume, path } of segments) {
    const root = mounted.find(({ id }) => id === volume)?.path;
    if (root === undefined) continue;
    const found = await findOwnedFile(root, sidecarPath(path));
    if (found.kind === 'file') await markSidecar(found.path, triggerWallMs, isKept);
  }
  return segments;
}

async function markSidecar(path: string, triggerWallMs: number, isKept: boolean): Promise<void> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  const marked = text === undefined ? undefined : withMark(text, new Date(triggerWallMs).toISOString(), isKept);
  if (marked !== undefined) await replaceFile(path, marked);
}

/** @returns undefined where the sidecar does not tell of the event, or is none. */
function withMark(text: string, id: string, isKept: boolean): string | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null || !('events' in content)) return undefined;
  const { events } = content;
  if (!Array.isArray(events) || !events.some((event) => isEvent(event, id))) return undefined;
  const marked: unknown[] = events.map((event: unknown) =>
    isEvent(event, id) ? { ...event, kept: isKept ? true : undefined } : event,
  );
  return `${JSON.stringify({ ...content, events: marked }, undefined, 2)}\n`;
}

function isEvent(value: unknown, id: string): value is object {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === id;
}
