import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { VolumeConfig } from '../config/config.ts';
import { collectGarbage } from './collect-garbage.ts';
import { findMounted } from './mounted-volume.ts';
import type { RetentionRules } from './retention-limits.ts';
import { runRetention, type RetentionIndex, type RetentionOutcome } from './retention-run.ts';
import { describeClock, describeDeletions, describeShortfall } from './retention-text.ts';
import { AgeClock, type RetentionTime } from './retention-time.ts';
import { StandingTroubles } from './standing-troubles.ts';
import { readVolumeSpace } from './volume-space.ts';

export interface RetentionOptions {
  readonly index: RetentionIndex;
  readonly volumes: readonly VolumeConfig[];
  readonly rules: RetentionRules;
  /** Of each volume; undefined for the default. */
  readonly minFreeBytes: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const PERIOD_MS = 60_000;

/**
 * Keeps the archive within its bounds, in the background: once a minute, and at once when a disk is full. It works in
 * small steps, one file at a time, so that recording has the disk nearly to itself.
 */
export class Retention implements AsyncDisposable {
  readonly #options: RetentionOptions;
  readonly #troubles: StandingTroubles;
  readonly #stop = new AbortController();
  /** Folders of volumes that refused a write since the last look. */
  readonly #refused = new Set<string>();
  #ages: AgeClock | undefined;
  #wake = new AbortController();
  #running = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#troubles = new StandingTroubles(options.clock, options.log);
  }

  /** Begins to look once a minute. */
  start(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Deletes at once: something found no room on the volume in this folder. */
  makeRoom(path: string): void {
    this.#refused.add(path);
    this.#wake.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Looks once, and deletes what there is to delete. What goes wrong is told. */
  async look(signal: AbortSignal): Promise<void> {
    try {
      this.#troubles.tell(await this.#pass(signal));
    } catch (error) {
      if (signal.aborted) return;
      const message = `nothing can be deleted; trying again every minute: ${describeError(error)}`;
      this.#troubles.tell(new Map([['look', message]]));
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      await this.look(signal);
      const early = AbortSignal.any([signal, this.#wake.signal]);
      // That it was woken is all this error says.
      await sleep(this.#options.clock, PERIOD_MS, early).catch(() => undefined);
    }
  }

  /** @returns what is wrong: message by subject. */
  async #pass(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const { index, rules, minFreeBytes, clock, log } = this.#options;
    this.#ages ??= new AgeClock(clock, await index.agedTo());
    const time = this.#ages.read();
    const refused = new Set(this.#refused);
    this.#refused.clear();
    const mounted = await findMounted(this.#options.volumes);
    const leftOver = await collectGarbage(index, await index.garbage(), mounted, signal);
    const volumes = await Promise.all(
      mounted.map((volume) => readVolumeSpace(volume, minFreeBytes, refused.has(volume.path))),
    );
    await index.apply([{ type: 'aged', toWallMs: this.#ages.agedTo }]);
    const outcome = await runRetention(index, mounted, { rules, volumes, time }, signal);
    if (outcome.deletions.length > 0) log.info(`deleted ${describeDeletions(outcome.deletions)}`);
    return troublesOf({ ...outcome, failures: [...leftOver, ...outcome.failures] }, time);
  }
}

function troublesOf({ shortfalls, failures }: RetentionOutcome, time: RetentionTime): Map<string, string> {
  const troubles = new Map(shortfalls.map((one) => [JSON.stringify(one.reason), describeShortfall(one)]));
  const [first] = failures;
  if (first !== undefined) {
    const count = failures.length === 1 ? 'a file' : `${failures.length} files`;
    troubles.set('files', `${count} could not be deleted; trying again every minute: ${first}`);
  }
  const clock = describeClock(time);
  if (clock !== undefined) troubles.set('clock', clock);
  return troubles;
}
