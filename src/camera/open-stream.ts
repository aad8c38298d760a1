import type { Orientation } from '../base/orientation.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { EngineName } from '../config/config.ts';
import type { RevealedAddress, SourceEncoding } from '../config/revealed-address.ts';
import type { MediaProblem } from '../rtsp/media-problem.ts';
import { refuseRedirects } from '../rtsp/describe.ts';
import { openRtsp } from '../rtsp/session.ts';
import type { DescribedMedia } from '../rtsp/track-choice.ts';
import type { StreamPace } from '../rtsp/stream-pace.ts';
import type { SoundProcess } from '../sound/sound-process.ts';
import { openChildSource } from './child-source.ts';
import { withEncodedSound } from './encoded-sound.ts';
import { oriented } from './oriented.ts';
import type { PacketSource } from './stream.ts';

export interface StreamOptions {
  readonly camera: string;
  readonly address: RevealedAddress;
  /** What reads an RTSP camera; all others are read by FFmpeg. */
  readonly engine: EngineName;
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
  /** Encodes sound that cannot be recorded as it comes; without it that is told as it comes. */
  readonly sound?: SoundProcess;
  /** How video is encoded that cannot be recorded as it comes. */
  readonly encoding: SourceEncoding;
  /** The source program, a path to built JavaScript. */
  readonly sourceProgram: string;
  /** How its pictures are to be shown, if not as they come. */
  readonly orientation?: Orientation | undefined;
  readonly pace?: StreamPace;
  readonly onProblem?: (problem: MediaProblem) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenStream extends PacketSource {
  /** Whether its video was encoded on the way, as `encoding` has it. */
  readonly isEncoded: boolean;
  /** What is known of it by now. */
  readonly found: () => FoundStream;
}

export interface FoundStream {
  /** As a camera names itself; may be empty. */
  readonly server: string;
  readonly transport: string;
  /** What an RTSP camera offers. */
  readonly tracks: readonly DescribedMedia[];
  readonly lostPackets: number;
  /** The codec in which video came that is encoded on the way. */
  readonly encodedFrom: string | undefined;
}

/** A camera that our own client does not understand may leave it without an answer. */
const REDIRECT_TIMEOUT_MS = 2_000;

/**
 * Opens a stream of whatever kind: rtsp:// in this process where the engine is `native`, all others in one of their own.
 * FFmpeg follows a redirect to another host and logs in there, so where there is a login it is only let at a camera that has none for us.
 * @throws RtspError, SourceError; the signal's reason.
 */
export async function openStream(options: StreamOptions, signal: AbortSignal): Promise<OpenStream> {
  const { camera, address, engine, transport, audio, encoding, sourceProgram, orientation } = options;
  const { clock, log } = options;
  const { input, ...rest } = address;
  if (input.kind === 'rtsp' && engine === 'native') {
    const { sound, pace, onProblem } = options;
    const optional = { ...(pace && { pace }), ...(onProblem && { onProblem }) };
    const session = await openRtsp({ camera, ...rest, transport, audio, ...optional, clock, log }, signal);
    try {
      session.requireVideo();
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
    const source = sound === undefined ? session : withEncodedSound(session, sound, log);
    return openStreamOf(oriented(source, orientation), false, () => ({
      server: session.description.server,
      transport: session.statistics.transport,
      tracks: session.description.media,
      lostPackets: session.statistics.lost,
      encodedFrom: undefined,
    }));
  }
  const { url, credentials } = rest;
  if (input.kind === 'rtsp' && credentials !== undefined) {
    await refuseRedirects({ camera, url, credentials, requestTimeoutMs: REDIRECT_TIMEOUT_MS, clock }, signal);
  }
  const login = credentials === undefined ? {} : { credentials };
  const opened = input.kind === 'rtsp' ? { kind: input.kind, url, transport } : input;
  const order = { input: opened, ...login, audio, encoding };
  const source = await openChildSource({ program: sourceProgram, order, clock }, signal);
  const { format = '', videoCodec = '', isEncoded = false } = source.stream ?? {};
  const how = isEncoded ? `${videoCodec}, which is encoded to be recorded` : videoCodec;
  log.info(`opened ${address.url}: ${format}, ${how}`);
  return openStreamOf(oriented(source, orientation), isEncoded, () => ({
    server: '',
    transport: format,
    tracks: [],
    lostPackets: 0,
    encodedFrom: isEncoded ? videoCodec : undefined,
  }));
}

function openStreamOf(source: PacketSource, isEncoded: boolean, found: () => FoundStream): OpenStream {
  return {
    isEncoded,
    found,
    play: (onPacket, signal) => source.play(onPacket, signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
