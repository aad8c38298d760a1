import { resolve } from 'node:path';
import type { CameraConfig, Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { ownedByDetector } from '../config/resolve-motion.ts';
import { InputError } from '../lab/input-error.ts';

/** Options of the commands that look at footage with settings to be tried. */
export interface TrialOptions {
  /** Path of the configuration file; without it `preroll.yaml`, if there is one. */
  readonly config?: string;
  /** `key=value` pairs laid over all files, those of `motion` and `event` over a camera's own settings, too. */
  readonly set: readonly string[];
  readonly detector?: string;
}

/** What is tried on footage of no camera is tried on this one, so that it holds as a camera's own settings do. */
const NO_CAMERA = 'footage of no camera';

/**
 * Loads the configuration with what is to be tried.
 * @param camera for which it is tried; undefined for footage of no camera.
 * @param trials paths of files laid over those of the configuration.
 * @throws ConfigError; InputError when there is no such camera.
 */
export async function loadTrial(
  { config, set, detector }: TrialOptions,
  camera: string | undefined,
  trials: readonly string[] = [],
): Promise<{ readonly config: Config; readonly camera: CameraConfig }> {
  const name = camera ?? NO_CAMERA;
  const tried = detector === undefined ? set : [...set, `motion.detector=${detector}`];
  const flags = tried.map((flag) => (/^(motion|event)\./.test(flag) ? `cameras."${name}".${flag}` : flag));
  const loaded = await loadConfig({
    path: resolve(config ?? 'preroll.yaml'),
    isOptional: config === undefined,
    // A detector on trial has its own settings, not those of the present one.
    without:
      detector === undefined
        ? []
        : ownedByDetector(detector).map((path) => ['cameras', name, 'motion', ...path]),
    trials,
    environment: process.env,
    flags: camera === undefined ? [`cameras."${name}".url=demo:`, ...flags] : flags,
  });
  const found = findCamera(loaded, name);
  if (found === undefined) throw new InputError('missing', `${name}: expected a camera, found none`);
  return { config: loaded, camera: found };
}

/** Without regard to upper and lower case, as their folders are named. */
export function findCamera({ cameras }: Config, name: string): CameraConfig | undefined {
  return cameras.find((camera) => camera.name.toLowerCase() === name.toLowerCase());
}

/** The names of the configuration's own cameras. */
export function cameraNames({ cameras }: Config): readonly string[] {
  return cameras.map(({ name }) => name).filter((name) => name !== NO_CAMERA);
}
