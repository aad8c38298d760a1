import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import type { TimeZone } from '../config/folder-template.ts';
import { looksForMotion, modeAt, recordsOf, type RecordingMode } from '../config/recording-mode.ts';
import { isInSpan } from '../config/weekly-span.ts';
import type { EventTracker } from '../event/event-tracker.ts';
import type { Recorder } from '../recording/recorder.ts';

export interface CameraScheduleOptions {
  readonly config: Pick<CameraConfig, 'modes' | 'event'>;
  readonly timeZone: TimeZone;
  readonly recorder: Recorder;
  /** Undefined where no mode asks for it. */
  readonly timelapse: Recorder | undefined;
  readonly tracker: EventTracker;
  /** Called in turns. */
  readonly lookForMotion: () => void;
  readonly ignoreMotion: () => void;
  readonly log: Log;
}

const MINUTE_MS = 60_000;

/**
 * Puts a camera's mode and the events of its schedule into force as time passes. Time is that of its pictures, so that
 * what changes does so between two of them.
 */
export class CameraSchedule {
  readonly #options: CameraScheduleOptions;
  #mode: RecordingMode | undefined;
  #isEventDue = false;
  /** Of the time that was followed last. */
  #minute: number | undefined;

  constructor(options: CameraScheduleOptions) {
    this.#options = options;
  }

  /** @param wall of the picture that comes next, or of the start. */
  follow(wall: WallMs): void {
    // Spans begin and end with minutes.
    const minute = Math.floor(wall / MINUTE_MS);
    if (minute === this.#minute) return;
    this.#minute = minute;
    const { config, timeZone, tracker } = this.#options;
    const mode = modeAt(config.modes, wall, timeZone);
    if (mode !== this.#mode) this.#change(this.#mode, mode, wall);
    const isDue = config.event.at.some((span) => isInSpan(span, wall, timeZone));
    if (isDue === this.#isEventDue) return;
    this.#isEventDue = isDue;
    if (isDue) tracker.hold('schedule', wall);
    else tracker.release('schedule', wall);
  }

  #change(before: RecordingMode | undefined, mode: RecordingMode, at: WallMs): void {
    const { recorder, timelapse, log } = this.#options;
    this.#mode = mode;
    if (before !== undefined) log.info(`mode ${mode}, as scheduled`);
    ask(recorder, recordsOf(mode) === 'everything', at);
    if (timelapse !== undefined) ask(timelapse, recordsOf(mode) === 'key pictures', at);
    const did = before === undefined ? undefined : looksForMotion(before);
    if (did !== looksForMotion(mode)) this.#changeMotion(looksForMotion(mode), at);
  }

  #changeMotion(isWanted: boolean, at: WallMs): void {
    const { tracker, lookForMotion, ignoreMotion } = this.#options;
    if (isWanted) {
      lookForMotion();
      tracker.watched(at);
    } else {
      ignoreMotion();
      tracker.unwatched(at);
    }
  }
}

function ask(recorder: Recorder, isWanted: boolean, at: WallMs): void {
  if (isWanted) recorder.recordFrom(at);
  else recorder.recordUntil(at);
}
