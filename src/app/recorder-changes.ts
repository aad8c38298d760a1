import type { Clock, Timer } from '../base/clock.ts';
import type { ChangeJson, EventChangeJson, MotionJson } from '../control/changes.ts';
import type { CameraStatusJson } from '../control/controlled-recorder.ts';
import type { DetectorSettings } from '../motion/detector-settings.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { neededScore } from '../motion/needed-score.ts';

export interface RecorderChangesOptions {
  readonly status: () => readonly CameraStatusJson[];
  readonly clock: Clock;
}

type Listener<Told> = (told: Told) => void;

/** What is noticed together is told together. */
const GATHER_MS = 50;
/** Between two samples of a camera that say the same about motion. */
const SAMPLE_INTERVAL_MS = 180;

/**
 * Tells what changes in a recorder to those who follow it. States are compared when somebody says that one may have changed
 * (`mayHaveChanged`), so that no change needs to be described; while nobody follows, nothing is compared.
 */
export class RecorderChanges implements Disposable {
  readonly #options: RecorderChangesOptions;
  readonly #followers = new Set<Listener<ChangeJson>>();
  readonly #motion = new Map<string, MotionFollowers>();
  /** As told last: of each camera its JSON. */
  #told = new Map<string, string>();
  #looking: Timer | undefined;

  constructor(options: RecorderChangesOptions) {
    this.#options = options;
  }

  /** Tells all cameras at once, then what changes, until disposed of. */
  follow(listener: Listener<ChangeJson>): Disposable {
    // What is told to all from now on is told against what this one hears first.
    if (this.#followers.size > 0) this.#look();
    const cameras = this.#options.status();
    this.#told = texts(cameras);
    listener({ type: 'cameras', cameras });
    this.#followers.add(listener);
    return { [Symbol.dispose]: () => void this.#followers.delete(listener) };
  }

  /** Tells what moves on a camera, a few times a second, until disposed of. */
  followMotion(camera: string, listener: Listener<MotionJson>): Disposable {
    const followers = this.#motion.get(camera) ?? new MotionFollowers();
    this.#motion.set(camera, followers);
    followers.listeners.add(listener);
    return {
      [Symbol.dispose]: () => {
        followers.listeners.delete(listener);
        if (followers.listeners.size === 0) this.#motion.delete(camera);
      },
    };
  }

  mayHaveChanged(): void {
    if (this.#followers.size === 0) return;
    this.#looking ??= this.#options.clock.setTimer(GATHER_MS, () => {
      this.#looking = undefined;
      this.#look();
    });
  }

  event(change: Omit<EventChangeJson, 'type'>): void {
    this.#tell({ type: 'event', ...change });
    this.mayHaveChanged();
  }

  /** @param problem why the one before stays in force; null when the new one is. */
  configuration(problem: string | null): void {
    this.#tell({ type: 'configuration', problem });
    this.mayHaveChanged();
  }

  /** @param settings of the detector that said so. */
  sample(camera: string, sample: MotionSample, settings: DetectorSettings): void {
    this.#motion.get(camera)?.tell(camera, sample, settings);
  }

  [Symbol.dispose](): void {
    this.#looking?.[Symbol.dispose]();
  }

  #look(): void {
    const cameras = this.#options.status();
    const before = this.#told;
    this.#told = texts(cameras);
    if ([...before.keys()].join('\n') !== [...this.#told.keys()].join('\n')) {
      this.#tell({ type: 'cameras', cameras });
      return;
    }
    for (const status of cameras) {
      if (before.get(status.camera) !== this.#told.get(status.camera)) this.#tell({ type: 'camera', status });
    }
  }

  #tell(change: ChangeJson): void {
    for (const follower of this.#followers) follower(change);
  }
}

/** Those who want to know what moves on one camera. */
class MotionFollowers {
  readonly listeners = new Set<Listener<MotionJson>>();
  #last: { readonly wallMs: number; readonly isMotion: boolean } | undefined;

  tell(camera: string, sample: MotionSample, settings: DetectorSettings): void {
    const { wallMs, score, isMotion, boxes, zones } = sample;
    const isSame = this.#last?.isMotion === isMotion;
    if (isSame && Math.abs(wallMs - (this.#last?.wallMs ?? 0)) < SAMPLE_INTERVAL_MS) return;
    this.#last = { wallMs, isMotion };
    const needed = neededScore(settings, sample.analysedWidthPx * sample.analysedHeightPx);
    for (const listener of this.listeners) {
      listener({ type: 'motion', camera, wallMs, score, neededScore: needed, isMotion, boxes, zones });
    }
  }
}

function texts(cameras: readonly CameraStatusJson[]): Map<string, string> {
  return new Map(cameras.map((status) => [status.camera, JSON.stringify(status)]));
}
