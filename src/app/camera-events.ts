import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import type { Event, EventCause } from '../event/event.ts';
import { eventJson } from '../event/event-json.ts';
import { EventTracker } from '../event/event-tracker.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { CameraHistory } from './camera-history.ts';
import { logEventClosed, logEventOpened } from './event-lines.ts';

export interface CameraEventsOptions {
  readonly config: Pick<CameraConfig, 'name' | 'event'>;
  /** Keeps their footage. */
  readonly recorder: Pick<
    Recorder,
    'keepFrom' | 'keepUntil' | 'splitEventFile' | 'markEvent' | 'forgetEvent'
  >;
  readonly history: CameraHistory;
  /** Told what others may want to know. */
  readonly onEvent: (change: 'begun' | 'updated' | 'ended', event: Event) => void;
  readonly clock: Clock;
  /** Carries the camera in its fields. */
  readonly log: Log;
}

/** An event's causes are known by name; a program that makes up new ones must not make it grow without end. */
const MOST_CAUSES = 16;

/** One camera's events: what makes them, and who is told of them. */
export class CameraEvents {
  readonly #options: CameraEventsOptions;
  readonly tracker: EventTracker;

  constructor(options: CameraEventsOptions) {
    this.#options = options;
    const { name, event: settings } = options.config;
    this.tracker = new EventTracker(name, settings, {
      opened: (event) => this.#opened(event),
      closed: (event) => this.#closed(event),
    });
  }

  /** The causes for which rules ask now. */
  get held(): readonly EventCause[] {
    return this.tracker.heldAt(this.#options.clock.wallMs());
  }

  /**
   * Holds an event open, beside whatever else makes one.
   * @param durationMs until `stop` where there is none.
   */
  start(cause: EventCause, durationMs: number | undefined): 'started' | 'too-many' {
    const causes = new Set([...(this.tracker.open?.causes ?? []), ...this.held, cause]);
    if (causes.size > MOST_CAUSES) return 'too-many';
    this.tracker.hold(cause, this.#options.clock.wallMs(), durationMs);
    return 'started';
  }

  /** Ends what `start` has asked for. */
  stop(cause: EventCause): 'stopped' | 'not-started' {
    return this.tracker.release(cause, this.#options.clock.wallMs()) ? 'stopped' : 'not-started';
  }

  /** Somebody keeps an event, or lets it go again: recordings of it that are not finished will tell. */
  mark(triggerWallMs: WallMs, isKept: boolean): void {
    this.#options.recorder.markEvent(idOf(triggerWallMs), { kept: isKept ? true : undefined });
  }

  /** Somebody has deleted an event: recordings of it that are not finished will not tell of it. */
  forget(triggerWallMs: WallMs): void {
    this.#options.recorder.forgetEvent(idOf(triggerWallMs));
  }

  /** Tells what has grown since the last time, of files too. */
  tellGrowth(): void {
    const { history, onEvent } = this.#options;
    const { open } = this.tracker;
    if (history.tellGrowth(open) && open !== undefined) onEvent('updated', open);
  }

  #opened(event: Event): void {
    const { recorder, history, onEvent, log } = this.#options;
    if (event.continues !== undefined) recorder.splitEventFile();
    logEventOpened(log, event);
    history.eventOpened(event);
    recorder.keepFrom(event.fromWallMs, eventJson(event));
    onEvent('begun', event);
  }

  #closed(event: Event): void {
    const { recorder, history, onEvent, log } = this.#options;
    logEventClosed(log, event);
    history.eventClosed(event);
    recorder.keepUntil(event.untilWallMs, eventJson(event));
    onEvent('ended', event);
  }
}

/** As `eventJson` names it. */
function idOf(triggerWallMs: WallMs): string {
  return new Date(triggerWallMs).toISOString();
}
