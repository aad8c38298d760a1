import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startLeader, stopChild } from '../child.ts';
import type { Contestant, Running } from '../contestant.ts';
import type { Camera } from '../served-cameras.ts';

export interface PrerollSetup {
  readonly name: string;
  readonly setup: string;
  readonly counted: 'leaders' | 'whole';
  readonly mode: 'always' | 'always+motion' | 'motion';
  readonly preRollSeconds: number;
  /** Whether it gets the camera's sub-stream; without it the recorded stream is analysed. */
  readonly usesSub: boolean;
  /** The section of that name of each camera. */
  readonly reencode?: object;
}

/** Our recorder as `npm start` starts it. */
export function preroll(setup: PrerollSetup): Contestant {
  // Our own file.
  const { version, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    version: string;
    scripts: { start: string };
  };
  const [, ...words] = scripts.start.split(' ');
  return {
    name: setup.name,
    setup: setup.setup,
    version,
    counted: setup.counted,
    start: (cameras, folder) => start(setup, words, cameras, folder),
  };
}

/** @param words of `npm start` behind `node`. */
async function start(
  setup: PrerollSetup,
  words: readonly string[],
  cameras: readonly Camera[],
  folder: string,
): Promise<Running> {
  const path = join(folder, 'preroll.yaml');
  // JSON is YAML.
  await writeFile(path, JSON.stringify(configuration(setup, cameras, folder)));
  const child = startLeader(process.execPath, [...words, '--config', path], join(folder, 'out'));
  return { leaders: [child.pid ?? 0], stop: () => stopChild(child) };
}

function configuration(
  { mode, preRollSeconds, usesSub, reencode }: PrerollSetup,
  cameras: readonly Camera[],
  folder: string,
) {
  return {
    cameras: Object.fromEntries(
      cameras.map(({ name, url, subUrl }) => [
        name,
        usesSub && subUrl !== undefined ? { url, subUrl, mode, reencode } : { url, mode, reencode },
      ]),
    ),
    event: { preRoll: `${preRollSeconds}s` },
    motion: { rateFps: 5 },
    archive: { path: join(folder, 'archive'), segmentLength: '60s' },
    // The others have no app to serve.
    web: { listen: 'off' },
    log: { path: join(folder, 'preroll.log'), console: false },
  };
}
