import type { WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import { describeGapDetail } from '../recording/gap-detail.ts';
import type { GapLedger } from '../recording/gap-ledger.ts';
import type { GapLedgers } from '../recording/gap-ledgers.ts';
import type { Reason } from '../recording/missing-time.ts';
import { concernsCamera } from './config-change.ts';
import type { RecordedCamera } from './recorded-camera.ts';

export interface RecordedCamerasOptions {
  readonly ledgers: GapLedgers;
  readonly make: (config: CameraConfig, ledger: GapLedger) => RecordedCamera;
}

/** What another configuration has changed, as names of cameras. */
export interface CamerasChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly restarted: readonly string[];
}

const STARTING: Reason = { cause: 'starting', detail: '' };
const CHANGING: Reason = { cause: 'starting', detail: describeGapDetail({ kind: 'new-settings' }) };
const DISABLED: Reason = { cause: 'disabled', detail: '' };

/** The cameras of the configuration with their ledgers; those that are enabled run. */
export class RecordedCameras implements AsyncDisposable {
  readonly #options: RecordedCamerasOptions;
  readonly #ledgers = new Map<string, GapLedger>();
  readonly #running = new Map<string, RecordedCamera>();
  #configured: readonly CameraConfig[] = [];

  constructor(options: RecordedCamerasOptions) {
    this.#options = options;
  }

  /** Those that run, in the order of the configuration. */
  get running(): readonly RecordedCamera[] {
    return this.#configured.flatMap(({ name }) => this.#running.get(name) ?? []);
  }

  /** Undefined where it does not run. */
  named(name: string): RecordedCamera | undefined {
    return this.#running.get(name);
  }

  /**
   * Makes these cameras the ones there are: starts those that are new, ends those that are gone, and starts again those
   * whose settings have changed. The others do not notice. Not to be called before the last call has ended.
   * @param fromWallMs from when on new ones are accounted for.
   * @param all whether all are to be started again, for something that they share has changed.
   */
  async configure(
    cameras: readonly CameraConfig[],
    fromWallMs: WallMs,
    all: boolean = false,
  ): Promise<CamerasChange> {
    const before = new Map(this.#configured.map((camera) => [camera.name, camera]));
    const removed = [...before.keys()].filter((name) => !cameras.some((camera) => camera.name === name));
    const added = cameras.filter(({ name }) => !before.has(name));
    const changed = cameras.filter((camera) => {
      const old = before.get(camera.name);
      return old !== undefined && (all || concernsCamera(old, camera));
    });
    for (const { name, isEnabled } of changed) {
      this.#ledgers.get(name)?.away(isEnabled ? CHANGING : DISABLED);
    }
    await Promise.all([...removed, ...changed.map(({ name }) => name)].map((name) => this.#end(name)));
    for (const name of removed) {
      this.#options.ledgers.close(name);
      this.#ledgers.delete(name);
    }
    this.#configured = cameras;
    for (const camera of cameras) {
      if (added.includes(camera) || changed.includes(camera)) this.#begin(camera, fromWallMs);
    }
    const names = (list: readonly CameraConfig[]) => list.map(({ name }) => name);
    return { added: names(added), removed, restarted: names(changed) };
  }

  /** Ends all. Their ledgers go on until `GapLedgers` is disposed of. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map((name) => this.#end(name)));
  }

  #begin(camera: CameraConfig, fromWallMs: WallMs): void {
    const { ledgers, make } = this.#options;
    const { name, isEnabled } = camera;
    const initially = isEnabled ? STARTING : DISABLED;
    const open = () => ledgers.open(name, fromWallMs, initially, () => this.#running.get(name)?.whyNotWanted);
    const ledger = this.#ledgers.get(name) ?? open();
    this.#ledgers.set(name, ledger);
    if (!isEnabled) return;
    const recorded = make(camera, ledger);
    this.#running.set(name, recorded);
    recorded.start();
  }

  async #end(name: string): Promise<void> {
    await this.#running.get(name)?.[Symbol.asyncDispose]();
    this.#running.delete(name);
  }
}
