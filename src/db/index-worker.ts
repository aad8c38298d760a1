import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { ArchiveIndex, IndexQuery } from './archive-index.ts';
import { IndexError } from './index-error.ts';
import type { FromIndexWorker, ToIndexWorker, ToldError } from './index-messages.ts';
import type { IndexWrite } from './index-write.ts';
import { setDatabaseAside } from './database-files.ts';
import { packTimelines } from './packed-timelines.ts';
import { SqliteIndex } from './sqlite-index.ts';

export interface IndexWorkerOptions {
  /** The database's path. */
  readonly path: string;
  readonly clock: Clock;
  readonly send: (message: FromIndexWorker) => void;
}

/** The inside of the index's thread: does what it is told, and opens the database when first needed. */
export class IndexWorker implements Disposable {
  readonly #options: IndexWorkerOptions;
  #index: SqliteIndex | undefined;

  constructor(options: IndexWorkerOptions) {
    this.#options = options;
  }

  receive(message: Exclude<ToIndexWorker, { type: 'stop' }>): void {
    const { send } = this.#options;
    if (message.type === 'apply') send(this.#apply(message.writes));
    else send(this.#answer(message));
  }

  [Symbol.dispose](): void {
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

  /** A damaged database is set aside, and the work done with a new one. */
  #withIndex<T>(work: (index: SqliteIndex) => T): T {
    try {
      return work(this.#opened());
    } catch (error) {
      if (!(error instanceof IndexError) || error.kind !== 'damaged') throw error;
      this.#beginAnew(error);
      return work(this.#opened());
    }
  }

  #opened(): SqliteIndex {
    this.#index ??= SqliteIndex.open(this.#options.path);
    return this.#index;
  }

  #beginAnew(error: IndexError): void {
    const { path, clock, send } = this.#options;
    this[Symbol.dispose]();
    const asidePath = setDatabaseAside(path, 'damaged', clock.wallMs());
    send({ type: 'begun-anew', asidePath, error: tellable(error) });
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
