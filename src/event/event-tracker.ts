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
  /** An event that lasts longer than this after its trigger goes on in a new one. */
  readonly maximalLengthMs: number;
}

export interface EventListener {
  opened(event: Event): void;
  /** Called once, with the event as it ended. One that goes on in a new one ends after that has opened. */
  closed(event: Event): void;
}

/**
 * A camera that plays but sends no sample for this long is unwatched. Longer than an analyzer's slowest picture,
 * so much shorter than what the ring holds beyond the pre-roll (`TRIGGER_DELAY_MS`) that what happened meanwhile is still in
 * it, though pictures are read some hundred milliseconds after they come.
 */
export const UNWATCHED_AFTER_MS = 3_500;

/** What is left of an event makes a new one only if it is longer than this. */
const SHORTEST_CONTINUATION_MS = 1_000;

/** How far the analysed stream may be ahead of the recorded one. */
const MOST_AHEAD_MS = 10_000;

/** What a rule has asked for. */
interface Hold {
  readonly startWallMs: WallMs;
  /** Infinity until the rule says otherwise. */
  readonly untilMs: number;
}

/**
 * Turns one camera's motion samples and what rules ask for into events. An event lasts until the post-roll of its
 * last cause is over, or the camera is away; a long one is split.
 * It has no timers: time passes when the camera's media says so through `advance`.
 */
export class EventTracker {
  readonly #camera: string;
  readonly #settings: EventSettings;
  readonly #listener: EventListener;
  #event: Event | undefined;
  /** Up to when each cause of the event wants footage. */
  readonly #untilMs = new Map<EventCause, number>();
  /** By the rule's cause; they outlast the camera's connection. */
  readonly #holds = new Map<EventCause, Hold>();
  /** Undefined while the camera is away. */
  #connectedWallMs: WallMs | undefined;
  #isWatched = true;
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

  /** The causes for which rules ask at this time, also while the camera is away. */
  heldAt(now: WallMs): readonly EventCause[] {
    return [...this.#holds].flatMap(([cause, { untilMs }]) => (untilMs > now ? [cause] : []));
  }

  /** The camera's recorded stream began a run. */
  connected(at: WallMs): void {
    this.#connectedWallMs = at;
    this.#nowWallMs = at;
    this.#settle(at);
    for (const [cause, hold] of this.#holds) this.#holds.set(cause, movedBack(hold, at));
  }

  /** The camera's recorded stream ended: there is nothing more to keep. */
  disconnected(at: WallMs): void {
    this.#connectedWallMs = undefined;
    if (this.#event !== undefined) this.#close(wallMs(Math.min(at, this.#event.untilWallMs)));
  }

  /** Motion is looked for from now on; the initial wait begins. */
  watched(at: WallMs): void {
    this.#isWatched = true;
    this.#settle(at);
  }

  /** Motion is not looked for any more, nor missed. */
  unwatched(at: WallMs): void {
    this.#isWatched = false;
    for (const cause of ['motion', 'unwatched']) this.#shorten(cause, at);
    this.#closeIfOver();
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

  /** The camera's sound was loud: since when, and until when so far. */
  loud(since: WallMs, until: WallMs): void {
    if (this.#connectedWallMs === undefined || until > this.#nowWallMs + MOST_AHEAD_MS) return;
    const { minimalDurationMs, postRollMs } = this.#settings;
    this.#extend('loud', since, until + minimalDurationMs + postRollMs, undefined);
  }

  /**
   * A rule asks for an event; asking again replaces what the same rule asked for before.
   * @param durationMs until `release` where there is none.
   */
  hold(cause: EventCause, at: WallMs, durationMs = Number.POSITIVE_INFINITY): void {
    this.#shorten(cause, at);
    this.#forgetExpired(at);
    this.#holds.set(cause, { startWallMs: at, untilMs: at + durationMs });
    this.#extendHeld();
  }

  /** @returns whether the rule had asked for one. */
  release(cause: EventCause, at: WallMs): boolean {
    this.#forgetExpired(at);
    const hold = this.#holds.get(cause);
    if (hold === undefined) return false;
    this.#holds.delete(cause);
    this.#setUntil(cause, Math.min(at, hold.untilMs) + this.#settings.postRollMs);
    return true;
  }

  /** The camera's recorded stream has reached this time. */
  advance(now: WallMs): void {
    if (this.#connectedWallMs === undefined) return;
    this.#nowWallMs = wallMs(Math.max(this.#nowWallMs, now));
    if (this.#isWatched && now - this.#watchedUntilWallMs > UNWATCHED_AFTER_MS) {
      this.#extend('unwatched', this.#watchedUntilWallMs, now + UNWATCHED_AFTER_MS, undefined);
    }
    this.#extendHeld();
    this.#closeIfOver();
    this.#splitIfLong();
  }

  #settle(at: WallMs): void {
    this.#settledWallMs = wallMs(at + this.#settings.initialWaitMs);
    // Until then motion would not count either, so nothing is missed while an analyzer starts.
    this.#watchedUntilWallMs = this.#settledWallMs;
  }

  /** While the camera plays this is done as its media goes on. */
  #forgetExpired(now: WallMs): void {
    if (this.#connectedWallMs !== undefined) return;
    for (const [cause, { untilMs }] of this.#holds) if (untilMs <= now) this.#holds.delete(cause);
  }

  #extendHeld(): void {
    if (this.#connectedWallMs === undefined || this.#holds.size === 0) return;
    const { postRollMs } = this.#settings;
    for (const [cause, { startWallMs, untilMs }] of this.#holds) {
      const from = wallMs(Math.max(startWallMs, this.#connectedWallMs));
      const knownUntilMs = untilMs === Number.POSITIVE_INFINITY ? Math.max(from, this.#nowWallMs) : untilMs;
      // One that ended while the camera was away has nothing left to ask for.
      if (knownUntilMs >= from) this.#extend(cause, from, knownUntilMs + postRollMs, undefined);
      if (untilMs <= this.#nowWallMs) this.#holds.delete(cause);
    }
  }

  /** Samples come later than what is recorded: an event is over only when they have reached its end. */
  #closeIfOver(): void {
    if (this.#holds.size > 0) return;
    const until = this.#event?.untilWallMs;
    const reached = this.#isWatched ? this.#watchedUntilWallMs : this.#nowWallMs;
    if (until !== undefined && reached >= until) this.#close(until);
  }

  #splitIfLong(): void {
    const open = this.#event;
    if (open === undefined || this.#nowWallMs - open.triggerWallMs < this.#settings.maximalLengthMs) return;
    this.#split(open);
  }

  #split(ended: Event): void {
    const now = this.#nowWallMs;
    const isOn = (cause: EventCause) =>
      this.#holds.has(cause) || (this.#untilMs.get(cause) ?? 0) > now + SHORTEST_CONTINUATION_MS;
    const causes = ended.causes.filter(isOn);
    if (causes.length === 0) return;
    this.#event = {
      ...ended,
      triggerWallMs: now,
      continues: ended.triggerWallMs,
      causes,
      fromWallMs: now,
      trigger: undefined,
      peak: undefined,
      lastMotionWallMs: undefined,
      motionSamples: 0,
      zones: [],
    };
    this.#listener.opened(this.#event);
    this.#listener.closed({ ...ended, untilWallMs: now });
  }

  #extend(cause: EventCause, at: WallMs, untilMs: number, sample: MotionSample | undefined): void {
    const moment: EventMoment | undefined = sample && {
      wallMs: sample.wallMs,
      score: sample.score,
      boxes: sample.boxes,
      zones: sample.zones,
    };
    const open = this.#event;
    this.#untilMs.set(cause, Math.max(this.#untilMs.get(cause) ?? 0, untilMs));
    this.#event = {
      camera: this.#camera,
      triggerWallMs: open?.triggerWallMs ?? at,
      continues: open?.continues,
      causes: open === undefined ? [cause] : [...new Set([...open.causes, cause])],
      fromWallMs: open?.fromWallMs ?? wallMs(at - this.#settings.preRollMs),
      untilWallMs: this.#lastUntil(),
      trigger: open === undefined ? moment : open.trigger,
      peak: higher(open?.peak, moment),
      lastMotionWallMs: moment?.wallMs ?? open?.lastMotionWallMs,
      motionSamples: (open?.motionSamples ?? 0) + (moment === undefined ? 0 : 1),
      zones: [...new Set([...(open?.zones ?? []), ...(moment?.zones ?? [])])],
    };
    if (open === undefined) this.#listener.opened(this.#event);
  }

  /** A cause of the event wants footage up to `until` at most. */
  #shorten(cause: EventCause, until: WallMs): void {
    this.#setUntil(cause, Math.min(this.#untilMs.get(cause) ?? until, until));
  }

  #setUntil(cause: EventCause, untilMs: number): void {
    if (this.#event === undefined || !this.#untilMs.has(cause)) return;
    this.#untilMs.set(cause, untilMs);
    this.#event = { ...this.#event, untilWallMs: this.#lastUntil() };
  }

  #lastUntil(): WallMs {
    return wallMs(Math.max(...this.#untilMs.values()));
  }

  #close(untilWallMs: WallMs): void {
    if (this.#event === undefined) return;
    const ended = { ...this.#event, untilWallMs };
    this.#event = undefined;
    this.#untilMs.clear();
    this.#listener.closed(ended);
  }
}

/** After the host's clock was set back a rule must not wait until it has caught up. */
function movedBack(hold: Hold, now: WallMs): Hold {
  if (hold.startWallMs <= now) return hold;
  return { startWallMs: now, untilMs: now + (hold.untilMs - hold.startWallMs) };
}

function higher(a: EventMoment | undefined, b: EventMoment | undefined): EventMoment | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.score > a.score ? b : a;
}
