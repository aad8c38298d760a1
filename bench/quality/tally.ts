import { mediaTicks, wallMs } from '../../src/base/time.ts';
import { EventTracker } from '../../src/event/event-tracker.ts';
import type { Detection } from '../../src/motion/detector.ts';
import { SCENE_SIZE, type Passage } from '../scenes/scene.ts';

/** How well a detector did on a scene. */
export interface Quality {
  readonly passages: number;
  /** Those during which it alarmed, and where someone was. */
  readonly found: number;
  /** From someone's entering the picture to that alarm, of those found. */
  readonly delaysSeconds: readonly number[];
  /** Pictures with someone on them, and those of them that alarmed. */
  readonly busyPictures: number;
  readonly alarmedPictures: number;
  /** Time in which nobody was there, and the events that its alarms opened then. */
  readonly quietHours: number;
  readonly falseEvents: number;
  /** Pictures of that time, and those of them that alarmed. */
  readonly quietPictures: number;
  readonly falsePictures: number;
}

/** What an event lasts after the last motion, as by default: an alarm within this after someone left opens none. */
export const MINIMAL_DURATION_SECONDS = 10;
const EVENT_SETTINGS = {
  initialWaitMs: 0,
  minimalDurationMs: 1000 * MINIMAL_DURATION_SECONDS,
  preRollMs: 0,
  postRollMs: 0,
  maximalLengthMs: 24 * 3_600_000,
};

/** Less quiet time than this says nothing. */
const LEAST_QUIET_HOURS = 1 / 60;

/** Undefined when somebody was there nearly all the time. */
export function falseEventsAnHour({ falseEvents, quietHours }: Quality): number | undefined {
  return quietHours < LEAST_QUIET_HOURS ? undefined : falseEvents / quietHours;
}

/** Compares what a detector says of a scene's pictures with who was there. */
export class Tally {
  readonly #passages: readonly Passage[];
  readonly #rateFps: number;
  readonly #delays = new Map<Passage, number>();
  readonly #tracker: EventTracker;
  #busyPictures = 0;
  #alarmedPictures = 0;
  #falseEvents = 0;
  #quietPictures = 0;
  #falsePictures = 0;

  /** @param startSeconds time of the first picture that counts. */
  constructor(passages: readonly Passage[], rateFps: number, startSeconds: number) {
    this.#passages = passages;
    this.#rateFps = rateFps;
    const opened = () => void this.#falseEvents++;
    this.#tracker = new EventTracker('scene', EVENT_SETTINGS, { opened, closed: () => undefined });
    this.#tracker.connected(wallMs(1000 * startSeconds));
  }

  add(seconds: number, detection: Detection): void {
    const passing = this.#passages.filter((one) => seconds >= one.fromSeconds && seconds <= one.toSeconds);
    for (const passage of passing) {
      if (!this.#delays.has(passage) && alarmsAt(detection, passage, seconds)) {
        this.#delays.set(passage, seconds - passage.fromSeconds);
      }
    }
    this.#busyPictures += passing.length > 0 ? 1 : 0;
    this.#alarmedPictures += passing.length > 0 && detection.isMotion ? 1 : 0;
    this.#addQuiet(seconds, detection);
  }

  quality(): Quality {
    return {
      passages: this.#passages.length,
      found: this.#delays.size,
      delaysSeconds: [...this.#delays.values()],
      busyPictures: this.#busyPictures,
      alarmedPictures: this.#alarmedPictures,
      quietHours: this.#quietPictures / this.#rateFps / 3600,
      falseEvents: this.#falseEvents,
      quietPictures: this.#quietPictures,
      falsePictures: this.#falsePictures,
    };
  }

  #addQuiet(seconds: number, { isMotion, score }: Detection): void {
    const isQuiet = this.#passages.every(
      ({ fromSeconds, toSeconds }) =>
        seconds < fromSeconds - 1 || seconds > toSeconds + MINIMAL_DURATION_SECONDS,
    );
    this.#quietPictures += isQuiet ? 1 : 0;
    this.#falsePictures += isQuiet && isMotion ? 1 : 0;
    this.#tracker.sample({
      wallMs: wallMs(1000 * seconds),
      pts: mediaTicks(0),
      score,
      isMotion: isMotion && isQuiet,
      boxes: [],
      zones: [],
      analysedWidthPx: 1,
      analysedHeightPx: 1,
    });
  }
}

/** Whether something was marked where someone is, or at all where that is not known. */
function alarmsAt({ isMotion, boxes, analysedWidthPx }: Detection, passage: Passage, seconds: number) {
  const there = passage.boxAt(seconds);
  if (!isMotion || there === undefined) return isMotion;
  const scale = SCENE_SIZE.widthPx / analysedWidthPx;
  return boxes.some(
    ({ x, y, width, height }) =>
      x * scale < there.x + there.width &&
      there.x < (x + width) * scale &&
      y * scale < there.y + there.height &&
      there.y < (y + height) * scale,
  );
}
