import { LiveFeed } from '../../media/live-feed.ts';
import type { ChangeJson, ExplainedJson, MotionJson } from '../changes.ts';
import type { CameraStatusJson, ControlledRecorder, MetersJson, StreamName } from '../controlled-recorder.ts';

/** A recorder of cameras that do nothing but remember what was asked for; a cause `many` is one too many. */
export class PretendedRecorder implements ControlledRecorder {
  readonly #held: ReadonlyMap<string, Map<string, number | undefined>>;
  readonly #feeds = new Map<string, LiveFeed>();
  readonly followers = new Set<(change: ChangeJson) => void>();
  readonly motionFollowers = new Set<(motion: MotionJson) => void>();
  readonly explainedFollowers = new Set<(explained: ExplainedJson) => void>();

  constructor(...cameras: readonly string[]) {
    this.#held = new Map(cameras.map((camera) => [camera, new Map()]));
  }

  /** What is held open: for each cause its duration in ms. */
  held(camera: string): object {
    return Object.fromEntries(this.#held.get(camera) ?? []);
  }

  status(): readonly CameraStatusJson[] {
    return [...this.#held.keys()].map((camera) => this.#statusOf(camera));
  }

  meters(): MetersJson {
    const cameras = [...this.#held.keys()].map((camera) => ({ camera, bytes: 125_000, pictures: 25 }));
    return { upMs: 1_000, cameras };
  }

  startEvent(camera: string, cause: string, durationMs: number | undefined): CameraStatusJson | 'too-many' {
    if (cause === 'many') return 'too-many';
    this.#held.get(camera)?.set(cause, durationMs);
    return this.#statusOf(camera);
  }

  stopEvent(camera: string, cause: string): CameraStatusJson | 'not-started' {
    return this.#held.get(camera)?.delete(cause) === true ? this.#statusOf(camera) : 'not-started';
  }

  follow(listener: (change: ChangeJson) => void): Disposable {
    listener({ type: 'cameras', cameras: this.status() });
    this.followers.add(listener);
    return { [Symbol.dispose]: () => void this.followers.delete(listener) };
  }

  followMotion(_camera: string, listener: (motion: MotionJson) => void): Disposable {
    this.motionFollowers.add(listener);
    return { [Symbol.dispose]: () => void this.motionFollowers.delete(listener) };
  }

  followExplained(_camera: string, listener: (explained: ExplainedJson) => void): Disposable {
    this.explainedFollowers.add(listener);
    return { [Symbol.dispose]: () => void this.explainedFollowers.delete(listener) };
  }

  live(camera: string, stream: StreamName): LiveFeed {
    const name = `${camera} ${stream}`;
    const feed = this.#feeds.get(name) ?? new LiveFeed(2 ** 20);
    this.#feeds.set(name, feed);
    return feed;
  }

  keepEvent(camera: string): Promise<'done' | 'unknown'> {
    return Promise.resolve(this.#held.has(camera) ? 'done' : 'unknown');
  }

  deleteEvent(camera: string, triggerWallMs: number): Promise<'done' | 'unknown' | 'open'> {
    if (!this.#held.has(camera)) return Promise.resolve('unknown');
    return Promise.resolve(triggerWallMs === 0 ? 'open' : 'done');
  }

  #statusOf(camera: string): CameraStatusJson {
    return {
      camera,
      stream: { state: 'connecting' },
      mode: 'off',
      recording: false,
      failure: null,
      held: [...(this.#held.get(camera)?.keys() ?? [])],
      event: null,
      video: null,
      audio: null,
      hasSub: true,
      fallbacks: [],
      analysis: null,
    };
  }
}
