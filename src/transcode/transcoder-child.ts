import type { Clock } from '../base/clock.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import type { FromTranscoder, ToTranscoder } from './messages.ts';
import type { TranscoderChild, TranscoderListener } from './transcoder.ts';

/** Files change their format with each attempt: not more often than it is worth while. */
const RESTART_DELAY_MS = { first: 500, longest: 300_000 };

/** @param program the transcoder's, a path to built JavaScript. */
export function superviseTranscoder(
  program: string,
  clock: Clock,
): (listener: TranscoderListener) => TranscoderChild {
  return (listener) =>
    new SupervisedChild<ToTranscoder, FromTranscoder>({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      ...listener,
    });
}
