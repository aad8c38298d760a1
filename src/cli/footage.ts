import { existsSync } from 'node:fs';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openByEither } from '../camera/open-by-either.ts';
import { openStream, type OpenStream } from '../camera/open-stream.ts';
import { parseCameraAddress } from '../config/camera-address.ts';
import type { CameraSource } from '../config/config.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { revealed } from '../config/revealed-address.ts';
import { streamAddress } from '../config/stream-address.ts';
import { InputError } from '../lab/input-error.ts';
import { consoleLog } from './console-log.ts';
import { demoStarter } from './demo.ts';
import type { LaneSettings } from './make-lane.ts';
import type { Programs } from './programs.ts';
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
 * Finds what a word on the command line means: an address, the name of a camera of the configuration, or a file.
 * A camera has its own settings, everything else those of the sections `motion` and `event`.
 * @throws ConfigError; InputError when it is none of them.
 */
export async function findFootage(input: string, options: TrialOptions): Promise<Footage> {
  const { config, camera: settings } = await loadTrial(options, undefined);
  const { event, motion } = settings;
  if (/^[a-z]{2,}:|^\/dev\//i.test(input))
    return { kind: 'camera', name: 'camera', source: sourceOf(input), event, motion };
  const known = findCamera(config, input);
  if (known !== undefined) return { ...(await loadTrial(options, known.name)).camera, kind: 'camera' };
  if (existsSync(input)) return { kind: 'file', path: input, event, motion };
  const names = cameraNames(config);
  const cameras = names.length === 0 ? '' : `; the cameras are ${names.join(', ')}`;
  const expected = 'a file, a camera or an address such as rtsp://192.168.1.20/stream1';
  throw new InputError('missing', `${input}: expected ${expected}, found none${cameras}`);
}

function sourceOf(text: string): CameraSource {
  const parsed = parseCameraAddress(text);
  if ('problem' in parsed) {
    throw new InputError('missing', `expected an address, found ${parsed.problem}`);
  }
  const fixed = { transport: 'tcp', audio: false } as const;
  if (parsed.kind === 'demo') return { kind: 'demo', ...fixed };
  const main = streamAddress(parsed, undefined, process.cwd());
  return { kind: 'streams', main, engine: 'auto', ...fixed };
}

/**
 * Connects to the stream in which motion is looked for, for as long as it is used.
 * @throws RtspError, SourceError; EncodeError when the demo camera cannot be made; the signal's reason; whatever `use` throws.
 */
export async function useCamera<Result>(
  { name, source }: CameraFootage,
  programs: Programs,
  signal: AbortSignal,
  use: (stream: OpenStream) => Promise<Result>,
): Promise<Result> {
  const encoding = { reencode: PLAIN_ENCODING, camera: name, timeZone: 'local' } as const;
  const { transport, orientation } = source;
  const fixed = {
    camera: name,
    transport,
    orientation,
    audio: false,
    encoding,
    sourceProgram: programs.source,
    clock: systemClock,
    log: silentLog,
  };
  if (source.kind === 'demo') {
    await using demo = await demoStarter({
      clipMaker: programs.clipMaker,
      clock: systemClock,
      log: consoleLog,
    })(signal);
    const address = { url: demo.subUrl, input: { kind: 'rtsp' } } as const;
    await using stream = await openStream({ ...fixed, address, engine: 'native' }, signal);
    return await use(stream);
  }
  const address = revealed(source.sub ?? source.main);
  await using stream = await openByEither({ ...fixed, address }, source.engine, signal);
  return await use(stream);
}
