import { sleep } from '../base/clock.ts';
import { isVideo, type VideoPacket } from '../media/packet.ts';
import { openStream, type FoundStream, type StreamOptions } from './open-stream.ts';
import { StreamMeter, type StreamMeasurement } from './stream-measurement.ts';

/** What a stream turned out to be in a few seconds. */
export interface Probe extends FoundStream {
  /** Without its password. */
  readonly url: string;
  readonly measured: StreamMeasurement;
  /** Undefined when none came. */
  readonly keyPicture: VideoPacket | undefined;
}

/**
 * Connects, watches until enough is known, at most for `seconds`, and leaves.
 * @throws RtspError, SourceError; the signal's reason when it aborts before the stream plays.
 */
export async function probeStream(
  options: StreamOptions,
  seconds: number,
  signal: AbortSignal,
): Promise<Probe> {
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
    // Its memory is written anew after this call.
    if (isVideo(packet) && packet.isKey) keyPicture ??= { ...packet, data: packet.data.slice() };
    if (meter.isTelling) enough.abort();
  }, stop);
  return {
    url: options.address.url,
    ...stream.found(),
    measured: meter.result(),
    keyPicture,
  };
}
