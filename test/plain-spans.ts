import type { MotionSample } from '../src/motion/motion-sample.ts';

/** A stretch of motion: the first and the last sample that showed it. */
export interface MotionSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** The motion of a clip by the detector alone, without any rule of events; pauses up to `joinWithinMs` are no pauses. */
export function plainSpans(samples: readonly MotionSample[], joinWithinMs: number): MotionSpan[] {
  const spans: MotionSpan[] = [];
  for (const { wallMs } of samples.filter(({ isMotion }) => isMotion)) {
    const last = spans.at(-1);
    if (last !== undefined && wallMs - last.endMs <= joinWithinMs) {
      spans[spans.length - 1] = { ...last, endMs: wallMs };
    } else {
      spans.push({ startMs: wallMs, endMs: wallMs });
    }
  }
  return spans;
}
