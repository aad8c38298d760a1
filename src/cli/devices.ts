import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';
import type { DeviceList } from '../camera/device-list.ts';

/**
 * `preroll devices`: the cameras of this machine, with their modes and what to write into the configuration.
 * @param program that lists them: native code is for processes of its own.
 * @returns the exit code.
 */
export async function devices(options: { readonly json: boolean }, program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  // Our own program writes it.
  const list = JSON.parse(stdout) as DeviceList;
  process.stdout.write(options.json ? json(list) : describe(list));
  return EXIT.ok;
}

function describe({ devices: found }: DeviceList): string {
  if (found.length === 0) {
    return 'no camera found on this machine; on Linux the user has to be in the group video to see one\n';
  }
  return found
    .map(({ address, name, modes }) => {
      const lines = modes.map(({ widthPx, heightPx, rateFps, format }) => {
        return `  ${widthPx}x${heightPx}`.padEnd(14) + `up to ${rateFps} pictures a second, ${format}`;
      });
      return `${[`${address}  ${name}`, ...lines].join('\n')}\n`;
    })
    .join('\n');
}
