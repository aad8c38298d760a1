import { wallMs } from '../base/time.ts';
import { MOTION_SLOT_MS, type MotionRecord } from '../db/records.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { motionIntensity } from './motion-intensity.ts';

/** Told with its slots so far each time one is over, so that a queue that waits holds one record a minute. */
const SLOTS = 6;
const SPAN_MS = SLOTS * MOTION_SLOT_MS;

/** Keeps the strongest motion of each slot of one camera. */
export class MotionMeter {
  readonly #camera: string;
  /** Of the minute and, in it, of the slot under way. */
  #startMs = 0;
  #slot = 0;
  #intensity = new Uint8Array(SLOTS);

  constructor(camera: string) {
    this.#camera = camera;
  }

  /** @returns the minute up to the slot that is over with this sample, if one is. */
  sample(sample: MotionSample): MotionRecord | undefined {
    const startMs = Math.floor(sample.wallMs / SPAN_MS) * SPAN_MS;
    const slot = Math.floor((sample.wallMs - startMs) / MOTION_SLOT_MS);
    const isSame = startMs === this.#startMs && slot === this.#slot;
    const over = isSame || this.#startMs === 0 ? undefined : this.#record();
    if (startMs !== this.#startMs) this.#intensity = new Uint8Array(SLOTS);
    this.#startMs = startMs;
    this.#slot = slot;
    this.#intensity[slot] = Math.max(this.#intensity[slot] ?? 0, motionIntensity(sample));
    return over;
  }

  #record(): MotionRecord {
    const intensity = this.#intensity.slice();
    return { camera: this.#camera, startWallMs: wallMs(this.#startMs), intensity };
  }
}
