import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { ChangeJson, MotionJson } from '../control/changes.ts';
import type { CameraStatusJson } from '../control/controlled-recorder.ts';
import type { RecorderLink } from '../control/recorder-link.ts';

/** What is told of a recorder: its changes, and that it is not there. */
export type RecorderNotice = ChangeJson | { readonly type: 'recorder-away'; readonly reason: string };

type Listener<Told> = (told: Told) => void;

export interface FollowedRecorderOptions {
  readonly link: RecorderLink;
  readonly clock: Clock;
  readonly log: Log;
}

const RETRY_MS = { first: 100, longest: 2_000 };
const NOT_YET = 'the recorder has not answered yet';

/** The recorder as its changes tell it, followed once for all of this process. */
export class FollowedRecorder implements AsyncDisposable {
  readonly #options: FollowedRecorderOptions;
  readonly #listeners = new Set<Listener<RecorderNotice>>();
  readonly #motion = new Map<string, SharedMotion>();
  readonly #stopping = new AbortController();
  #cameras: readonly CameraStatusJson[] = [];
  #awayReason: string | undefined = NOT_YET;
  #work: Promise<void> | undefined;

  constructor(options: FollowedRecorderOptions) {
    this.#options = options;
  }

  start(): void {
    const { link } = this.#options;
    this.#work ??= keepUp(this.#options, this.#stopping.signal, {
      follow: (signal) => link.followChanges((change) => this.#take(change), signal),
      onAway: (reason) => this.#away(reason),
    });
  }

  /** As told last, in the order of the configuration; none before the recorder answers. */
  get cameras(): readonly CameraStatusJson[] {
    return this.#cameras;
  }

  /** Why what is known may be old; undefined while the recorder tells its changes. */
  get awayReason(): string | undefined {
    return this.#awayReason;
  }

  camera(name: string): CameraStatusJson | undefined {
    return this.#cameras.find(({ camera }) => camera === name);
  }

  /** Tells all cameras at once, then what changes, until disposed of. */
  follow(listener: Listener<RecorderNotice>): Disposable {
    if (this.#awayReason !== undefined) listener({ type: 'recorder-away', reason: this.#awayReason });
    if (this.#awayReason !== NOT_YET) listener({ type: 'cameras', cameras: this.#cameras });
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Tells what moves on a camera, until disposed of; asked for once for all who want it. */
  followMotion(camera: string, listener: Listener<MotionJson>): Disposable {
    const shared = this.#motion.get(camera) ?? new SharedMotion(camera, this.#options);
    this.#motion.set(camera, shared);
    return shared.follow(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    for (const shared of this.#motion.values()) shared.stop();
    await this.#work;
    await Promise.all(Array.from(this.#motion.values(), ({ work }) => work));
  }

  #take(change: ChangeJson): void {
    this.#awayReason = undefined;
    if (change.type === 'cameras') this.#cameras = change.cameras;
    if (change.type === 'camera') {
      const { status } = change;
      this.#cameras = this.#cameras.map((known) => (known.camera === status.camera ? status : known));
    }
    this.#tell(change);
  }

  #away(reason: string): void {
    if (this.#awayReason === reason) return;
    this.#awayReason = reason;
    this.#tell({ type: 'recorder-away', reason });
  }

  #tell(notice: RecorderNotice): void {
    for (const listener of this.#listeners) listener(notice);
  }
}

/** What moves on one camera, asked for while anybody wants to know. */
class SharedMotion {
  readonly #camera: string;
  readonly #options: FollowedRecorderOptions;
  readonly #listeners = new Set<Listener<MotionJson>>();
  #following: AbortController | undefined;
  work: Promise<void> = Promise.resolve();

  constructor(camera: string, options: FollowedRecorderOptions) {
    this.#camera = camera;
    this.#options = options;
  }

  follow(listener: Listener<MotionJson>): Disposable {
    this.#listeners.add(listener);
    if (this.#following === undefined) this.#start();
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.stop();
      },
    };
  }

  stop(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  #start(): void {
    const following = new AbortController();
    this.#following = following;
    const tell = (motion: MotionJson) => {
      for (const listener of this.#listeners) listener(motion);
    };
    this.work = keepUp(this.#options, following.signal, {
      follow: (signal) => this.#options.link.followMotion(this.#camera, tell, signal),
      onAway: () => undefined,
    });
  }
}

interface Followed {
  readonly follow: (signal: AbortSignal) => Promise<void>;
  readonly onAway: (reason: string) => void;
}

/** Follows something of the recorder until the signal aborts, again and again when that ends. */
async function keepUp(
  { clock, log }: FollowedRecorderOptions,
  signal: AbortSignal,
  { follow, onAway }: Followed,
): Promise<void> {
  let delayMs = RETRY_MS.first;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    await follow(signal).catch((error: unknown) => {
      log.debug(`following the recorder: ${describeError(error)}`);
      onAway('the recorder does not answer');
    });
    if (clock.monotonicMs() - startedMs > RETRY_MS.longest) delayMs = RETRY_MS.first;
    await sleep(clock, delayMs, signal).catch(() => undefined);
    delayMs = Math.min(RETRY_MS.longest, delayMs * 2);
  }
}
