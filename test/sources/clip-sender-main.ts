import { sleep, systemClock } from '../../src/base/clock.ts';
import type { ClipSenderOptions } from './clip-sender.ts';
import { muxClip } from './mux-clip.ts';

const LOOPS = 1_000;

const startedMs = systemClock.monotonicMs();
const pace = async (seconds: number) => {
  const waitMs = startedMs + seconds * 1_000 - systemClock.monotonicMs();
  if (waitMs > 0) await sleep(systemClock, waitMs, new AbortController().signal);
};

process.once('message', (message) => {
  // Sent by ClipSender.
  const options = message as ClipSenderOptions;
  // Whoever reads it may leave.
  void muxClip({ ...options, pace, loops: LOOPS }).catch(() => undefined);
});
process.once('disconnect', () => process.exit());
