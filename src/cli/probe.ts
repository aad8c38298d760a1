import { systemClock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { silentLog } from '../base/log.ts';
import { redactCredentials } from '../base/redact.ts';
import { probeStream, type Probe } from '../camera/probe-stream.ts';
import { guessSubStreams } from '../camera/sub-stream-guess.ts';
import type { RtspOptions } from '../rtsp/session.ts';
import { EXIT } from './exit-code.ts';

export interface ProbeOptions {
  readonly user?: string;
  /** Name of the environment variable that holds the password: a password on a command line is seen by everyone. */
  readonly passwordEnv?: string;
  readonly transport: 'tcp' | 'udp';
  readonly seconds: number;
  readonly json: boolean;
}

/** A command line is interrupted by ending its process. */
const never = new AbortController().signal;

/**
 * `preroll probe URL`: connects, watches for a few seconds and says what the camera sends, and where its sub-stream is.
 * @returns the exit code.
 */
export async function probe(url: string, options: ProbeOptions): Promise<number> {
  const tell = (text: string) => void (options.json ? undefined : process.stderr.write(text));
  tell(`connecting to ${redactCredentials(url)}, watching for up to ${options.seconds} s ...\n`);
  let main: Probe;
  try {
    main = await probeStream(rtspOptions(url, options), options.seconds, never);
  } catch (error) {
    const message = redactCredentials(describeError(error));
    if (options.json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
    else process.stderr.write(`${message}\n`);
    return EXIT.failed;
  }
  const subStreams = await findSubStreams(url, options, tell);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ok: true, ...toJson(main), subStreams: subStreams.map(toJson) }, undefined, 2)}\n`
      : describe(main, subStreams),
  );
  return EXIT.ok;
}

/** Tries the addresses at which this kind of camera may have its sub-stream; those that answer are measured. */
async function findSubStreams(
  url: string,
  options: ProbeOptions,
  tell: (text: string) => void,
): Promise<Probe[]> {
  const found: Probe[] = [];
  for (const candidate of guessSubStreams(url)) {
    tell(`trying ${redactCredentials(candidate)} ...\n`);
    try {
      found.push(await probeStream(rtspOptions(candidate, options), options.seconds, never));
    } catch {
      // A guess that is wrong says nothing about the camera.
    }
  }
  return found;
}

function rtspOptions(url: string, { user, passwordEnv, transport }: ProbeOptions): RtspOptions {
  const password = passwordEnv === undefined ? '' : (process.env[passwordEnv] ?? '');
  return {
    camera: 'probe',
    url,
    ...(user === undefined ? {} : { credentials: { username: user, password } }),
    transport,
    audio: true,
    clock: systemClock,
    log: silentLog,
  };
}

function toJson({ measured, tracks, ...rest }: Probe): object {
  const { video, audio, seconds, bitsPerSecond } = measured;
  return {
    ...rest,
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

function describe(main: Probe, subStreams: readonly Probe[]): string {
  const subs = subStreams.flatMap((sub) => ['', ...describeProbe('sub-stream', sub)]);
  const advice = subStreams[0];
  const last =
    advice === undefined
      ? ['', 'no sub-stream found at the usual addresses; motion will be looked for in this stream']
      : [
          '',
          'to look for motion in the sub-stream, which costs much less, add to the camera:',
          `  subUrl: ${withoutCredentials(advice.url)}`,
        ];
  return `${[...describeProbe('stream', main), ...subs, ...last].join('\n')}\n`;
}

function describeProbe(
  title: string,
  { url, server, transport, tracks, measured, lostPackets }: Probe,
): string[] {
  const { video, audio, seconds, bitsPerSecond } = measured;
  const line = (name: string, text: string) => `  ${name.padEnd(9)} ${text}`;
  const gop = video?.gopSeconds === undefined ? 'longer than watched' : `${rounded(video.gopSeconds)} s`;
  return [
    `${title} ${url}`,
    ...(server === '' ? [] : [line('server', server)]),
    ...(video === undefined
      ? [line('video', 'no key picture came in the time watched')]
      : [
          line('video', `${video.track.codec.toUpperCase()} (${video.track.codecString})`),
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

/** The configuration gives the main stream's credentials to a sub-stream on the same host. */
function withoutCredentials(url: string): string {
  return url.replace(/^(rtsp:\/\/)[^/]*@/, '$1');
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
