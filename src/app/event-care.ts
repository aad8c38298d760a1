import { deleteEvent } from '../archive/delete-event.ts';
import { findEvent } from '../archive/index-rows.ts';
import { markEvent } from '../archive/keep-event.ts';
import { findMounted } from '../archive/mounted-volume.ts';
import type { WallMs } from '../base/time.ts';
import type { VolumeConfig } from '../config/config.ts';
import type { IndexAccess } from '../db/index-access.ts';
import type { CameraEvents } from './camera-events.ts';

export interface EventCareOptions {
  readonly index: IndexAccess;
  readonly volumes: readonly VolumeConfig[];
  /** Of the camera, if it is being recorded: it may be writing a recording of the event. */
  readonly running: (camera: string) => Pick<CameraEvents, 'mark' | 'forget'> | undefined;
}

/** What people do with events: one thing at a time, for two that change a sidecar would each lose what the other did. */
export class EventCare implements AsyncDisposable {
  readonly #options: EventCareOptions;
  readonly #stopping = new AbortController();
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: EventCareOptions) {
    this.#options = options;
  }

  /** @throws IndexError; an error of the system. */
  async keep(camera: string, triggerWallMs: WallMs, isKept: boolean): Promise<'done' | 'unknown'> {
    return await this.#next(async ({ index, volumes, running }) => {
      const event = await findEvent(index, camera, triggerWallMs);
      if (event === undefined) return 'unknown';
      running(camera)?.mark(triggerWallMs, isKept);
      await markEvent(index, await findMounted(volumes), event, isKept);
      return 'done';
    });
  }

  /** Neither one that goes on nor one that is kept is deleted. @throws IndexError; an error of the system. */
  async delete(camera: string, triggerWallMs: WallMs): Promise<'done' | 'unknown' | 'open' | 'kept'> {
    return await this.#next(async ({ index, volumes, running }) => {
      const event = await findEvent(index, camera, triggerWallMs);
      if (event === undefined) return 'unknown';
      if (event.isOpen) return 'open';
      if (event.isKept) return 'kept';
      running(camera)?.forget(triggerWallMs);
      await deleteEvent(index, await findMounted(volumes), event, this.#stopping.signal);
      return 'done';
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #next<T>(work: (options: EventCareOptions) => Promise<T>): Promise<T> {
    const done = this.#work.then(() => {
      this.#stopping.signal.throwIfAborted();
      return work(this.#options);
    });
    this.#work = done.catch(() => undefined);
    return await done;
  }
}
