import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { ArchiveIndex, IndexQuery } from './archive-index.ts';
import { IndexError } from './index-error.ts';
import type { FromIndexWorker, IndexRole, LockOrder, ToIndexWorker, ToldError } from './index-messages.ts';
import type { IndexWrite } from './index-write.ts';
import { setDatabaseAside } from './database-files.ts';
import { packTimelines } from './packed-timelines.ts';
import { LockedError, ProcessLock } from './process-lock.ts';
import { SqliteIndex } from './sqlite-index.ts';

/** The inside of the index's process: does what it is told, and opens the database when first needed. */
export class IndexWorker implements Disposable {
  readonly #clock: Clock;
  readonly #send: (message: FromIndexWorker) => void;
  #path = '';
  #role: IndexRole = 'guest';
  #index: SqliteIndex | undefined;
  readonly #locks = new Map<string, ProcessLock>();

  constructor(clock: Clock, send: (message: FromIndexWorker) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  receive(message: Exclude<ToIndexWorker, { type: 'stop' }>): void {
    switch (message.type) {
      case 'open':
        this.#path = message.path;
        this.#role = message.as;
        return;
      case 'lock':
        return this.#send(this.#takeLock(message.lock));
      case 'apply':
        return this.#send(this.#apply(message.writes));
      case 'ask':
        return this.#send(this.#answer(message));
    }
  }

  [Symbol.dispose](): void {
    this.#close();
    for (const lock of this.#locks.values()) lock[Symbol.dispose]();
  }

  #takeLock({ path, holder, pid }: LockOrder): FromIndexWorker {
    try {
      if (!this.#locks.has(path)) this.#locks.set(path, ProcessLock.take(path, holder, pid));
      return { type: 'locked', path };
    } catch (error) {
      const heldBy = error instanceof LockedError ? { heldBy: error.holder } : {};
      return { type: 'not-locked', path, ...heldBy, message: describeError(error) };
    }
  }

  #close(): void {
    this.#index?.close();
    this.#index = undefined;
  }

  #apply(writes: readonly IndexWrite[]): FromIndexWorker {
    try {
      return { type: 'applied', refused: this.#withIndex((index) => applyAll(index, writes)) };
    } catch (error) {
      return { type: 'not-applied', error: tellable(error) };
    }
  }

  #answer({ id, query, parameters }: Extract<ToIndexWorker, { type: 'ask' }>): FromIndexWorker {
    try {
      return { type: 'answer', id, answer: this.#withIndex((index) => ask(index, query, parameters)) };
    } catch (error) {
      return { type: 'no-answer', id, error: tellable(error) };
    }
  }

  /** A damaged database of our own is set aside, and the work done with a new one. */
  #withIndex<T>(work: (index: SqliteIndex) => T): T {
    try {
      return work(this.#opened());
    } catch (error) {
      if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
      if (this.#role === 'guest') {
        // Its owner puts another in its place.
        this.#close();
        throw error;
      }
      this.#beginAnew(error);
      return work(this.#opened());
    }
  }

  #opened(): SqliteIndex {
    this.#index ??= SqliteIndex.open(this.#path);
    return this.#index;
  }

  #beginAnew(error: IndexError): void {
    this.#close();
    const asidePath = setDatabaseAside(this.#path, 'damaged', this.#clock.wallMs());
    this.#send({ type: 'begun-anew', asidePath, error: tellable(error) });
  }
}

/**
 * In one transaction; where one change cannot be stored (we are wrong then, not the database), each by itself, for it
 * must not keep the others out.
 * @returns what was left out and why.
 */
function applyAll(index: SqliteIndex, writes: readonly IndexWrite[]): readonly string[] {
  try {
    index.apply(writes);
    return [];
  } catch (error) {
    if (error instanceof IndexError) throw error;
    return writes.flatMap((write) => applyOne(index, write));
  }
}

function applyOne(index: SqliteIndex, write: IndexWrite): readonly string[] {
  try {
    index.apply([write]);
    return [];
  } catch (error) {
    if (error instanceof IndexError) throw error;
    return [`${write.type}: ${describeError(error)}`];
  }
}

function ask(index: ArchiveIndex, query: IndexQuery, parameters: readonly unknown[]): unknown {
  // The client's methods pair each query with parameters of its type.
  const method = index[query] as (...parameters: readonly unknown[]) => unknown;
  const answer = method.call(index, ...parameters);
  return query === 'timeline' ? packTimelines(answer as ReturnType<ArchiveIndex['timeline']>) : answer;
}

function tellable(error: unknown): ToldError {
  return { kind: error instanceof IndexError ? error.kind : 'io', message: describeError(error) };
}
