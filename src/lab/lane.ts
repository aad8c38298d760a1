import { wallMs, type WallMs } from '../base/time.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import { FrameSampler } from '../decode/frame-sampler.ts';
import type { Event } from '../event/event.ts';
import { EventTracker, type EventSettings } from '../event/event-tracker.ts';
import type { DetectionStages, MotionDetector } from '../motion/detector.ts';
import { motionSample, type MotionSample } from '../motion/motion-sample.ts';

export interface LaneOptions {
  /** Disposed of with the lane. */
  readonly detector: MotionDetector;
  /** Pictures analysed a second. */
  readonly rateFps: number;
  readonly event: EventSettings;
  /** Whether moments have their stages, which takes time. */
  readonly isExplaining: boolean;
}

/** What a detector made of one picture. */
export interface Moment {
  readonly sample: MotionSample;
  /** Undefined for a picture with which there was nothing to compare. Valid until the lane's next picture. */
  readonly stages: DetectionStages | undefined;
  /** Whole seconds for which an event still goes on at least; undefined without one. */
  readonly secondsLeft: number | undefined;
}

/** A pause between pictures shorter than this is a slow camera, a longer one a break. */
const LONGEST_PAUSE_MS = 60_000;
/** Oftener than the event tracker calls a camera unwatched. */
const STEP_MS = 1_000;

/**
 * Footage replayed to one detector as if it were live: some of the pictures are analysed, and what they show makes
 * events. Several lanes may be shown the same pictures. Dispose of it.
 */
export class Lane implements Disposable {
  readonly #detector: MotionDetector;
  readonly #sampler: FrameSampler;
  readonly #minimalDurationMs: number;
  readonly #isExplaining: boolean;
  readonly #tracker: EventTracker;
  readonly #events: Event[] = [];
  #lastWallMs = wallMs(0);

  constructor({ detector, rateFps, event, isExplaining }: LaneOptions) {
    this.#detector = detector;
    this.#sampler = new FrameSampler(rateFps);
    this.#minimalDurationMs = event.minimalDurationMs;
    this.#isExplaining = isExplaining;
    this.#tracker = new EventTracker('', event, {
      opened: () => undefined,
      closed: (ended) => void this.#events.push(ended),
    });
  }

  /** Those that have ended, in order of time. */
  get events(): readonly Event[] {
    return this.#events;
  }

  /** A stretch of footage begins: a first picture never alarms, nor does the initial wait. */
  begin(at: WallMs): void {
    this.#detector.reset();
    this.#sampler.reset();
    this.#lastWallMs = at;
    this.#tracker.connected(at);
  }

  /** @returns undefined for a picture whose turn it is not. */
  take(picture: DecodedPicture, at: WallMs): Moment | undefined {
    if (!this.#sampler.accept(picture.pts)) return undefined;
    const detection = this.#detector.detect(picture.readLuma());
    const sample = motionSample(detection, picture.pts, at);
    this.#pass(at, sample);
    this.#tracker.sample(sample);
    const stages = this.#isExplaining ? this.#detector.stages() : undefined;
    return { sample, stages, secondsLeft: this.#secondsLeft(at) };
  }

  /** The stretch ends, and the event going on with it. */
  end(at: WallMs): void {
    this.#tracker.disconnected(at);
  }

  [Symbol.dispose](): void {
    this.#detector[Symbol.dispose]();
  }

  /** In a pause nothing moved. */
  #pass(at: WallMs, sample: MotionSample): void {
    if (at - this.#lastWallMs > LONGEST_PAUSE_MS) {
      this.#tracker.disconnected(this.#lastWallMs);
      this.#tracker.connected(at);
    } else {
      for (let ms = this.#lastWallMs + STEP_MS; ms < at; ms += STEP_MS) {
        this.#tracker.sample({ ...sample, wallMs: wallMs(ms), isMotion: false });
      }
    }
    this.#lastWallMs = at;
  }

  #secondsLeft(at: WallMs): number | undefined {
    const lastMotion = this.#tracker.open?.lastMotionWallMs;
    return wholeSecondsLeft(lastMotion, this.#minimalDurationMs, at);
  }
}

/** For how long an event still goes on at least; undefined when it is over, or there was no motion. */
export function wholeSecondsLeft(
  lastMotion: WallMs | undefined,
  minimalDurationMs: number,
  now: WallMs,
): number | undefined {
  if (lastMotion === undefined || now > lastMotion + minimalDurationMs) return undefined;
  return Math.ceil((lastMotion + minimalDurationMs - now) / 1000);
}
