import type { WallMs } from '../base/time.ts';
import type { MotionSample } from '../motion/motion-sample.ts';

/**
 * Why an event exists: `motion` was seen; the camera was `unwatched`: its analyzer gave no answers, so that what moved
 * could not be known and everything is kept; its sound was `loud`; the `schedule` asked for it; or what a rule calls it, `manual` by hand.
 */
export type EventCause = string;

/** The moment of an event that one sample describes. */
export type EventMoment = Pick<MotionSample, 'wallMs' | 'score' | 'boxes' | 'zones'>;

/** A span of interest of one camera, as far as it is known. Immutable; an open event is told anew as it grows. */
export interface Event {
  readonly camera: string;
  /** The trigger's time; together with the camera it names the event. */
  readonly triggerWallMs: WallMs;
  /** The trigger of the event that this one goes on from, that having reached its maximal length. */
  readonly continues: WallMs | undefined;
  /** In the order they appeared, the first is what opened the event. */
  readonly causes: readonly EventCause[];
  /** The trigger less the pre-roll: footage is wanted from here on. */
  readonly fromWallMs: WallMs;
  /** The end of its causes plus post-roll: footage is wanted up to here. Moves while the event is open. */
  readonly untilWallMs: WallMs;
  /** The sample that opened it; undefined for an event opened unwatched. */
  readonly trigger: EventMoment | undefined;
  /** The sample with the highest score. */
  readonly peak: EventMoment | undefined;
  /** The last sample with motion. */
  readonly lastMotionWallMs: WallMs | undefined;
  /** How many samples showed motion. */
  readonly motionSamples: number;
  /** Names of the zones that moved in any of them, in the order in which they first did. */
  readonly zones: readonly string[];
}
