import { describeError } from '../../base/error.ts';
import type { VolumeRecord } from '../../db/records.ts';
import { IdentityError, readIdentity, writeIdentity } from '../volume-identity.ts';
import { walkVolume } from '../volume-walk.ts';
import type { Notice, Problem } from './problem.ts';

export interface FoundVolumes {
  /** Those that are there; one whose identity is lost under that by which the index knows it. */
  readonly volumes: readonly VolumeRecord[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

/**
 * Looks which volumes are there, and whether their identities can be trusted.
 * @param paths their folders, absolute, as configured.
 * @param known what the index says.
 * @throws an error of the system; the signal's reason.
 */
export async function findVolumes(
  paths: readonly string[],
  known: readonly VolumeRecord[],
  signal: AbortSignal,
): Promise<FoundVolumes> {
  const volumes: VolumeRecord[] = [];
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  for (const path of paths) {
    const expected = known.findLast((volume) => volume.path === path)?.id;
    const found = await identityOf(path);
    const lost = { id: expected ?? '', path };
    if (found.kind === 'volume') {
      const twin = volumes.find(({ id }) => id === found.id);
      if (twin === undefined) volumes.push({ id: found.id, path });
      else problems.push(identityProblem(lost, `it has the identity of ${twin.path}: one is a copy of the other`));
    } else if (await holdsRecordings(path, signal)) {
      problems.push(identityProblem(lost, found.message));
      if (expected !== undefined) volumes.push({ id: expected, path });
    } else if (expected !== undefined) {
      notices.push({ kind: 'missing-volume', path, message: 'it is not there: is the disk mounted?' });
    }
  }
  return { volumes, problems, notices };
}

/**
 * Gives volumes their identities back whose recordings are there.
 * @returns those that it could give one, the others stay as they are.
 * @throws an error of the system.
 */
export async function restoreIdentities(problems: readonly Problem[]): Promise<readonly VolumeRecord[]> {
  const restored: VolumeRecord[] = [];
  for (const { kind, volume } of problems) {
    if (kind !== 'identity' || volume === undefined || (await identityOf(volume.path)).kind === 'volume') continue;
    const { id, path } = volume;
    restored.push({ id: await (id === '' ? writeIdentity(path) : writeIdentity(path, id)), path });
  }
  return restored;
}

function identityProblem(volume: VolumeRecord, message: string): Problem {
  return { kind: 'identity', volume, path: '', message };
}

type Identity =
  | { readonly kind: 'volume'; readonly id: string }
  | { readonly kind: 'none'; readonly message: string };

async function identityOf(path: string): Promise<Identity> {
  try {
    const found = await readIdentity(path);
    if (found.kind === 'volume') return found;
    return { kind: 'none', message: 'recordings are there, but no identity: the recorder takes it for missing' };
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return { kind: 'none', message: describeError(error) };
  }
}

/** An empty folder is one on which no disk is mounted. */
async function holdsRecordings(path: string, signal: AbortSignal): Promise<boolean> {
  for await (const { files } of walkVolume(path, undefined, signal)) {
    if (files.some(({ kind }) => kind === 'recording')) return true;
  }
  return false;
}
