import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { JoinedSignal } from '../base/joined-signal.ts';
import type { Log } from '../base/log.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import type { VolumeConfig } from '../config/config.ts';
import type { FileKey } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { collectGarbage } from './collect-garbage.ts';
import { RecordingDeleter } from './recording-deleter.ts';
import { RetentionAccount } from './retention-account.ts';
import { findMounted, type MountedVolume } from './mounted-volume.ts';
import { Mover } from './mover.ts';
import type { MoverIndex } from './move-recording.ts';
import type { RetentionRules } from './retention-rules.ts';
import { runRetention, type RetentionOutcome } from './retention-run.ts';
import { describeClock, describeDeletions, describeShortfall } from './retention-text.ts';
import { AgeClock, type RetentionTime } from './retention-time.ts';
import { StandingTroubles } from './standing-troubles.ts';
import { readSpaces } from './volume-space.ts';

export interface RetentionOptions {
  readonly index: MoverIndex & Pick<IndexAccess, 'agedTo'>;
  readonly volumes: readonly VolumeConfig[];
  /** Asked at each look. */
  readonly rules: () => RetentionRules;
  /** Of each volume; undefined for the default. Asked at each look. */
  readonly minFreeBytes: () => number | undefined;
  /** Whether recordings may be moved now: not while the archive is put right, or both would write the same files. */
  readonly mayMove: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** The floor of a small disk has to hold what is recorded from one look to the next. */
const PERIOD_MS = 5_000;
/** Where there was nothing to do and no volume can become full meanwhile. */
const QUIET_PERIOD_MS = 20_000;
/** Nothing records so much in that time. */
const AMPLE_BYTES = 4 * 2 ** 30;
/** How far the age of the archive goes on before the index is told. */
const TOLD_AGE_MS = 60_000;

/**
 * Keeps the archive within its bounds, in the background: deletes and moves every few seconds, and deletes at once when a
 * disk is full. It works in small steps, one file at a time, so that recording has the disk nearly to itself.
 */
export class Retention implements AsyncDisposable {
  readonly #options: RetentionOptions;
  readonly #deleter: RecordingDeleter;
  readonly #mover: Mover;
  readonly #troubles: StandingTroubles;
  readonly #stop = new AbortController();
  /** Folders of volumes that refused a write since the last look. */
  readonly #refused = new Set<string>();
  #full: ReadonlySet<string> = new Set();
  #ages: AgeClock | undefined;
  #toldAgedTo = wallMs(0);
  /** Why recordings could not be moved, the last time. */
  #notMoved: ReadonlyMap<string, string> = new Map();
  /** Ends the wait for the next look. */
  #wake = new AbortController();
  #running = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#deleter = new RecordingDeleter(options.index);
    this.#mover = new Mover(options);
    this.#troubles = new StandingTroubles(options.clock, options.log);
  }

  /** Begins to look every few seconds. */
  start(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Deletes at once: something found no room on the volume in this folder. */
  makeRoom(path: string): void {
    this.#refused.add(path);
    this.#wake.abort();
  }

  /** Looks soon: the rules are others. */
  rulesChanged(): void {
    this.#wake.abort();
  }

  /** Whether a volume had no room for recordings when it was looked at last. */
  isFull(volume: string): boolean {
    return this.#full.has(volume);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /**
   * Looks once, deletes what there is to delete, and then moves for a few seconds. What goes wrong is told.
   * @returns when to look again, counted from the beginning of this look, in milliseconds.
   */
  async look(signal: AbortSignal): Promise<number> {
    const beganMs = this.#options.clock.monotonicMs();
    try {
      const mounted = await findMounted(this.#options.volumes);
      const time = await this.#readTime();
      const outcome = await this.#delete(mounted, time, signal);
      const troubles = troublesOf(outcome, time);
      this.#troubles.tell(new Map([...troubles, ...this.#notMoved]));
      if (this.#options.mayMove()) this.#notMoved = await this.#move(mounted, time, signal);
      const isDone = outcome.deletions.length === 0 && this.#options.clock.monotonicMs() - beganMs < PERIOD_MS;
      const isQuiet = isDone && troubles.size === 0 && outcome.leastRoomBytes >= AMPLE_BYTES;
      return isQuiet ? QUIET_PERIOD_MS : PERIOD_MS;
    } catch (error) {
      if (signal.aborted) return PERIOD_MS;
      const message = `recordings can neither be deleted nor moved; trying again: ${describeError(error)}`;
      this.#troubles.tell(new Map([['look', message]]));
      return PERIOD_MS;
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      this.#wake = new AbortController();
      const beganMs = clock.monotonicMs();
      const nextMs = beganMs + (await this.look(signal));
      using early = new JoinedSignal(signal, this.#wake.signal);
      // That it was woken is all this error says.
      await sleep(clock, Math.max(0, nextMs - clock.monotonicMs()), early.signal).catch(() => undefined);
    }
  }

  async #readTime(): Promise<RetentionTime> {
    const { index, clock } = this.#options;
    this.#ages ??= new AgeClock(clock, await index.agedTo());
    const time = this.#ages.read();
    const { agedTo } = this.#ages;
    if (Math.abs(agedTo - this.#toldAgedTo) >= TOLD_AGE_MS) {
      this.#toldAgedTo = agedTo;
      // What an index takes later it may take later.
      await index.apply([{ type: 'aged', toWallMs: agedTo }]).catch(() => undefined);
    }
    return time;
  }

  async #delete(
    mounted: readonly MountedVolume[],
    time: RetentionTime,
    signal: AbortSignal,
  ): Promise<RetentionOutcome & { readonly leastRoomBytes: number }> {
    const { index, log } = this.#options;
    const rules = this.#options.rules();
    const minFreeBytes = this.#options.minFreeBytes();
    const refused = new Set(this.#refused);
    this.#refused.clear();
    const leftOver = await collectGarbage(index, await index.garbage(), mounted, signal);
    const volumes = await readSpaces(mounted, minFreeBytes, refused);
    const deleter = this.#deleter;
    const isGone = (file: FileKey) => deleter.isGone(file);
    const run = { view: index, deleter, mounted, rules, volumes, time, isGone };
    const outcome = await runRetention(run, signal);
    if (outcome.deletions.length > 0) log.info(`deleted ${describeDeletions(outcome.deletions)}`);
    const { roomy, leastRoomBytes } = new RetentionAccount(
      await index.usage(),
      await readSpaces(mounted, minFreeBytes),
    );
    this.#full = new Set(mounted.map(({ id }) => id).filter((id) => !roomy.includes(id)));
    return { ...outcome, failures: [...leftOver, ...outcome.failures], leastRoomBytes };
  }

  /** Until it is time to look again. Nothing is deleted meanwhile, so that nobody takes a copy for garbage. */
  #move(mounted: readonly MountedVolume[], { ageWallMs }: RetentionTime, signal: AbortSignal) {
    const until = monotonicMs(this.#options.clock.monotonicMs() + PERIOD_MS);
    return this.#mover.move({ mounted, now: ageWallMs, until, hurry: this.#wake.signal }, signal);
  }
}

function troublesOf({ shortfalls, failures }: RetentionOutcome, time: RetentionTime): Map<string, string> {
  const troubles = new Map(shortfalls.map((one) => [JSON.stringify(one.reason), describeShortfall(one)]));
  const [first] = failures;
  if (first !== undefined) {
    const count = failures.length === 1 ? 'a file' : `${failures.length} files`;
    troubles.set('files', `${count} could not be deleted; trying again: ${first}`);
  }
  const clock = describeClock(time);
  if (clock !== undefined) troubles.set('clock', clock);
  return troubles;
}
