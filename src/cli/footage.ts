import { existsSync } from 'node:fs';
import { revealed } from '../camera/revealed.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { parseCameraUrl } from '../config/camera-url.ts';
import type { CameraSource } from '../config/config.ts';
import { Secret } from '../config/secret.ts';
import { InputError } from '../lab/input-error.ts';
import { openRtsp, type RtspSession } from '../rtsp/session.ts';
import { consoleLog } from './console-log.ts';
import { demoStarter } from './demo.ts';
import type { LaneSettings } from './make-lane.ts';
import { cameraNames, findCamera, loadTrial, type TrialOptions } from './trial-config.ts';

/** What is to be looked at, and how. */
export type Footage = FileFootage | CameraFootage;

export interface FileFootage extends LaneSettings {
  readonly kind: 'file';
  readonly path: string;
}

export interface CameraFootage extends LaneSettings {
  readonly kind: 'camera';
  readonly name: string;
  readonly source: CameraSource;
}

/**
 * Finds what a word on the command line means: an rtsp:// URL, the name of a camera of the configuration, or a file.
 * A camera has its own settings, everything else those of the sections `motion` and `event`.
 * @throws ConfigError; InputError when it is none of them.
 */
export async function findFootage(input: string, options: TrialOptions): Promise<Footage> {
  const { config, camera: settings } = await loadTrial(options, undefined);
  const { event, motion } = settings;
  if (/^rtsp:/i.test(input))
    return { kind: 'camera', name: 'camera', source: sourceOf(input), event, motion };
  const known = findCamera(config, input);
  if (known !== undefined) return { ...(await loadTrial(options, known.name)).camera, kind: 'camera' };
  if (existsSync(input)) return { kind: 'file', path: input, event, motion };
  const names = cameraNames(config);
  const cameras = names.length === 0 ? '' : `; the cameras are ${names.join(', ')}`;
  const expected = 'a file, a camera or an rtsp:// URL';
  throw new InputError('missing', `${input}: expected ${expected}, found none${cameras}`);
}

function sourceOf(text: string): CameraSource {
  const parsed = parseCameraUrl(text);
  if ('problem' in parsed)
    throw new InputError('missing', `expected an rtsp:// URL, found ${parsed.problem}`);
  const { url, credentials } = parsed;
  const main =
    credentials === undefined
      ? { url }
      : { url, credentials: { ...credentials, password: new Secret(credentials.password) } };
  return { kind: 'rtsp', main, transport: 'tcp', audio: false };
}

/**
 * Connects to the stream in which motion is looked for, for as long as it is used.
 * @throws RtspError; EncodeError when the demo camera cannot be made; the signal's reason; whatever `use` throws.
 */
export async function useCamera<Result>(
  { name, source }: CameraFootage,
  signal: AbortSignal,
  use: (session: RtspSession) => Promise<Result>,
): Promise<Result> {
  const { transport } = source;
  const fixed = { camera: name, transport, audio: false, clock: systemClock, log: silentLog };
  if (source.kind === 'demo') {
    await using demo = await demoStarter({ clock: systemClock, log: consoleLog })(signal);
    await using session = await openRtsp({ ...fixed, url: demo.subUrl }, signal);
    return await use(session);
  }
  await using session = await openRtsp({ ...fixed, ...revealed(source.sub ?? source.main) }, signal);
  return await use(session);
}
