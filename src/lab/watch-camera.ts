import { sleep, type Clock } from '../base/clock.ts';
import { wallMs } from '../base/time.ts';
import { VideoDecoder } from '../decode/decoder.ts';
import { isVideo, shownAtMs, type Packet } from '../media/packet.ts';
import { startRun, wallOfPacket, type Run } from '../media/run.ts';
import type { Show } from './replay-file.ts';

export interface PlayingCamera {
  play(onPacket: (packet: Packet) => void, signal: AbortSignal): Promise<void>;
}

export interface WatchOptions {
  readonly durationMs: number;
  readonly show: Show;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Shows the pictures that a camera sends from now on, for so long or until no more are wanted.
 * @returns how many packets could not be decoded.
 * @throws RtspError when the camera goes away; the signal's reason when it aborts; whatever `show` throws.
 */
export async function watchCamera(session: PlayingCamera, options: WatchOptions): Promise<number> {
  const { durationMs, show, clock, signal } = options;
  using decoder = new VideoDecoder();
  const enough = new AbortController();
  const stop = AbortSignal.any([enough.signal, signal]);
  void sleep(clock, durationMs, stop).then(
    () => enough.abort(),
    () => undefined,
  );
  let run: Run | undefined;
  const take = (packet: Packet) => {
    if (!isVideo(packet) || stop.aborted) return;
    run ??= startRun(1, shownAtMs(packet), { wall: clock.wallMs(), monotonic: clock.monotonicMs() });
    const at = wallOfPacket(packet, run);
    decoder.decode(packet, (picture) => {
      const aheadMs = ((picture.pts - packet.pts) * 1000) / packet.track.clockRateHz;
      if (!stop.aborted && !show(picture, wallMs(at + aheadMs))) enough.abort();
    });
  };
  await session.play(take, stop);
  signal.throwIfAborted();
  return decoder.counts.failedPackets;
}
