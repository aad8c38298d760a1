import { wallMs, type WallMs } from '../base/time.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { Event, EventCause, EventMoment } from './event.ts';

export interface EventSettings {
  /** No motion counts for this long after the camera or its analysis connected: exposure has to settle. */
  readonly initialWaitMs: number;
  /** An event lasts at least this long after each motion. */
  readonly minimalDurationMs: number;
  /** Footage wanted from before the trigger. */
  readonly preRollMs: number;
  /** Footage wanted from after the event. */
  readonly postRollMs: number;
}

export interface EventListener {
  opened(event: Event): void;
  /** Called once, with the event as it ended. */
  closed(event: Event): void;
}

/**
 * A camera that plays but sends no sample for this long is unwatched. Longer than an analyzer's slowest picture,
 * shorter than the pre-roll, so that what happened meanwhile is still in the ring.
 */
export const UNWATCHED_AFTER_MS = 3_000;

/** How far the analysed stream may be ahead of the recorded one. */
const MOST_AHEAD_MS = 10_000;

/**
 * Turns one camera's motion samples into events. It has no timers: time passes when the camera's media says so
 * through `advance`.
 */
export class EventTracker {
  readonly #camera: string;
  readonly #settings: EventSettings;
  readonly #listener: EventListener;
  #event: Event | undefined;
  /** Undefined while the camera is away. */
  #connectedWallMs: WallMs | undefined;
  #watchedUntilWallMs = wallMs(0);
  #settledWallMs = wallMs(0);
  /** How far the camera's media has come. */
  #nowWallMs = wallMs(0);

  constructor(camera: string, settings: EventSettings, listener: EventListener) {
    this.#camera = camera;
    this.#settings = settings;
    this.#listener = listener;
  }

  /** The event going on, if any. */
  get open(): Event | undefined {
    return this.#event;
  }

  /** The camera's recorded stream began a run. */
  connected(at: WallMs): void {
    this.#connectedWallMs = at;
    this.#nowWallMs = at;
    this.#settledWallMs = wallMs(at + this.#settings.initialWaitMs);
    // Until then motion would not count either, so nothing is missed while an analyzer starts.
    this.#watchedUntilWallMs = this.#settledWallMs;
  }

  /** The camera's recorded stream ended: there is nothing more to keep. */
  disconnected(at: WallMs): void {
    this.#connectedWallMs = undefined;
    if (this.#event !== undefined) this.#close(wallMs(Math.min(at, this.#event.untilWallMs)));
  }

  sample(sample: MotionSample): void {
    // From before the host's clock was set back; the analyzer learns of it with its next key picture.
    if (sample.wallMs > this.#nowWallMs + MOST_AHEAD_MS) return;
    this.#watchedUntilWallMs = wallMs(Math.max(this.#watchedUntilWallMs, sample.wallMs));
    this.#closeIfOver();
    if (sample.isMotion && sample.wallMs >= this.#settledWallMs && this.#connectedWallMs !== undefined) {
      const { minimalDurationMs, postRollMs } = this.#settings;
      this.#extend('motion', sample.wallMs, sample.wallMs + minimalDurationMs + postRollMs, sample);
    }
    this.advance(sample.wallMs);
  }

  /** The camera's recorded stream has reached this time. */
  advance(now: WallMs): void {
    if (this.#connectedWallMs === undefined) return;
    this.#nowWallMs = wallMs(Math.max(this.#nowWallMs, now));
    if (now - this.#watchedUntilWallMs > UNWATCHED_AFTER_MS) {
      this.#extend('unwatched', this.#watchedUntilWallMs, now + UNWATCHED_AFTER_MS, undefined);
    }
    this.#closeIfOver();
  }

  /** Samples come later than what is recorded: an event is over only when they have reached its end. */
  #closeIfOver(): void {
    const until = this.#event?.untilWallMs;
    if (until !== undefined && this.#watchedUntilWallMs >= until) this.#close(until);
  }

  #extend(cause: EventCause, at: WallMs, untilMs: number, sample: MotionSample | undefined): void {
    const moment: EventMoment | undefined = sample && {
      wallMs: sample.wallMs,
      score: sample.score,
      boxes: sample.boxes,
      zones: sample.zones,
    };
    const open = this.#event;
    this.#event = {
      camera: this.#camera,
      triggerWallMs: open?.triggerWallMs ?? at,
      causes: open === undefined ? [cause] : [...new Set([...open.causes, cause])],
      fromWallMs: open?.fromWallMs ?? wallMs(at - this.#settings.preRollMs),
      untilWallMs: wallMs(Math.max(open?.untilWallMs ?? 0, untilMs)),
      trigger: open === undefined ? moment : open.trigger,
      peak: higher(open?.peak, moment),
      lastMotionWallMs: moment?.wallMs ?? open?.lastMotionWallMs,
      motionSamples: (open?.motionSamples ?? 0) + (moment === undefined ? 0 : 1),
      zones: [...new Set([...(open?.zones ?? []), ...(moment?.zones ?? [])])],
    };
    if (open === undefined) this.#listener.opened(this.#event);
  }

  #close(untilWallMs: WallMs): void {
    if (this.#event === undefined) return;
    const ended = { ...this.#event, untilWallMs };
    this.#event = undefined;
    this.#listener.closed(ended);
  }
}

function higher(a: EventMoment | undefined, b: EventMoment | undefined): EventMoment | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.score > a.score ? b : a;
}
