import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIdentity } from '../../src/archive/volume-identity.ts';
import { wallMs } from '../../src/base/time.ts';
import type { VolumeRecord } from '../../src/db/records.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { obtainClip, writeClip } from '../../src/demo/clip-cache.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { encodeClip } from '../../src/demo/encode-clip.ts';
import { recordClip, type ClipFootageOptions, type Silence } from '../footage/clip-footage.ts';

/** A camera of the site: a clip and when it was recorded. */
export interface SiteCamera {
  readonly camera: string;
  readonly spec: ClipSpec;
  readonly startWallMs: number;
  readonly minutes: readonly number[];
  /** As of `ClipFootageOptions`. */
  readonly silences?: readonly Silence[];
}

/** Footage in a folder of its own, and its index. */
export interface SiteArchive extends AsyncDisposable {
  readonly index: SqliteIndex;
  readonly volume: VolumeRecord;
  readonly cameras: ReadonlyMap<string, ClipFootageOptions>;
}

export async function makeSiteArchive(cameras: readonly SiteCamera[]): Promise<SiteArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-player-'));
  const root = join(folder, 'archive');
  await mkdir(root);
  const volume = { id: await writeIdentity(root), path: root };
  const index = SqliteIndex.open(join(folder, 'preroll.db'));
  index.apply([{ type: 'volume', volume }]);
  const recorded = new Map<string, ClipFootageOptions>();
  for (const { camera, spec, startWallMs, minutes, silences } of cameras) {
    const clip = await obtainClip({
      spec,
      cacheDir: join(process.cwd(), 'node_modules', '.cache', 'clips'),
      make: async (wanted, path, onProgress) => await writeClip(encodeClip(wanted, onProgress), path),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    const options = { clip, volume, camera, startWallMs: wallMs(startWallMs), minutes, silences };
    const segments = await recordClip(options);
    index.apply(segments.map((segment) => ({ type: 'segment', segment })));
    recorded.set(camera, options);
  }
  return {
    index,
    volume,
    cameras: recorded,
    async [Symbol.asyncDispose]() {
      index.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
