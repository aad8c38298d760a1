import { sleep } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { isVideo, type VideoPacket } from '../media/packet.ts';
import type { EngineName, EngineSetting } from '../config/config.ts';
import { openStream, type FoundStream, type StreamOptions } from './open-stream.ts';
import { isProtocolFailure } from './protocol-failure.ts';
import { SourceError } from './source-error.ts';
import { StreamMeter, type StreamMeasurement } from './stream-measurement.ts';

/** What a stream turned out to be in a few seconds. */
export interface Probe extends FoundStream {
  /** Without its password. */
  readonly url: string;
  readonly measured: StreamMeasurement;
  /** Undefined when none came. */
  readonly keyPicture: VideoPacket | undefined;
  /** What read it, where it is an RTSP camera. */
  readonly engine: EngineName | undefined;
  /** Why our own client could not, where that is why FFmpeg's did. */
  readonly nativeFailure: string | undefined;
}

export interface ProbeStreamOptions extends Omit<StreamOptions, 'engine'> {
  readonly engine: EngineSetting;
}

/**
 * Connects, watches until enough is known, at most for `seconds`, and leaves. With the engine `auto` FFmpeg's client does
 * so where our own one does not understand the camera.
 * @throws RtspError, SourceError; the signal's reason when it aborts before the stream plays.
 */
export async function probeStream(
  { engine, ...options }: ProbeStreamOptions,
  seconds: number,
  signal: AbortSignal,
): Promise<Probe> {
  const probeBy = (name: EngineName) => probeByEngine({ ...options, engine: name }, seconds, signal);
  if (options.address.input.kind !== 'rtsp') return await probeBy('ffmpeg');
  if (engine !== 'auto') return await probeBy(engine);
  let nativeFailure: string;
  try {
    return await probeBy('native');
  } catch (error) {
    if (!isProtocolFailure(error)) throw error;
    nativeFailure = describeError(error);
  }
  try {
    return { ...(await probeBy('ffmpeg')), nativeFailure };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new SourceError(error.kind, `${nativeFailure}; and by FFmpeg: ${describeError(error)}`);
  }
}

async function probeByEngine(options: StreamOptions, seconds: number, signal: AbortSignal): Promise<Probe> {
  await using stream = await openStream(options, signal);
  const meter = new StreamMeter();
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, signal]);
  void sleep(options.clock, seconds * 1_000, stop).then(
    () => enough.abort(),
    () => undefined,
  );
  let keyPicture: VideoPacket | undefined;
  await stream.play((packet) => {
    meter.add(packet);
    if (isVideo(packet) && packet.isKey) keyPicture ??= inOwnMemory(packet);
    if (meter.isTelling) enough.abort();
  }, stop);
  return {
    url: options.address.url,
    ...stream.found(),
    measured: meter.result(),
    keyPicture,
    engine: options.address.input.kind === 'rtsp' ? options.engine : undefined,
    nativeFailure: undefined,
  };
}

/** A packet that outlasts the call that brought it, after which its memory is written anew. */
export function inOwnMemory(packet: VideoPacket): VideoPacket {
  // The data may be a Buffer, whose own `slice` copies nothing.
  return { ...packet, data: Uint8Array.from(packet.data) };
}
