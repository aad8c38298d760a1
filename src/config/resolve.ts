import { resolve as resolvePath } from 'node:path';
import type { Orientation } from '../base/orientation.ts';
import { EXPECTED_ADDRESS, parseCameraAddress, type CameraAddress } from './camera-address.ts';
import type {
  CameraConfig,
  CameraSource,
  Config,
  ControlConfig,
  Credentials,
  EventConfig,
  StreamAddress,
  VolumeConfig,
  WebConfig,
} from './config.ts';
import { parseFolderTemplate } from './folder-template.ts';
import type { Path } from './located.ts';
import { reportTwins, type ResolveContext } from './resolve-context.ts';
import { resolveModes, resolveSpans } from './resolve-modes.ts';
import { reportUnused, resolveMotion } from './resolve-motion.ts';
import { resolveReencode } from './resolve-reencode.ts';
import { reportContradictions, resolveRetention } from './resolve-retention.ts';
import { readSecret } from './secret-source.ts';
import type { ValidCamera, ValidConfig } from './schema.ts';
import { Secret } from './secret.ts';
import { credentialsOf, streamAddress, urlOf } from './stream-address.ts';
import type { WeeklySpan } from './weekly-span.ts';

/** Stands for an address that was reported. */
const NOWHERE: StreamAddress = { url: '', input: { kind: 'rtsp' } };

/** Checks what one option alone cannot tell, and gives the configuration the form in which the rooms use it. */
export async function resolveConfig(valid: ValidConfig, context: ResolveContext): Promise<Config> {
  const cameras: CameraConfig[] = [];
  reportTwins('camera', Object.keys(valid.cameras), ['cameras'], context);
  reportUnused(valid.motion, valid.motion.detector, ['motion'], context);
  const common = { ...valid, at: resolveSpans(valid.event.at, ['event', 'at'], context) };
  for (const [name, camera] of Object.entries(valid.cameras)) {
    cameras.push(await resolveCamera(name, camera, common, context));
  }
  reportContradictions(valid.retention, valid.retention, ['retention'], context);
  const { archive, log } = valid;
  const folder = parseFolderTemplate(archive.folder);
  if ('problem' in folder) {
    context.report(['archive', 'folder'], `expected a folder template, found ${folder.problem}`);
  }
  const absolute = (path: string) => resolvePath(context.folder, path);
  return {
    cameras,
    archive: {
      path: absolute(archive.path),
      volumes: resolveVolumes(archive, context),
      indexPath: absolute(archive.index),
      folder: 'problem' in folder ? { pieces: [] } : folder,
      ...(archive.folderModule === undefined ? {} : { folderModule: absolute(archive.folderModule) }),
      timeZone: archive.timeZone,
      segmentLengthMs: archive.segmentLength,
    },
    retention: {
      otherCameras: resolveRetention(valid.retention, {}),
      archiveMaxSizeBytes: valid.retention.archiveMaxSize,
      minFreeBytes: valid.retention.minFree,
    },
    ring: { maxBytes: valid.ring.maxBytes },
    control: resolveControl(valid, context.folder),
    web: resolveWeb(valid.web, context),
    log: {
      path: absolute(log.path),
      level: log.level,
      maxSizeBytes: log.maxSize,
      count: log.count,
      format: log.format,
      console: log.console,
    },
  };
}

/** @param folder of the configuration file. */
export function resolveControl({ control }: ValidConfig, folder: string): ControlConfig {
  return { path: resolvePath(folder, control.path) };
}

function resolveWeb(
  { certificate, key, folder, ...web }: ValidConfig['web'],
  context: ResolveContext,
): WebConfig {
  const absolute = (path: string) => resolvePath(context.folder, path);
  if ((certificate === undefined) !== (key === undefined)) {
    const [given, missing] = certificate === undefined ? ['key', 'certificate'] : ['certificate', 'key'];
    context.report(['web', given], `is set, but ${missing} is not`);
  }
  const isGiven = certificate !== undefined && key !== undefined;
  return {
    ...web,
    certificate: isGiven ? { certificatePath: absolute(certificate), keyPath: absolute(key) } : undefined,
    folder: absolute(folder),
  };
}

function resolveVolumes(
  { volumes: further = [], ...first }: ValidConfig['archive'],
  context: ResolveContext,
) {
  const volumes = [first, ...further];
  const at = (i: number) => (i === 0 ? ['archive'] : ['archive', 'volumes', i - 1]);
  const resolved = volumes.map(({ path, maxSize, moveAfter }): VolumeConfig => {
    return { path: resolvePath(context.folder, path), maxBytes: maxSize, moveAfterMs: moveAfter };
  });
  for (const [i, volume] of resolved.entries()) {
    if (resolved.slice(0, i).some((other) => other.path === volume.path)) {
      context.report([...at(i), 'path'], 'is the folder of another volume');
    }
  }
  if (resolved.at(-1)?.moveAfterMs !== undefined) {
    context.report(
      [...at(resolved.length - 1), 'moveAfter'],
      'is set for the last volume, after which there is none',
    );
  }
  return resolved;
}

/** What holds for all cameras. */
interface Common extends ValidConfig {
  /** `event.at`. */
  readonly at: readonly WeeklySpan[];
}

async function resolveCamera(
  name: string,
  camera: ValidCamera,
  common: Common,
  context: ResolveContext,
): Promise<CameraConfig> {
  const event = resolveEvent(common, camera, ['cameras', name, 'event'], context);
  if (event.maximalLengthMs < event.minimalDurationMs) {
    const isOwn = camera.event?.maximalLength !== undefined || camera.event?.minimalDuration !== undefined;
    const section = isOwn ? ['cameras', name, 'event'] : ['event'];
    context.report([...section, 'maximalLength'], 'must not be shorter than minimalDuration', {
      code: 'expected-at-least',
      leastMs: event.minimalDurationMs,
    });
  }
  if (camera.reencode?.label === true && orientationOf(camera) !== undefined) {
    const message =
      'would be turned and mirrored with the picture; let it be false, or leave out rotate and mirror';
    context.report(['cameras', name, 'reencode', 'label'], message);
  }
  if (camera.event?.loudDbfs !== undefined && !camera.audio) {
    context.report(['cameras', name, 'event', 'loudDbfs'], 'needs sound, and audio is false');
  }
  reportContradictions(common.retention, camera.retention ?? {}, ['cameras', name, 'retention'], context);
  return {
    name,
    isEnabled: camera.enabled,
    source: await resolveSource(camera, ['cameras', name], context),
    modes: resolveModes(camera, ['cameras', name], context),
    event,
    reencode: resolveReencode(camera.reencode, ['cameras', name, 'reencode'], context),
    motion: resolveMotion(common.motion, camera.motion, ['cameras', name, 'motion'], context),
    retention: resolveRetention(common.retention, camera.retention ?? {}),
  };
}

function resolveEvent(
  { event, at }: Common,
  { event: own = {} }: ValidCamera,
  path: Path,
  context: ResolveContext,
): EventConfig {
  const levelDbfs = own.loudDbfs ?? event.loudDbfs;
  return {
    initialWaitMs: own.initialWait ?? event.initialWait,
    minimalDurationMs: own.minimalDuration ?? event.minimalDuration,
    preRollMs: own.preRoll ?? event.preRoll,
    postRollMs: own.postRoll ?? event.postRoll,
    maximalLengthMs: own.maximalLength ?? event.maximalLength,
    at: own.at === undefined ? at : resolveSpans(own.at, [...path, 'at'], context),
    loud: levelDbfs === undefined ? undefined : { levelDbfs, durationMs: own.loudFor ?? event.loudFor },
  };
}

async function resolveSource(
  camera: ValidCamera,
  path: Path,
  context: ResolveContext,
): Promise<CameraSource> {
  const { engine, transport, audio } = camera;
  const orientation = orientationOf(camera);
  const own = await ownCredentials(camera, path, context);
  const main = resolveAddress(camera.url, [...path, 'url'], own, context);
  if (main?.kind === 'demo') {
    if (camera.subUrl !== undefined)
      context.report([...path, 'subUrl'], 'the demo camera has its own sub-stream');
    return { kind: 'demo', transport, audio, orientation };
  }
  const subPath = [...path, 'subUrl'];
  const sub = camera.subUrl === undefined ? undefined : resolveAddress(camera.subUrl, subPath, own, context);
  if (sub?.kind === 'demo') context.report(subPath, 'the demo camera is no sub-stream of another one');
  if (engine === 'native' && main !== undefined && main.kind !== 'rtsp' && sub?.kind !== 'rtsp') {
    context.report([...path, 'engine'], 'is native, which reads rtsp:// only');
  }
  return {
    kind: 'streams',
    main: main === undefined ? NOWHERE : streamAddress(main, own, context.folder),
    ...(sub === undefined || sub.kind === 'demo'
      ? {}
      : { sub: streamAddress(sub, own ?? sharedCredentials(main, sub), context.folder) }),
    engine,
    transport,
    audio,
    orientation,
  };
}

function orientationOf({ rotate, mirror }: ValidCamera): Orientation | undefined {
  return rotate === 0 && !mirror ? undefined : { turnDegrees: rotate, isMirrored: mirror };
}

/** What stands in the main URL serves the same host's sub-stream too, but is not sent anywhere else. */
function sharedCredentials(
  main: CameraAddress | undefined,
  sub: CameraAddress | undefined,
): Credentials | undefined {
  return urlOf(main)?.host === urlOf(sub)?.host ? credentialsOf(main) : undefined;
}

/** @returns undefined for what is none, once that is reported. */
function resolveAddress(
  text: string,
  path: Path,
  own: Credentials | undefined,
  context: ResolveContext,
): CameraAddress | undefined {
  const parsed = parseCameraAddress(text);
  if ('problem' in parsed) {
    context.report(path, `expected ${EXPECTED_ADDRESS}, found ${parsed.problem}`, {
      code: 'expected-address',
    });
    return undefined;
  }
  if (own !== undefined && urlOf(parsed)?.credentials !== undefined) {
    context.report(path, 'has credentials, and username and password are set too; keep one of them');
  }
  return parsed;
}

/** What the keys `username` and `password` say. */
async function ownCredentials(
  { username, password }: ValidCamera,
  path: Path,
  context: ResolveContext,
): Promise<Credentials | undefined> {
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined) context.report([...path, 'password'], 'is set, but username is not');
  if (username !== undefined && /\p{Cc}/u.test(username)) {
    context.report([...path, 'username'], 'expected a user name, found a control character in it');
  }
  if (password === undefined) return { username: username ?? '', password: new Secret('') };
  const secret = await readSecret(password, context);
  if (typeof secret === 'string') return { username: username ?? '', password: new Secret(secret) };
  context.report([...path, 'password'], secret.problem);
  return undefined;
}
