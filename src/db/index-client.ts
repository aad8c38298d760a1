import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { Watchdog } from '../base/watchdog.ts';
import type { ArchiveIndex, IndexQueries, IndexQuery } from './archive-index.ts';
import { IndexError } from './index-error.ts';
import type { FromIndexWorker, LockOrder, ToIndexWorker, ToldAnswer } from './index-messages.ts';
import type { IndexWorkerProcess, StartWorker } from './index-worker-process.ts';
import type { IndexWrite } from './index-write.ts';
import { unpackTimelines } from './packed-timelines.ts';
import { WriteQueue } from './write-queue.ts';

export interface IndexClientOptions {
  /** See `indexWorkers`. */
  readonly startWorker: StartWorker;
  readonly clock: Clock;
  readonly log: Log;
  /** The index misses what the files tell: it was begun anew, or changes were dropped. The reason is for people. */
  readonly onRebuildNeeded: (reason: string) => void;
  /** Called before each question: what is written then is committed before it is answered, if the worker is not at a batch. */
  readonly beforeAsking?: () => void;
}

/** From one batch to the next; what is written after a longer time goes at once. */
const HAND_OVER_MS = 1_000;
const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 10_000;
/** The segments that 64 cameras finish in two hours. */
const MAX_WAITING_BYTES = 32 * 2 ** 20;
/** A batch that is not answered by then is told. */
const SLOW_MS = 30_000;
/** A worker that is at one batch, or at a question before it, longer than this hangs. */
const HANG_MS = 300_000;
const STOP_WAIT_MS = 5_000;

interface Batch {
  readonly writes: readonly IndexWrite[];
  /** How many changes had been told when it was made. */
  readonly told: number;
  /** Looks after it until it is answered. */
  watch: Watchdog;
}

interface Waiter {
  /** How many changes had been told when it began to wait. */
  readonly told: number;
  readonly resolve: () => void;
  /** Told of the first failure; those without it wait on. */
  readonly reject?: (error: IndexError) => void;
}

interface Asked {
  readonly message: ToIndexWorker;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: IndexError) => void;
}

/**
 * The index as the recorder has it: in a process of its own, so that neither a slow disk nor a fault in native code holds
 * up or ends the recorder. Changes are collected and committed about once a second. They wait in memory while the index
 * cannot be written, and are told again when it failed or the worker died before it had answered. Questions are answered
 * from what is committed.
 */
export class IndexClient implements IndexQueries, AsyncDisposable {
  readonly #options: IndexClientOptions;
  readonly #queue = new WriteQueue(MAX_WAITING_BYTES);
  readonly #asked = new Map<number, Asked>();
  readonly #waiters = new Set<Waiter>();
  #worker: IndexWorkerProcess | undefined;
  #isWorkerUp = false;
  /** What the worker is at. */
  #batch: Batch | undefined;
  /** Until the next batch. */
  #timer: Timer | undefined;
  #handedOverMs = Number.NEGATIVE_INFINITY;
  #told = 0;
  #lastId = 0;
  readonly #locks: LockOrder[] = [];
  /** Who waits for a lock, by its path. */
  readonly #lockAnswered = new Map<string, (heldBy: string | undefined) => void>();
  #failuresInARow = 0;
  #isLeaving = false;
  /** While the recorder leaves and something is waited for: until that is given up. */
  #patience: Watchdog | undefined;
  /** Whether nobody is answered any more. */
  #hasGivenUp = false;

  constructor(options: IndexClientOptions) {
    this.#options = options;
  }

  /** Starts the worker, which opens the database when it is first needed. Waits for nothing. */
  start(): void {
    this.#worker ??= this.#options.startWorker({
      onStarted: () => this.#workerStarted(),
      onMessage: (message) => {
        this.#hear(message);
        this.#waitAnew();
      },
      onEnded: (how) => this.#workerEnded(how),
    });
  }

  /**
   * Keeps others from working in the archive. The worker holds the locks, and the next one after it; where there can be none, such
   * as on a disk that cannot be written to, that is told and recording goes on without.
   * @returns who has it, for people; undefined where nobody else has.
   */
  async lock(lock: LockOrder): Promise<string | undefined> {
    this.#locks.push(lock);
    return await new Promise((resolve) => {
      this.#lockAnswered.set(lock.path, resolve);
      if (this.#isWorkerUp) this.#worker?.send({ type: 'lock', lock });
    });
  }

  /** Takes changes, to be committed soon. Never throws and never waits. */
  write(...writes: readonly IndexWrite[]): void {
    for (const write of writes) this.#queue.add(write);
    this.#told += writes.length;
    const sinceMs = this.#options.clock.monotonicMs() - this.#handedOverMs;
    this.#handOverAfter(Math.max(0, HAND_OVER_MS - sinceMs));
  }

  /**
   * Writes and waits until it is committed.
   * @throws IndexError when it cannot be now. Like all that is told it waits then, and is told again.
   */
  async apply(writes: readonly IndexWrite[]): Promise<void> {
    this.write(...writes);
    if (this.#hasGivenUp) throw tooLate();
    await new Promise<void>((resolve, reject) => {
      this.#waiters.add({ told: this.#told, resolve, reject });
      this.#handOver();
      this.#patience ??= this.#patienceOfLeaving();
    });
  }

  /** Waits until all that has been told so far is committed. @throws the signal's reason when it aborts before. */
  async flush(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#queue.isEmpty && this.#batch === undefined) return;
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        this.#waiters.delete(flush);
        // The reason is whatever the aborter gave; callers compare it by identity.
        reject(signal.reason as Error);
      };
      const flush: Waiter = {
        told: this.#told,
        resolve: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#waiters.add(flush);
      signal.addEventListener('abort', abort, { once: true });
      this.#handOver();
    });
  }

  volumes() {
    return this.#ask('volumes');
  }

  cameras() {
    return this.#ask('cameras');
  }

  segment(...parameters: Parameters<ArchiveIndex['segment']>) {
    return this.#ask('segment', ...parameters);
  }

  segments(...parameters: Parameters<ArchiveIndex['segments']>) {
    return this.#ask('segments', ...parameters);
  }

  pathsAfter(...parameters: Parameters<ArchiveIndex['pathsAfter']>) {
    return this.#ask('pathsAfter', ...parameters);
  }

  segmentsByPath(...parameters: Parameters<ArchiveIndex['segmentsByPath']>) {
    return this.#ask('segmentsByPath', ...parameters);
  }

  openSegments() {
    return this.#ask('openSegments');
  }

  oldestSegments(...parameters: Parameters<ArchiveIndex['oldestSegments']>) {
    return this.#ask('oldestSegments', ...parameters);
  }

  garbage() {
    return this.#ask('garbage');
  }

  runs(...parameters: Parameters<ArchiveIndex['runs']>) {
    return this.#ask('runs', ...parameters);
  }

  events(...parameters: Parameters<ArchiveIndex['events']>) {
    return this.#ask('events', ...parameters);
  }

  eventPage(...parameters: Parameters<ArchiveIndex['eventPage']>) {
    return this.#ask('eventPage', ...parameters);
  }

  gaps(...parameters: Parameters<ArchiveIndex['gaps']>) {
    return this.#ask('gaps', ...parameters);
  }

  async timeline(...parameters: Parameters<ArchiveIndex['timeline']>) {
    return unpackTimelines(await this.#ask('timeline', ...parameters));
  }

  motion(...parameters: Parameters<ArchiveIndex['motion']>) {
    return this.#ask('motion', ...parameters);
  }

  fallbacks() {
    return this.#ask('fallbacks');
  }

  usage() {
    return this.#ask('usage');
  }

  recordedHours(...parameters: Parameters<ArchiveIndex['recordedHours']>) {
    return this.#ask('recordedHours', ...parameters);
  }

  agedTo() {
    return this.#ask('agedTo');
  }

  lastAlive() {
    return this.#ask('lastAlive');
  }

  integrityProblems() {
    return this.#ask('integrityProblems');
  }

  /**
   * The recorder begins to leave: when the index is waited for and says nothing for a few seconds, all who wait or ask later are told
   * that no answer will come. One that hangs must not keep those that have to end before it.
   */
  leaving(): void {
    this.#isLeaving = true;
    this.#waitAnew();
  }

  /** Commits what waits and closes the database, as far as that takes no longer than a few seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#worker !== undefined) {
      await this.#flushBounded();
      this.#timer?.[Symbol.dispose]();
      await this.#worker[Symbol.asyncDispose]();
    }
    this.#patience?.[Symbol.dispose]();
    this.#hasGivenUp = true;
    this.#endAll();
  }

  async #flushBounded(): Promise<void> {
    const { clock, log } = this.#options;
    const bound = new AbortController();
    // One that has kept others waiting for so long already is waited for no longer.
    const watchdog = new Watchdog(clock, this.#hasGivenUp ? 0 : STOP_WAIT_MS, () => bound.abort());
    try {
      await this.flush(bound.signal);
    } catch {
      log.warn(
        'leaving with changes that the index could not take; the next start reads them from the files',
      );
    } finally {
      watchdog[Symbol.dispose]();
    }
  }

  /** The index has said something, or its process has ended. */
  #waitAnew(): void {
    this.#patience?.[Symbol.dispose]();
    this.#patience = this.#patienceOfLeaving();
  }

  /** Undefined while nobody leaves, or nothing is waited for. */
  #patienceOfLeaving(): Watchdog | undefined {
    const isAwaited = this.#asked.size > 0 || this.#waiters.size > 0 || this.#batch !== undefined;
    if (!this.#isLeaving || !isAwaited) return undefined;
    return new Watchdog(this.#options.clock, STOP_WAIT_MS, () => {
      this.#hasGivenUp = true;
      this.#rejectWaiting(tooLate());
    });
  }

  #ask<Query extends IndexQuery>(
    query: Query,
    ...parameters: Parameters<ArchiveIndex[Query]>
  ): Promise<ToldAnswer<Query>> {
    if (this.#hasGivenUp) return Promise.reject(tooLate());
    this.#options.beforeAsking?.();
    if (!this.#queue.isEmpty && this.#failuresInARow === 0) this.#handOver();
    const id = ++this.#lastId;
    const message: ToIndexWorker = { type: 'ask', id, query, parameters };
    return new Promise((resolve, reject) => {
      // The worker answers a query with what the index gives for it.
      this.#asked.set(id, { message, resolve: resolve as (answer: unknown) => void, reject });
      if (this.#isWorkerUp) this.#worker?.send(message);
      this.#patience ??= this.#patienceOfLeaving();
    });
  }

  #hear(message: FromIndexWorker): void {
    switch (message.type) {
      case 'locked':
        return this.#tellLocked(message.path, undefined);
      case 'not-locked':
        // Whom it is told to says who has it. Nobody waits where it was lost with the worker before.
        if (message.heldBy === undefined || !this.#lockAnswered.has(message.path)) {
          this.#options.log.warn(`others may work in the archive beside the recorder: ${message.message}`);
        }
        return this.#tellLocked(message.path, message.heldBy);
      case 'applied':
        return this.#applied(message.refused);
      case 'not-applied':
        return this.#notApplied(new IndexError(message.error.kind, message.error.message));
      case 'answer':
        return this.#answered(message.id)?.resolve(message.answer);
      case 'no-answer':
        return this.#answered(message.id)?.reject(new IndexError(message.error.kind, message.error.message));
      case 'begun-anew':
        return this.#begunAnew(message.asidePath, message.error.message);
    }
  }

  #tellLocked(path: string, heldBy: string | undefined): void {
    this.#lockAnswered.get(path)?.(heldBy);
    this.#lockAnswered.delete(path);
  }

  #answered(id: number): Asked | undefined {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    return asked;
  }

  #applied(refused: readonly string[]): void {
    const { log, onRebuildNeeded } = this.#options;
    const told = this.#batch?.told ?? 0;
    this.#batch?.watch[Symbol.dispose]();
    this.#batch = undefined;
    for (const reason of refused) log.error(`the index refused a record: ${reason}`);
    if (this.#failuresInARow > 0) log.info('the index can be written again, nothing waits any more');
    this.#failuresInARow = 0;
    const dropped = this.#queue.takeDropped();
    if (dropped > 0) onRebuildNeeded(`${dropped} changes were dropped while the index could not be written`);
    for (const waiter of this.#waiters) {
      if (waiter.told > told) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
    if (this.#waiters.size > 0) this.#handOver();
    else if (!this.#queue.isEmpty) this.#handOverAfter(HAND_OVER_MS);
  }

  #notApplied(error: IndexError): void {
    this.#takeBack();
    this.#rejectAppliers(error);
    const { message } = error;
    this.#failed(`the index cannot be written; recording goes on, and what it should hold waits: ${message}`);
  }

  #begunAnew(asidePath: string, message: string): void {
    const reason = `the index was damaged: ${message}. It is kept as ${asidePath}`;
    this.#options.log.error(`${reason}; a new one is begun`);
    this.#options.onRebuildNeeded(reason);
  }

  #workerStarted(): void {
    this.#isWorkerUp = true;
    for (const lock of this.#locks) this.#worker?.send({ type: 'lock', lock });
    for (const { message } of this.#asked.values()) this.#worker?.send(message);
    this.#handOver();
  }

  #workerEnded(how: string): void {
    this.#isWorkerUp = false;
    // What was asked may be what ended it: it is not asked again.
    this.#endAll();
    this.#waitAnew();
    this.#failed(`the process of the index ${how}; it is started again`);
  }

  /** Tells all who wait for an answer that none will come. */
  #endAll(): void {
    this.#takeBack();
    this.#rejectWaiting(new IndexError('io', 'asking the index: its process has ended'));
  }

  #takeBack(): void {
    if (this.#batch !== undefined) {
      this.#batch.watch[Symbol.dispose]();
      this.#queue.giveBack(this.#batch.writes);
    }
    this.#batch = undefined;
  }

  #rejectWaiting(error: IndexError): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
    this.#rejectAppliers(error);
  }

  #rejectAppliers(error: IndexError): void {
    for (const waiter of this.#waiters) {
      if (waiter.reject === undefined) continue;
      this.#waiters.delete(waiter);
      waiter.reject(error);
    }
  }

  /** Says so once, and tries again later. */
  #failed(what: string): void {
    if (this.#failuresInARow === 0) this.#options.log.error(what);
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failuresInARow);
    this.#failuresInARow = Math.min(10, this.#failuresInARow + 1);
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#handOverAfter(delayMs);
  }

  #handOverAfter(delayMs: number): void {
    if (this.#batch !== undefined) return;
    this.#timer ??= this.#options.clock.setTimer(delayMs, () => this.#handOver());
  }

  #handOver(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (!this.#isWorkerUp || this.#batch !== undefined || this.#queue.isEmpty) return;
    this.#handedOverMs = this.#options.clock.monotonicMs();
    const writes = this.#queue.take();
    const watch = new Watchdog(this.#options.clock, SLOW_MS, () => this.#batchIsSlow());
    this.#batch = { writes, told: this.#told, watch };
    this.#worker?.send({ type: 'apply', writes });
    this.#patience ??= this.#patienceOfLeaving();
  }

  #batchIsSlow(): void {
    const { clock, log } = this.#options;
    if (this.#batch === undefined) return;
    this.#batch.watch = new Watchdog(clock, HANG_MS - SLOW_MS, () => this.#worker?.kill());
    if (this.#failuresInARow > 0) return;
    this.#failuresInARow = 1;
    const seconds = SLOW_MS / 1000;
    log.error(
      `the index has not answered for ${seconds} s; recording goes on, and what it should hold waits`,
    );
  }
}

function tooLate(): IndexError {
  return new IndexError('io', 'asking the index: it has not answered, and is asked no longer');
}
