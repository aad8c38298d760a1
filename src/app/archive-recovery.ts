import { recoverArchive, type Recovery } from '../archive/recover-archive.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { IndexError } from '../db/index-error.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { FileKey, VolumeRecord } from '../db/records.ts';

export interface ArchiveRecoveryOptions {
  readonly index: IndexAccess;
  readonly clock: Clock;
  readonly log: Log;
}

const RETRY_AFTER_MS = 30_000;

/**
 * Puts the archive right in the background, beside recording: at the start, when a volume comes back, and when the index
 * begins anew. One after the other; what the index refuses is tried again.
 */
export class ArchiveRecovery implements AsyncDisposable {
  readonly #options: ArchiveRecoveryOptions;
  readonly #startedWallMs: WallMs;
  readonly #stop = new AbortController();
  readonly #volumes = new Map<string, VolumeRecord>();
  /** Files of this process that may still grow. */
  readonly #own = new Set<string>();
  #isStarted = false;
  #work = Promise.resolve();
  #waiting = 0;

  constructor(options: ArchiveRecoveryOptions) {
    this.#options = options;
    this.#startedWallMs = options.clock.wallMs();
  }

  /** To be called before this process gives a sign of life, for it asks the index for the last one. */
  start(): void {
    const lastAlive = this.#options.index.lastAlive().then(
      (alive) => alive?.atWallMs,
      // An index that cannot tell may have missed more than its last seconds.
      () => undefined,
    );
    this.#isStarted = true;
    this.#enqueue([...this.#volumes.values()], lastAlive);
  }

  /** Resolves when what is to be put right so far is done, or given up. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** A volume is there that was not. */
  found(volume: VolumeRecord): void {
    this.#volumes.set(volume.id, volume);
    if (this.#isStarted) this.#enqueue([volume], Promise.resolve(undefined));
  }

  /** The index has begun anew, or misses something: it is filled from the files. @param reason for people. */
  rebuild(reason: string): void {
    this.#options.log.info('the index is being filled from the files', { reason });
    this.#enqueue([...this.#volumes.values()], Promise.resolve(undefined));
  }

  /** This process made a file. */
  created(file: FileKey): void {
    this.#own.add(nameOf(file));
  }

  /** A file that this process made is gone again, and nobody was told of it. */
  abandoned(file: FileKey): void {
    this.#own.delete(nameOf(file));
  }

  /** The index is being told this; a file that is closed does not grow any more. */
  told(write: IndexWrite): void {
    if (write.type === 'segment' && !write.segment.isOpen) this.#own.delete(nameOf(write.segment));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  /** Whether it is at work, or waits for the index. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  #enqueue(volumes: readonly VolumeRecord[], lastAlive: Promise<WallMs | undefined>): void {
    this.#waiting += 1;
    this.#work = this.#work
      .then(() => this.#recover(volumes, lastAlive))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Never rejects. */
  async #recover(volumes: readonly VolumeRecord[], lastAlive: Promise<WallMs | undefined>): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        this.#tell(await this.#recoverOnce(volumes, await lastAlive));
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof IndexError)) {
          log.error(`the archive could not be put right: ${describeError(error)}`);
          return;
        }
        log.warn(`the archive is put right later: ${describeError(error)}`);
        await sleep(clock, RETRY_AFTER_MS, signal).catch(() => undefined);
      }
    }
  }

  async #recoverOnce(
    volumes: readonly VolumeRecord[],
    lastAliveWallMs: WallMs | undefined,
  ): Promise<Recovery> {
    const { index, log } = this.#options;
    const isOwn = (file: FileKey) => this.#own.has(nameOf(file));
    const { signal } = this.#stop;
    return await recoverArchive(
      { index, volumes, lastAliveWallMs, startedWallMs: this.#startedWallMs, isOwn, log },
      signal,
    );
  }

  #tell(recovery: Recovery): void {
    const { log } = this.#options;
    if (Object.values(recovery).every((count) => count === 0)) log.debug('the archive is as it should be');
    else log.info('the archive has been put right', { ...recovery });
  }
}

function nameOf({ volume, path }: FileKey): string {
  return `${volume}/${path}`;
}
