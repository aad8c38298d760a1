import { resolve } from 'node:path';
import type { CameraConfig, Config, EventConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { looksForMotion, modesOf, type RecordingMode } from '../config/recording-mode.ts';
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

function describeCamera({ name, source, modes, isEnabled, event }: CameraConfig): string {
  const address = source.kind === 'demo' ? 'the built-in demo camera' : source.main.url;
  const stream = source.kind === 'streams' && source.sub === undefined ? 'the same stream' : 'the sub-stream';
  const looks = [...modesOf(modes)].some(looksForMotion) ? `, looks for motion in ${stream}` : '';
  const how = [
    describeMode(modes.mode, event),
    ...modes.spans.map(({ span, mode }) => `${span.text} ${describeMode(mode, event)}`),
  ];
  return `camera ${name}: ${isEnabled ? '' : '(disabled) '}${address}, ${how.join('; ')}${looks}`;
}

function describeMode(mode: RecordingMode, { preRollMs }: EventConfig): string {
  const motion = `motion with ${preRollMs / 1000} s before it`;
  const records: Readonly<Record<RecordingMode, string>> = {
    motion: `records ${motion}`,
    always: 'records without a break',
    'always+motion': 'records without a break, motion marked',
    timelapse: 'records key pictures',
    'timelapse+motion': `records key pictures, and ${motion}`,
    off: 'records nothing by itself',
  };
  return records[mode];
}
