import { readSpace, type DiskSpace, type MountedVolume } from './mounted-volume.ts';
import type { VolumeSpace } from './retention-account.ts';

/** The share of a disk that stays free where nothing else is configured, and the most that this is. */
const FLOOR_SHARE = 0.05;
const FLOOR_MOST_BYTES = 10e9;

/** Made free where a disk refuses a write and the system says it has room: a quota, or no more names for files. */
const STUBBORN_DISK_BYTES = 16 * 2 ** 20;

/**
 * @param minFreeBytes as configured; undefined for the default.
 * @param hasRefused whether a write failed since the last time for want of room.
 * @throws an error of the system.
 */
export async function readVolumeSpace(
  { id, path, maxBytes }: MountedVolume,
  minFreeBytes: number | undefined,
  hasRefused = false,
): Promise<VolumeSpace> {
  const disk = await readSpace(path);
  const floorBytes = minFreeBytes ?? defaultFloorBytes(disk);
  const isStubborn = hasRefused && disk.freeBytes >= floorBytes;
  const freeBytes = isStubborn ? floorBytes - STUBBORN_DISK_BYTES : disk.freeBytes;
  return { id, freeBytes, floorBytes, maxSizeBytes: maxBytes };
}

/** @param refused paths of volumes that refused a write since the last time for want of room. */
export async function readSpaces(
  volumes: readonly MountedVolume[],
  minFreeBytes: number | undefined,
  refused: ReadonlySet<string> = new Set(),
): Promise<readonly VolumeSpace[]> {
  return await Promise.all(
    volumes.map((volume) => readVolumeSpace(volume, minFreeBytes, refused.has(volume.path))),
  );
}

function defaultFloorBytes({ totalBytes }: DiskSpace): number {
  return Math.min(totalBytes * FLOOR_SHARE, FLOOR_MOST_BYTES);
}
