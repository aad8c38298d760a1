import { statfs } from 'node:fs/promises';
import type { VolumeConfig } from '../config/config.ts';
import type { VolumeRecord } from '../db/records.ts';
import { readIdentity } from './volume-identity.ts';

/** A volume of the configuration whose disk is there. */
export interface MountedVolume extends VolumeConfig {
  readonly id: string;
}

/** What the file system says of a volume's disk. */
export interface DiskSpace {
  readonly totalBytes: number;
  /** What is left for programs without privileges. */
  readonly freeBytes: number;
}

/** Those volumes whose folder holds an identity; who records finds out, and tells, why others do not. */
export async function findMounted(volumes: readonly VolumeConfig[]): Promise<readonly MountedVolume[]> {
  const found: MountedVolume[] = [];
  for (const volume of volumes) {
    const id = await identityOf(volume.path);
    if (id !== undefined) found.push({ ...volume, id });
  }
  return found;
}

/** Whether the disk is still there: one that went away looks like an empty folder. */
export async function isMounted({ path, id }: VolumeRecord): Promise<boolean> {
  return (await identityOf(path)) === id;
}

/** @throws an error of the system. */
export async function readSpace(path: string): Promise<DiskSpace> {
  const { bsize, blocks, bavail } = await statfs(path);
  return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
}

/** A volume that cannot be read is as good as missing. */
async function identityOf(path: string): Promise<string | undefined> {
  const found = await readIdentity(path).catch(() => undefined);
  return found?.kind === 'volume' ? found.id : undefined;
}
