import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError } from '../../base/error.ts';
import type { IndexAccess } from '../../db/index-access.ts';
import type { VolumeRecord } from '../../db/records.ts';
import { findOwnedFile } from '../owned-file.ts';
import { setAside } from '../set-aside.ts';
import { forgotten, settleRecording, type Settled } from '../settle-recording.ts';
import { sidecarPath } from '../sidecar.ts';
import { syncFolder } from '../sync-folder.ts';
import { mendFile, type MendedFile } from './mend-file.ts';
import type { Problem, ProblemKind } from './problem.ts';

/**
 * What became of the problems of one file:
 * - `mended`: it is as it should be;
 * - `set-aside`: it could not be mended, and lies below the volume's folder `.set-aside` now;
 * - `left`: it is as it was.
 */
export interface Mended {
  readonly outcome: 'mended' | 'set-aside' | 'left';
  /** How, for people. */
  readonly message: string;
}

const DAMAGED: readonly ProblemKind[] = ['unreadable-file', 'damaged-header', 'damaged-fragment'];

/** A file of a volume, or its row, and all that was found wrong with it. */
export interface DamagedFile {
  readonly volume: VolumeRecord;
  readonly path: string;
  readonly problems: readonly Problem[];
}

/**
 * Mends one file of a volume and what the index says of it. Nothing is deleted that can be played.
 * @throws IndexError. What the system refuses is told as `left`.
 */
export async function mendProblems(
  index: IndexAccess,
  { volume, path, problems }: DamagedFile,
): Promise<Mended> {
  const has = (...kinds: readonly ProblemKind[]) => problems.some(({ kind }) => kinds.includes(kind));
  try {
    if (has('leftover')) return await removeLeftover(volume, path);
    if (has('orphan-sidecar')) return setAsideAt(await setAside(volume.path, path));
    if (has('missing-file', 'bad-path')) {
      await index.apply(forgotten({ volume: volume.id, path }));
      return { outcome: 'mended', message: 'the index has forgotten it' };
    }
    if (has('doubled')) return await setRecordingAside(index, volume, path);
    if (has('damaged-sidecar')) await setSidecarAside(volume, path);
    if (!has(...DAMAGED)) return await settle(index, volume, path);
    return await mendDamaged(index, volume, path);
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { outcome: 'left', message: describeError(error) };
  }
}

async function mendDamaged(index: IndexAccess, volume: VolumeRecord, path: string): Promise<Mended> {
  const mended = await mendFile(volume.path, path);
  if (mended.kind === 'set-aside') {
    await setSidecarAside(volume, path);
    await index.apply(forgotten({ volume: volume.id, path }));
    return setAsideAt(mended.asidePath);
  }
  const settled = await settle(index, volume, path);
  return settled.outcome === 'mended' ? { outcome: 'mended', message: describeMended(mended) } : settled;
}

function describeMended(mended: Exclude<MendedFile, { kind: 'set-aside' }>): string {
  if (mended.kind === 'mended') return `${mended.bits} flipped bits were flipped back`;
  const { lostFragments, asidePath } = mended;
  return `rewritten without ${lostFragments} damaged fragments; the damaged file is ${asidePath}`;
}

async function settle(index: IndexAccess, volume: VolumeRecord, path: string): Promise<Mended> {
  const settled = await settleRecording(index, volume, path);
  if (settled.kind === 'left') return { outcome: 'left', message: settled.why };
  return { outcome: 'mended', message: describeSettled(settled) };
}

function describeSettled(settled: Exclude<Settled, { kind: 'left' }>): string {
  if (settled.kind === 'removed') return 'deleted, for it held no picture';
  if (settled.kind === 'missing') return 'the index has forgotten it';
  const cut = settled.cutBytes === 0 ? '' : `${settled.cutBytes} bytes cut off its end; `;
  return `${cut}index and sidecar are as the file says`;
}

async function setRecordingAside(index: IndexAccess, volume: VolumeRecord, path: string): Promise<Mended> {
  const aside = await setAside(volume.path, path);
  await setSidecarAside(volume, path);
  await index.apply(forgotten({ volume: volume.id, path }));
  return setAsideAt(aside);
}

/** If there is one. */
async function setSidecarAside(volume: VolumeRecord, path: string): Promise<void> {
  const found = await findOwnedFile(volume.path, sidecarPath(path));
  if (found.kind === 'file') await setAside(volume.path, sidecarPath(path));
}

async function removeLeftover(volume: VolumeRecord, path: string): Promise<Mended> {
  const file = join(volume.path, path);
  await rm(file);
  await syncFolder(dirname(file));
  return { outcome: 'mended', message: 'deleted' };
}

function setAsideAt(path: string): Mended {
  return { outcome: 'set-aside', message: `it lies at ${path} now` };
}
