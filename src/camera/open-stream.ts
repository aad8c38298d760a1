import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { RevealedAddress, SourceEncoding } from '../config/revealed-address.ts';
import type { MediaProblem } from '../rtsp/media-problem.ts';
import { openRtsp } from '../rtsp/session.ts';
import type { DescribedMedia } from '../rtsp/track-choice.ts';
import type { StreamPace } from '../rtsp/stream-pace.ts';
import { openChildSource } from './child-source.ts';
import type { PacketSource } from './stream.ts';

export interface StreamOptions {
  readonly camera: string;
  readonly address: RevealedAddress;
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
  /** How video is encoded that cannot be recorded as it comes. */
  readonly encoding: SourceEncoding;
  /** The source program, a path to built JavaScript. */
  readonly sourceProgram: string;
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

/**
 * Opens a stream of whatever kind: rtsp:// in this process, all others in one of their own.
 * @throws RtspError, SourceError; the signal's reason.
 */
export async function openStream(options: StreamOptions, signal: AbortSignal): Promise<OpenStream> {
  const { camera, address, transport, audio, encoding, sourceProgram, pace, onProblem, clock, log } = options;
  const { input, ...rest } = address;
  if (input.kind === 'rtsp') {
    const optional = { ...(pace && { pace }), ...(onProblem && { onProblem }) };
    const session = await openRtsp({ camera, ...rest, transport, audio, ...optional, clock, log }, signal);
    return opened(session, false, () => ({
      server: session.description.server,
      transport: session.statistics.transport,
      tracks: session.description.media,
      lostPackets: session.statistics.lost,
      encodedFrom: undefined,
    }));
  }
  const login = rest.credentials === undefined ? {} : { credentials: rest.credentials };
  const order = { input, ...login, audio, encoding };
  const source = await openChildSource({ program: sourceProgram, order, clock }, signal);
  const { format = '', videoCodec = '', isEncoded = false } = source.stream ?? {};
  const how = isEncoded ? `${videoCodec}, which is encoded to be recorded` : videoCodec;
  log.info(`opened ${address.url}: ${format}, ${how}`);
  return opened(source, isEncoded, () => ({
    server: '',
    transport: format,
    tracks: [],
    lostPackets: 0,
    encodedFrom: isEncoded ? videoCodec : undefined,
  }));
}

function opened(source: PacketSource, isEncoded: boolean, found: () => FoundStream): OpenStream {
  return {
    isEncoded,
    found,
    play: (onPacket, signal) => source.play(onPacket, signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
