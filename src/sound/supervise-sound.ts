import type { Clock } from '../base/clock.ts';
import { SupervisedChild } from '../base/supervised-child.ts';
import type { SoundDone, ToSoundProcess } from './messages.ts';
import type { SoundChild, SoundChildListener } from './sound-process.ts';

const RESTART_DELAY_MS = { first: 200, longest: 30_000 };

/** @param program the sound process's, a path to built JavaScript. */
export function superviseSound(program: string, clock: Clock): (listener: SoundChildListener) => SoundChild {
  return (listener) =>
    new SupervisedChild<ToSoundProcess, SoundDone>({
      program,
      clock,
      restartDelayMs: RESTART_DELAY_MS,
      stopMessage: { type: 'stop' },
      ...listener,
    });
}
