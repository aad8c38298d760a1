import { findMounted, readSpace } from '../archive/mounted-volume.ts';
import { readVolumeSpace } from '../archive/volume-space.ts';
import type { Config } from '../config/config.ts';
import type { IndexQueries, Usage } from '../db/archive-index.ts';
import type { SystemAnswer } from './api/system.ts';

type Disk = SystemAnswer['disks'][number];

/**
 * The disks of the archive, in the order in which they are used, with what lies on them.
 * @throws IndexError; an error of the system.
 */
export async function archiveDisks(
  { archive, retention }: Pick<Config, 'archive' | 'retention'>,
  index: Pick<IndexQueries, 'usage' | 'volumes'>,
): Promise<readonly Disk[]> {
  const mounted = await findMounted(archive.volumes);
  const known = await index.volumes();
  const usage = await index.usage();
  return await Promise.all(
    archive.volumes.map(async ({ path, maxBytes = null }) => {
      const volume = mounted.find((one) => one.path === path);
      // Of one that is missing, what was there.
      const ids =
        volume === undefined ? known.filter((one) => one.path === path).map(({ id }) => id) : [volume.id];
      const cameras = bytesOfCameras(usage.filter((one) => ids.includes(one.volume)));
      if (volume === undefined) {
        return {
          path,
          isThere: false,
          totalBytes: null,
          freeBytes: null,
          floorBytes: null,
          maxBytes,
          cameras,
        };
      }
      const { totalBytes, freeBytes } = await readSpace(path);
      const { floorBytes } = await readVolumeSpace(volume, retention.minFreeBytes);
      return { path, isThere: true, totalBytes, freeBytes, floorBytes, maxBytes, cameras };
    }),
  );
}

function bytesOfCameras(usage: readonly Usage[]): Disk['cameras'] {
  const sums = new Map<string, number>();
  for (const { camera, sizeBytes } of usage) sums.set(camera, (sums.get(camera) ?? 0) + sizeBytes);
  return Array.from(sums, ([camera, bytes]) => ({ camera, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}
