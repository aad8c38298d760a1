import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import { ControlApi } from '../control/control-api.ts';
import { ControlError } from '../control/control-error.ts';
import { ControlServer } from '../control/control-server.ts';
import type { ChangeJson, ExplainedJson, MotionJson } from '../control/changes.ts';
import type {
  CameraStatusJson,
  ControlledRecorder,
  MetersJson,
  StreamName,
} from '../control/controlled-recorder.ts';
import { socketAddress } from '../control/socket-address.ts';
import type { LiveStream } from '../media/live-feed.ts';
import type { EventCare } from './event-care.ts';
import { cameraStatusJson } from './camera-status.ts';
import type { RecordedCamera } from './recorded-camera.ts';
import type { RecorderChanges } from './recorder-changes.ts';

export interface ControlOptions {
  /** As configured. */
  readonly path: string;
  /** Those that run now. */
  readonly cameras: () => readonly RecordedCamera[];
  /** Since the recorder was started. */
  readonly upMs: () => number;
  readonly changes: RecorderChanges;
  readonly eventCare: EventCare;
  /** Takes passwords out of a text. */
  readonly redact: (text: string) => string;
  readonly log: Log;
}

/** Lets other programs ask. Recording does not depend on it: where it cannot be offered, that is told. */
export async function offerControl(options: ControlOptions): Promise<ControlServer | undefined> {
  const { path, log } = options;
  try {
    const address = socketAddress(path, process.platform);
    return await ControlServer.start(new ControlApi(new ControlledCameras(options)), address, log);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    log.error(`${describeError(error)}; other programs cannot ask for events`, error.fields);
    return undefined;
  }
}

class ControlledCameras implements ControlledRecorder {
  readonly #options: ControlOptions;

  constructor(options: ControlOptions) {
    this.#options = options;
  }

  status(): readonly CameraStatusJson[] {
    return this.#options.cameras().map((camera) => this.#json(camera));
  }

  meters(): MetersJson {
    const { cameras, upMs } = this.#options;
    return { upMs: Math.round(upMs()), cameras: cameras().map(({ meter }) => meter) };
  }

  startEvent(name: string, cause: string, durationMs: number | undefined): CameraStatusJson | 'too-many' {
    const camera = this.#camera(name);
    const outcome = camera.events.start(cause, durationMs);
    return outcome === 'started' ? this.#json(camera) : outcome;
  }

  stopEvent(name: string, cause: string): CameraStatusJson | 'not-started' {
    const camera = this.#camera(name);
    const outcome = camera.events.stop(cause);
    return outcome === 'stopped' ? this.#json(camera) : outcome;
  }

  keepEvent(camera: string, triggerWallMs: WallMs, isKept: boolean): Promise<'done' | 'unknown'> {
    return this.#options.eventCare.keep(camera, triggerWallMs, isKept);
  }

  deleteEvent(camera: string, triggerWallMs: WallMs): Promise<'done' | 'unknown' | 'open' | 'kept'> {
    return this.#options.eventCare.delete(camera, triggerWallMs);
  }

  follow(listener: (change: ChangeJson) => void): Disposable {
    return this.#options.changes.follow(listener);
  }

  followMotion(camera: string, listener: (motion: MotionJson) => void): Disposable {
    const attention = this.#camera(camera).attend();
    const following = this.#options.changes.followMotion(camera, listener);
    return {
      [Symbol.dispose]: () => {
        following[Symbol.dispose]();
        attention[Symbol.dispose]();
      },
    };
  }

  followExplained(name: string, listener: (explained: ExplainedJson) => void): Disposable {
    const leaving = new AbortController();
    void this.#explain(this.#camera(name), listener, leaving.signal);
    return { [Symbol.dispose]: () => leaving.abort() };
  }

  live(name: string, stream: StreamName): LiveStream {
    return this.#camera(name).live(stream);
  }

  /** Ends with the signal, or when the camera is not looked at for motion. */
  async #explain(
    camera: RecordedCamera,
    listener: (explained: ExplainedJson) => void,
    signal: AbortSignal,
  ): Promise<void> {
    using _ = camera.attend();
    for await (const { sample, jpeg } of camera.explained(signal)) {
      const { wallMs, score, isMotion } = sample;
      const picture = Buffer.from(jpeg).toString('base64');
      listener({ type: 'explained', wallMs, score, isMotion, jpeg: picture });
    }
  }

  #camera(name: string): RecordedCamera {
    const found = this.#options.cameras().find((camera) => camera.status.camera === name);
    if (found === undefined) throw new Error(`no camera ${name}`);
    return found;
  }

  #json({ status }: RecordedCamera): CameraStatusJson {
    return cameraStatusJson(status, this.#options.redact);
  }
}
