import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { redactCredentials } from '../base/redact.ts';
import { probeStream, type Probe, type ProbeStreamOptions } from '../camera/probe-stream.ts';
import { guessSubStreams } from '../camera/sub-stream-guess.ts';
import { EXPECTED_ADDRESS, parseCameraAddress } from '../config/camera-address.ts';
import type { EngineName, EngineSetting } from '../config/config.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { revealed, type RevealedAddress } from '../config/revealed-address.ts';
import { Secret } from '../config/secret.ts';
import { streamAddress } from '../config/stream-address.ts';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';

export interface ProbeOptions {
  readonly user?: string;
  /** Name of the environment variable that holds the password: a password on a command line is seen by everyone. */
  readonly passwordEnv?: string;
  readonly engine: EngineSetting;
  readonly transport: 'tcp' | 'udp';
  readonly seconds: number;
  readonly json: boolean;
}

/** A command line is interrupted by ending its process. */
const never = new AbortController().signal;

/**
 * `preroll probe ADDRESS`: opens it, watches for a few seconds and says what comes, and where the sub-stream is.
 * @param program of a source process.
 * @returns the exit code.
 * @throws CommandError where there is nothing to open; what opening it throws.
 */
export async function probe(text: string, options: ProbeOptions, program: string): Promise<number> {
  const tell = (line: string) => void (options.json ? undefined : process.stderr.write(line));
  const address = addressOf(text, options);
  tell(`opening ${address.url}, watching for up to ${options.seconds} s ...\n`);
  const main = await probeStream(streamOptions(address, options, program), options.seconds, never);
  const subStreams = await findSubStreams(address, options, program, tell);
  process.stdout.write(
    options.json
      ? json({ ok: true, ...toJson(main), subStreams: subStreams.map(toJson) })
      : describe(main, address.input.kind, subStreams),
  );
  return EXIT.ok;
}

/** @throws CommandError */
function addressOf(text: string, { user, passwordEnv }: ProbeOptions): RevealedAddress {
  const parsed = parseCameraAddress(text);
  if ('problem' in parsed) {
    throw new CommandError('usage', `expected ${EXPECTED_ADDRESS}, found ${parsed.problem}`);
  }
  if (parsed.kind === 'demo') {
    throw new CommandError(
      'usage',
      'expected an address to open, found the built-in demo camera; preroll demo serves it',
    );
  }
  const password = passwordEnv === undefined ? '' : (process.env[passwordEnv] ?? '');
  const login = user === undefined ? undefined : { username: user, password: new Secret(password) };
  return revealed(streamAddress(parsed, login, process.cwd()));
}

/** Tries the addresses at which this kind of camera may have its sub-stream; those that answer are measured. */
async function findSubStreams(
  main: RevealedAddress,
  options: ProbeOptions,
  program: string,
  tell: (text: string) => void,
): Promise<Probe[]> {
  const found: Probe[] = [];
  if (main.input.kind !== 'rtsp') return found;
  for (const url of guessSubStreams(main.url)) {
    tell(`trying ${url} ...\n`);
    try {
      found.push(
        await probeStream(streamOptions({ ...main, url }, options, program), options.seconds, never),
      );
    } catch {
      // A guess that is wrong says nothing about the camera.
    }
  }
  return found;
}

function streamOptions(
  address: RevealedAddress,
  { engine, transport }: ProbeOptions,
  sourceProgram: string,
): ProbeStreamOptions {
  return {
    camera: 'probe',
    address,
    engine,
    transport,
    audio: true,
    encoding: { reencode: PLAIN_ENCODING, camera: 'probe', timeZone: 'local' },
    sourceProgram,
    clock: systemClock,
    log: silentLog,
  };
}

/** Without the picture itself. */
function toJson(found: Probe): object {
  const { measured, tracks, nativeFailure, keyPicture: _, ...rest } = found;
  const { video, audio, seconds, bitsPerSecond } = measured;
  return {
    ...rest,
    nativeFailure: nativeFailure && redactCredentials(nativeFailure),
    seconds: rounded(seconds),
    bitsPerSecond: Math.round(bitsPerSecond),
    video: video && {
      codec: video.track.codec,
      codecString: video.track.codecString,
      width: video.track.widthPx,
      height: video.track.heightPx,
      framesPerSecond: rounded(video.framesPerSecond),
      gopSeconds: video.gopSeconds === undefined ? undefined : rounded(video.gopSeconds),
      hasBFrames: video.hasBFrames,
    },
    audio: audio && { codec: audio.codec, sampleRate: audio.clockRateHz, channels: audio.channels },
    tracks: tracks.map((track) => ({
      type: track.media.type,
      encoding: track.media.encoding,
      isPlayed: track.isPlayed,
      reason: track.isPlayed ? undefined : track.reason,
    })),
  };
}

function describe(main: Probe, kind: RevealedAddress['input']['kind'], subStreams: readonly Probe[]): string {
  const subs = subStreams.flatMap((sub) => ['', ...describeProbe('sub-stream', sub)]);
  const advice = adviceOn(kind, subStreams[0]);
  return `${[...describeProbe('stream', main), ...subs, '', ...advice].join('\n')}\n`;
}

function adviceOn(kind: RevealedAddress['input']['kind'], sub: Probe | undefined): string[] {
  if (kind !== 'rtsp') return ['motion will be looked for in this stream'];
  if (sub === undefined) {
    return ['no sub-stream found at the usual addresses; motion will be looked for in this stream'];
  }
  const why = 'to look for motion in the sub-stream, which costs much less, add to the camera:';
  return [why, `  subUrl: ${sub.url}`];
}

function describeProbe(
  title: string,
  { url, server, engine, nativeFailure, transport, tracks, measured, lostPackets, encodedFrom }: Probe,
): string[] {
  const { video, audio, seconds, bitsPerSecond } = measured;
  const line = (name: string, text: string) => `  ${name.padEnd(9)} ${text}`;
  const gop = video?.gopSeconds === undefined ? 'longer than watched' : `${rounded(video.gopSeconds)} s`;
  return [
    `${title} ${url}`,
    ...(server === '' ? [] : [line('server', server)]),
    ...(engine === undefined ? [] : [line('engine', engineText(engine, nativeFailure))]),
    ...(video === undefined
      ? [line('video', 'no key picture came in the time watched')]
      : [
          line('video', `${video.track.codec.toUpperCase()} (${video.track.codecString})`),
          ...(encodedFrom === undefined ? [] : [line('encoded', `here, from ${encodedFrom}: see reencode`)]),
          line('size', `${video.track.widthPx}x${video.track.heightPx}`),
          line(
            'rate',
            `${rounded(video.framesPerSecond)} pictures a second${video.hasBFrames ? ', B frames' : ''}`,
          ),
          line('GOP', gop),
        ]),
    ...(audio === undefined
      ? []
      : [line('sound', `${audio.codec}, ${audio.clockRateHz} Hz, ${audio.channels} ch`)]),
    line('bit rate', `${Math.round(bitsPerSecond / 1000)} kbit/s over ${rounded(seconds)} s`),
    line('transport', lostPackets === 0 ? transport : `${transport}, ${lostPackets} packets lost`),
    ...tracks.flatMap((track) =>
      track.isPlayed
        ? []
        : [line('not used', `${track.media.type} ${track.media.encoding}: ${track.reason}`)],
    ),
  ];
}

function engineText(engine: EngineName, nativeFailure: string | undefined): string {
  if (nativeFailure === undefined) return engine;
  return `${engine}, for our own client does not understand the camera: ${redactCredentials(nativeFailure)}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
