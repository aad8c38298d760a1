import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The camera simulator: another's RTSP server, so that no mistake of ours can be on both ends. */
const SIMULATOR_FOLDER = resolve(ROOT, process.env['PREROLL_CAMSIM'] ?? '../shared/camsim');
export const SIMULATOR = join(SIMULATOR_FOLDER, 'camsim.py');
export const MAKE_MEDIA = join(SIMULATOR_FOLDER, 'mkmedia.sh');
export const VERIFY_FRAMES = join(SIMULATOR_FOLDER, 'verify_frames.py');
/** Single people who cross a still scene, with pauses: real footage. */
export const FOOTAGE = join(
  resolve(ROOT, process.env['PREROLL_FOOTAGE'] ?? '../shared/footage'),
  'one-by-one-person-detection.mp4',
);

/** The program under test; another build can be named while this one is being worked on. */
export const PROGRAM = resolve(ROOT, process.env['PREROLL_PROGRAM'] ?? 'dist/main.js');
/** For what is made once and for what the tests tell each other. */
export const CACHE_FOLDER = join(ROOT, 'node_modules', '.cache', 'preroll-acceptance');

/** What has to be there and is not, in words for people. */
export function missingRequirements(): readonly string[] {
  const files = [SIMULATOR, MAKE_MEDIA, VERIFY_FRAMES, FOOTAGE].filter((path) => !existsSync(path));
  const programs = ['ffmpeg', 'ffprobe'].filter((name) => !runs(name, ['-version']));
  const missing = [...files, ...programs];
  if (files.length === 0 && !runs(...interpreterCheck())) missing.push('the packages of gst-rtsp-server');
  return missing;
}

/** Asks the interpreter of the simulator's first line for what it imports. */
function interpreterCheck(): [string, string[]] {
  const [firstLine = ''] = readFileSync(SIMULATOR, 'utf8').split('\n');
  const imports = "import gi; gi.require_version('GstRtspServer', '1.0')";
  const [command = '', ...rest] = firstLine.replace(/^#!\s*/, '').split(/\s+/);
  return [command, [...rest, '-c', imports]];
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
