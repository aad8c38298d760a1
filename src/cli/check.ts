import { resolve } from 'node:path';
import type { CameraConfig, Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError, describeProblem } from '../config/problem.ts';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';

/**
 * `preroll check`: says whether the configuration can be used. Starts and writes nothing.
 * @returns the exit code.
 */
export async function check(options: ConfigOptions & { readonly json: boolean }): Promise<number> {
  const path = resolve(options.config);
  try {
    const config = await loadConfig({ path, environment: process.env, flags: options.set });
    process.stdout.write(options.json ? json({ ok: true, problems: [] }) : summary(path, config));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (options.json) process.stdout.write(json({ ok: false, problems: error.problems }));
    else process.stderr.write(`${error.problems.map(describeProblem).join('\n')}\n`);
    return EXIT.usage;
  }
}

function summary(path: string, { cameras, archive }: Config): string {
  const folders = archive.volumes.map((volume) => volume.path).join(', ');
  const lines = [`${path}: good`, `archive: ${folders}`, ...cameras.map(describeCamera)];
  return `${lines.join('\n')}\n`;
}

function describeCamera({ name, source, mode, isEnabled, event }: CameraConfig): string {
  const address = source.kind === 'demo' ? 'the built-in demo camera' : source.main.url;
  const motion = source.kind === 'rtsp' && source.sub === undefined ? 'the same stream' : 'the sub-stream';
  const how =
    mode === 'always'
      ? 'records without a break'
      : `records motion with ${event.preRollMs / 1000} s before it`;
  return `camera ${name}: ${isEnabled ? '' : '(disabled) '}${address}, ${how}, looks for motion in ${motion}`;
}
