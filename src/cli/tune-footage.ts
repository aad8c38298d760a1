import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { WallMs } from '../base/time.ts';
import { InputError } from '../lab/input-error.ts';
import type { FootageFile } from '../lab/compare-replays.ts';
import type { LaneSettings } from './make-lane.ts';
import { recordedFootage, settled } from './recorded-footage.ts';
import { findCamera, loadTrial, type TrialOptions } from './trial-config.ts';

export interface TuneFootageOptions extends TrialOptions {
  /** Paths of configuration files laid over the present ones. */
  readonly with: readonly string[];
  /** Only recordings from or to this time. */
  readonly from?: WallMs;
  readonly to?: WallMs;
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
  const files = await recordedFootage(config.archive.volumes, known.name, options);
  return { name: known.name, files, present: settled(known), tried: settled(tried.camera) };
}

function plainFile(path: string): FootageFile {
  if (!existsSync(path)) {
    throw new InputError('missing', `${path}: expected a file or one camera, found none`);
  }
  return { path, startWallMs: undefined, isContinued: false };
}
