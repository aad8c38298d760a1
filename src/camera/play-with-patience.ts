import type { Clock } from '../base/clock.ts';
import { Watchdog } from '../base/watchdog.ts';
import { RtspError } from '../rtsp/error.ts';
import type { PacketSource } from './stream.ts';

export interface Patience {
  readonly ms: number;
  readonly hasPicture: () => boolean;
  readonly camera: string;
  readonly clock: Clock;
}

/**
 * Plays a source as `PacketSource` does, and gives it up where media has come for so long and no picture could be made of it.
 * @throws RtspError `media` then; what playing throws.
 */
export async function playWithPatience(
  source: PacketSource,
  onPacket: Parameters<PacketSource['play']>[0],
  { ms, hasPicture, camera, clock }: Patience,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  let isGivenUp = false;
  using _ = new Watchdog(clock, ms, () => {
    isGivenUp = !hasPicture();
    if (isGivenUp) end();
  });
  try {
    await source.play(onPacket, ending.signal);
  } finally {
    signal.removeEventListener('abort', end);
  }
  if (isGivenUp && !signal.aborted) {
    const message = `playing: found no picture to begin with in what came for ${ms / 1000} s`;
    throw new RtspError('media', message, { camera });
  }
}
