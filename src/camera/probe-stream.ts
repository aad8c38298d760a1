import { sleep } from '../base/clock.ts';
import { redactCredentials } from '../base/redact.ts';
import { isVideo, type VideoPacket } from '../media/packet.ts';
import { openRtsp, type RtspOptions } from '../rtsp/session.ts';
import type { DescribedMedia } from '../rtsp/track-choice.ts';
import { StreamMeter, type StreamMeasurement } from './stream-measurement.ts';

/** What a stream turned out to be in a few seconds. */
export interface Probe {
  /** Without its password. */
  readonly url: string;
  readonly server: string;
  readonly transport: string;
  readonly tracks: readonly DescribedMedia[];
  readonly measured: StreamMeasurement;
  readonly lostPackets: number;
  /** Undefined when none came. */
  readonly keyPicture: VideoPacket | undefined;
}

/**
 * Connects, watches until enough is known, at most for `seconds`, and leaves.
 * @throws RtspError; the signal's reason when it aborts before the stream plays.
 */
export async function probeStream(
  options: RtspOptions,
  seconds: number,
  signal: AbortSignal,
): Promise<Probe> {
  await using session = await openRtsp(options, signal);
  const meter = new StreamMeter();
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, signal]);
  void sleep(options.clock, seconds * 1_000, stop).then(
    () => enough.abort(),
    () => undefined,
  );
  let keyPicture: VideoPacket | undefined;
  await session.play((packet) => {
    meter.add(packet);
    // Its memory is written anew after this call.
    if (isVideo(packet) && packet.isKey) keyPicture ??= { ...packet, data: packet.data.slice() };
    if (meter.isTelling) enough.abort();
  }, stop);
  return {
    url: redactCredentials(options.url),
    server: session.description.server,
    transport: session.statistics.transport,
    tracks: session.description.media,
    measured: meter.result(),
    lostPackets: session.statistics.lost,
    keyPicture,
  };
}
