import type { StatusJson } from '../control/control-api.ts';
import type { CameraStatusJson } from '../control/controlled-recorder.ts';
import { ask } from './ask.ts';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';
import type { ConfigOptions } from './options.ts';

/**
 * `preroll status`: says what the running recorder does.
 * @returns the exit code.
 */
export async function status(options: ConfigOptions & { readonly json: boolean }): Promise<number> {
  // Our own recorder.
  const answer = (await ask(options, { method: 'GET', path: '/api/status' })) as StatusJson;
  process.stdout.write(options.json ? json(answer) : table(answer.cameras));
  return EXIT.ok;
}

/** What cameras say of themselves must not move the terminal's cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

function table(cameras: readonly CameraStatusJson[]): string {
  const rows = [
    ['camera', 'stream', 'mode', 'records', 'event'],
    ...cameras.map(({ camera, stream, mode, recording, failure, event }) => [
      camera,
      stream.state,
      mode,
      failure === null ? (recording ? 'yes' : 'no') : 'failing',
      failure ?? stream.reason ?? (event === null ? '' : `${event.causes.join(', ')} since ${event.trigger}`),
    ]),
  ].map((row) => row.map(printable));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}
