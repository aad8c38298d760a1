import { basename } from 'node:path';
import { listRecordings, type ListedRecording } from '../archive/list-recordings.ts';
import type { WallMs } from '../base/time.ts';
import type { VolumeConfig } from '../config/config.ts';
import type { FootageFile } from '../lab/compare-replays.ts';
import { InputError } from '../lab/input-error.ts';
import type { LaneSettings } from './make-lane.ts';

/** Only recordings from or to a time. */
export interface FootageSpan {
  readonly from?: WallMs;
  readonly to?: WallMs;
}

/** A camera's recordings, in order of time. @throws InputError when there are none. */
export async function recordedFootage(
  volumes: readonly Pick<VolumeConfig, 'path'>[],
  camera: string,
  span: FootageSpan,
): Promise<readonly FootageFile[]> {
  const lists = await Promise.all(volumes.map(({ path }) => listRecordings(path, camera)));
  // Key pictures alone show other motion than what the detector sees live.
  const full = lists.flat().filter(({ kind }) => kind !== 'timelapse');
  const listed = full.toSorted((a, b) => a.startWallMs - b.startWallMs);
  const files = footageFiles(listed.filter((recording) => isWithin(recording, span)));
  if (files.length > 0) return files;
  const found = `found none of ${listed.length}`;
  throw new InputError('missing', `${camera}: expected recordings of that time, ${found}`);
}

/** A recording begins when its camera has long been connected. */
export function settled({ event, motion }: LaneSettings): LaneSettings {
  return { motion, event: { ...event, initialWaitMs: 0 } };
}

function footageFiles(recordings: readonly ListedRecording[]): FootageFile[] {
  return recordings.map(({ path, startWallMs, continues }, index) => {
    const before = recordings[index - 1];
    const isContinued = before !== undefined && continues === basename(before.path);
    return { path, startWallMs, isContinued };
  });
}

function isWithin({ startWallMs, endWallMs }: ListedRecording, { from, to }: FootageSpan): boolean {
  const lastWallMs = endWallMs ?? startWallMs;
  return lastWallMs >= (from ?? -Infinity) && startWallMs <= (to ?? Infinity);
}
