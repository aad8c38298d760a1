import type { CameraStatusJson } from '../control/controlled-recorder.ts';
import { ask, eventQuestion } from './ask.ts';
import { EXIT } from './exit-code.ts';
import type { ConfigOptions } from './options.ts';

export interface StartEventOptions extends ConfigOptions {
  readonly cause: string;
  /** As written, such as `30s`. */
  readonly duration?: string;
}

/**
 * `preroll event start`: asks the running recorder to hold an event open.
 * @returns the exit code.
 */
export async function startEvent(camera: string, options: StartEventOptions): Promise<number> {
  const { cause, duration } = options;
  // Our own recorder; what its answer lacks is told as missing.
  const status = (await ask(
    options,
    eventQuestion(camera, 'start', { cause, duration }),
  )) as CameraStatusJson;
  const end = duration === undefined ? `until ${stopCommand(camera, cause)}` : `for ${duration}`;
  const when =
    status.event === null ? `an event begins as soon as the camera is there` : `event ${status.event.id}`;
  process.stdout.write(`${camera}: ${when}, ${end}\n`);
  return EXIT.ok;
}

/**
 * `preroll event stop`: ends what `start` asked for.
 * @returns the exit code.
 */
export async function stopEvent(
  camera: string,
  options: ConfigOptions & { readonly cause: string },
): Promise<number> {
  await ask(options, eventQuestion(camera, 'stop', { cause: options.cause }));
  process.stdout.write(`${camera}: stopped\n`);
  return EXIT.ok;
}

function stopCommand(camera: string, cause: string): string {
  const word = /\s/.test(camera) ? JSON.stringify(camera) : camera;
  return `preroll event stop ${word}${cause === 'manual' ? '' : ` --cause ${cause}`}`;
}
