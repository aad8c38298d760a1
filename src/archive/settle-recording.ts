import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { IndexWrite } from '../db/index-write.ts';
import type { EventRecord, FileKey, SegmentRecord, VolumeRecord } from '../db/records.ts';
import { holdsFragmentName, type ScannedFile } from '../media/fmp4/fragment-scan.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import { deleteRecording } from './delete-recording.ts';
import { FileSource } from './file-source.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { findEvent, knowsRun } from './index-rows.ts';
import { findOwnedFile } from './owned-file.ts';
import { readSegment, type ReadSegment } from './read-segment.ts';
import { readSidecar, SidecarError, type Sidecar } from './read-sidecar.ts';
import { writeSidecar } from './sidecar.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * A recording that nobody writes to any more, and what became of it:
 * - `settled`: it ends with a whole fragment, has a sidecar, and the index is told of it;
 * - `removed`: it held no picture that could be shown;
 * - `missing`: there is no such file, and the index is told so;
 * - `left`: it was not touched, for it holds what we do not understand. Its row, if it has one, stays.
 */
export type Settled =
  | { readonly kind: 'settled'; readonly segment: SegmentRecord; readonly cutBytes: number }
  | { readonly kind: 'removed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'left'; readonly why: string };

/** Told as the reason of an end that nobody told. */
const KILLED = 'the recorder was killed';

/**
 * Puts right what a killed recorder or a power cut left: cuts the torn tail off a file, completes its sidecar, and brings
 * the index in line with it. Doing it again changes nothing.
 * @throws an error of the system, IndexError.
 */
export async function settleRecording(
  index: IndexAccess,
  volume: VolumeRecord,
  path: string,
): Promise<Settled> {
  const key: FileKey = { volume: volume.id, path };
  const row = await index.segment(key);
  const found = await findOwnedFile(volume.path, path);
  if (found.kind === 'foreign') return { kind: 'left', why: 'it is no file of the archive' };
  if (found.kind === 'missing') {
    await index.apply(forgotten(key));
    return { kind: 'missing' };
  }
  try {
    return await settleFile(index, volume, path, row);
  } catch (error) {
    if (!(error instanceof Mp4Error)) throw error;
    if (await isWithoutFootage(found.path, error)) return await remove(index, volume, path);
    return { kind: 'left', why: error.message };
  }
}

/** Takes a row out whose file is gone, without touching what may lie at its path meanwhile. */
export function forgotten(key: FileKey): readonly IndexWrite[] {
  return [
    { type: 'discard', files: [key], cause: 'deleted' },
    { type: 'discarded', files: [key] },
  ];
}

async function settleFile(
  index: IndexAccess,
  volume: VolumeRecord,
  path: string,
  row: SegmentRecord | undefined,
): Promise<Settled> {
  const file = join(volume.path, path);
  const sidecar = await usableSidecar(file);
  const read = await readFile(file, { volume: volume.id, path }, sidecar);
  const { scanned } = read;
  if (read.segment === undefined) {
    if (scanned.damages.length > 0 || scanned.fragments.length > 0) {
      return { kind: 'left', why: 'it holds no picture' };
    }
    return await remove(index, volume, path);
  }
  const cutBytes = await cutTail(file, scanned, row);
  const segment: SegmentRecord = {
    ...read.segment,
    kind: sidecar?.kind ?? row?.kind ?? read.segment.kind,
    endedBy: sidecar?.endedBy ?? row?.endedBy ?? (wasCutShort(row, sidecar) ? KILLED : undefined),
  };
  // Before the row is closed: who is killed between the two finds the file open again.
  if (sidecar?.endWallMs === undefined) await completeSidecar(index, file, segment, sidecar, scanned);
  const told = await eventsToTell(index, read.events);
  await index.apply([
    // A run that the index knows stays as it is told there: the file knows less.
    ...((await knowsRun(index, read.run)) ? [] : [{ type: 'run', run: read.run } as const]),
    { type: 'segment', segment },
    ...told.map((event): IndexWrite => ({ type: 'event', event })),
  ]);
  return { kind: 'settled', segment, cutBytes };
}

/** Whether somebody was still writing to it; where neither row nor sidecar is left, nobody knows. */
function wasCutShort(row: SegmentRecord | undefined, sidecar: Sidecar | undefined): boolean {
  return row?.isOpen === true || (sidecar !== undefined && sidecar.endWallMs === undefined);
}

async function readFile(path: string, key: FileKey, sidecar: Sidecar | undefined): Promise<ReadSegment> {
  await using source = await FileSource.open(path);
  return await readSegment(source, key, sidecar);
}

/** One that a power cut has emptied or torn is written anew. */
async function usableSidecar(path: string): Promise<Sidecar | undefined> {
  try {
    return await readSidecar(path);
  } catch (error) {
    if (error instanceof SidecarError) return undefined;
    throw error;
  }
}

/**
 * Cuts off what follows the last whole fragment. Nothing is cut that is there and that the index claims: it was whole
 * once, so it is damaged, and part of it may still play.
 */
async function cutTail(
  path: string,
  { tear, wholeSizeBytes }: ScannedFile,
  row: SegmentRecord | undefined,
): Promise<number> {
  if (tear === undefined) return 0;
  const claimedBytes = row?.sizeBytes ?? 0;
  if (claimedBytes > wholeSizeBytes && claimedBytes <= wholeSizeBytes + tear.sizeBytes) return 0;
  await using file = await open(path, 'r+');
  await file.truncate(wholeSizeBytes);
  await file.datasync();
  return tear.sizeBytes;
}

/** Whether the file is one that ended before its first fragment was whole. */
async function isWithoutFootage(path: string, { kind }: Mp4Error): Promise<boolean> {
  if (kind !== 'truncated') return false;
  await using source = await FileSource.open(path);
  return !(await holdsFragmentName(source));
}

async function remove(index: IndexAccess, volume: VolumeRecord, path: string): Promise<Settled> {
  const folder = await deleteRecording(volume.path, path);
  if (folder !== undefined) await syncFolder(folder);
  await index.apply(forgotten({ volume: volume.id, path }));
  return { kind: 'removed' };
}

/** Those that the index does not know, or knows as open or shorter than the sidecar does. */
async function eventsToTell(index: IndexAccess, events: readonly EventRecord[]): Promise<EventRecord[]> {
  const told: EventRecord[] = [];
  for (const event of events) {
    const known = await findEvent(index, event.camera, event.triggerWallMs);
    if (known === undefined || known.isOpen || known.untilWallMs < event.untilWallMs) told.push(event);
  }
  return told;
}

async function completeSidecar(
  index: IndexAccess,
  path: string,
  segment: SegmentRecord,
  sidecar: Sidecar | undefined,
  { header }: ScannedFile,
): Promise<void> {
  const { camera, kind, startWallMs, endWallMs, endedBy } = segment;
  await writeSidecar(path, {
    camera,
    file: basename(path),
    kind,
    startWallMs,
    endWallMs,
    endedBy,
    continues: sidecar?.continues,
    tracks: header.tracks.map(({ track }) => track),
    annotations: sidecar?.annotations ?? (await annotationsOf(index, segment)),
  });
  await syncFolder(dirname(path));
}

/** The events that the index knows to lie in a segment, as a sidecar tells them. */
async function annotationsOf(index: IndexAccess, { camera, startWallMs, endWallMs }: SegmentRecord) {
  const events = await index.events({ cameras: [camera], fromWallMs: startWallMs, toWallMs: endWallMs });
  return events.map(({ detail, triggerWallMs, isKept }) => ({
    ...detail,
    id: new Date(triggerWallMs).toISOString(),
    ...(isKept ? { kept: true } : {}),
  }));
}
