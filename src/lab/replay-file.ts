import { setImmediate } from 'node:timers/promises';
import { wallMs, type WallMs } from '../base/time.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import type { VideoFile } from './video-file.ts';

/** Shown pictures in order, with the time each was taken. @returns whether more are wanted. */
export type Show = (picture: DecodedPicture, at: WallMs) => boolean;

export interface ReplayOptions {
  /** When the first picture was taken; 0 where nobody knows. */
  readonly startWallMs: WallMs;
  readonly show: Show;
  /** Told now and then how far it is, in ms of the file's time. */
  readonly onProgress: (positionMs: number) => void;
  readonly signal: AbortSignal;
}

/** Packets between looks at the signal. */
const PACKETS_A_TURN = 32;

/**
 * Shows the pictures of a file, as fast as they decode, up to its end or until no more are wanted.
 * @throws the signal's reason when it aborts; whatever `show` throws.
 */
export async function replayFile(file: VideoFile, options: ReplayOptions): Promise<void> {
  const { startWallMs, show, onProgress, signal } = options;
  const state = { isWanted: true, positionMs: 0 };
  const visit = (picture: DecodedPicture) => {
    if (!state.isWanted) return;
    state.positionMs = (picture.pts * 1000) / VIDEO_CLOCK_RATE_HZ;
    state.isWanted = show(picture, wallMs(startWallMs + state.positionMs));
  };
  for (let packets = 0; state.isWanted && file.advance(visit); packets++) {
    if (packets % PACKETS_A_TURN !== 0) continue;
    onProgress(state.positionMs);
    await setImmediate();
    signal.throwIfAborted();
  }
}
