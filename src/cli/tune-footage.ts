import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { WallMs } from '../base/time.ts';
import { InputError } from '../lab/input-error.ts';
import { listRecordings, type ListedRecording } from '../archive/list-recordings.ts';
import type { LaneSettings } from './make-lane.ts';
import { findCamera, loadTrial, type TrialOptions } from './trial-config.ts';

export interface TuneFootageOptions extends TrialOptions {
  /** Paths of configuration files laid over the present ones. */
  readonly with: readonly string[];
  /** Only recordings from or to this time. */
  readonly from?: WallMs;
  readonly to?: WallMs;
}

/** One file to be replayed. */
export interface FootageFile {
  readonly path: string;
  /** When its first picture was taken; undefined where nobody knows. */
  readonly startWallMs: WallMs | undefined;
  /** Whether it goes on from the file before it without a gap. */
  readonly isContinued: boolean;
}

/** What to replay, and the two ways of looking at it. */
export interface TuneFootage {
  readonly name: string;
  readonly files: readonly FootageFile[];
  readonly present: LaneSettings;
  readonly tried: LaneSettings;
}

/**
 * Finds the recordings of a camera of the configuration, or takes the words as files.
 * @throws ConfigError; InputError when there is nothing to replay.
 */
export async function findTuneFootage(
  inputs: readonly string[],
  options: TuneFootageOptions,
): Promise<TuneFootage> {
  const asIs: TrialOptions = { ...(options.config === undefined ? {} : { config: options.config }), set: [] };
  const [first = ''] = inputs;
  const { config, camera: none } = await loadTrial(asIs, undefined);
  const known = inputs.length === 1 ? findCamera(config, first) : undefined;
  const tried = await loadTrial(options, known?.name, options.with);
  if (known === undefined) {
    const files = inputs.map(plainFile);
    const name = inputs.length === 1 ? basename(first) : `${inputs.length} files`;
    return { name, files, present: none, tried: tried.camera };
  }
  const { volumes } = config.archive;
  const lists = await Promise.all(volumes.map(({ path }) => listRecordings(path, known.name)));
  // Key pictures alone show other motion than what the detector sees live.
  const full = lists.flat().filter(({ kind }) => kind !== 'timelapse');
  const listed = full.toSorted((a, b) => a.startWallMs - b.startWallMs);
  const files = archiveFiles(listed.filter((recording) => isWithin(recording, options)));
  if (files.length === 0) {
    const found = `found none of ${listed.length}`;
    throw new InputError('missing', `${known.name}: expected recordings of that time, ${found}`);
  }
  return { name: known.name, files, present: settled(known), tried: settled(tried.camera) };
}

function plainFile(path: string): FootageFile {
  if (!existsSync(path)) {
    throw new InputError('missing', `${path}: expected a file or one camera, found none`);
  }
  return { path, startWallMs: undefined, isContinued: false };
}

function archiveFiles(recordings: readonly ListedRecording[]): FootageFile[] {
  return recordings.map(({ path, startWallMs, continues }, index) => {
    const before = recordings[index - 1];
    const isContinued = before !== undefined && continues === basename(before.path);
    return { path, startWallMs, isContinued };
  });
}

function isWithin({ startWallMs, endWallMs }: ListedRecording, { from, to }: TuneFootageOptions): boolean {
  const lastWallMs = endWallMs ?? startWallMs;
  return lastWallMs >= (from ?? -Infinity) && startWallMs <= (to ?? Infinity);
}

/** A recording begins when its camera has long been connected. */
function settled({ event, motion }: LaneSettings): LaneSettings {
  return { motion, event: { ...event, initialWaitMs: 0 } };
}
