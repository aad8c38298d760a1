import { IndexError, isRefusal, toIndexError } from './index-error.ts';
import type { SqliteConnection, SqlParameters } from './sqlite-module.ts';

/** A prepared statement. `Row` is what its columns are called and hold. */
export interface Statement<Row> {
  run(parameters?: SqlParameters): void;
  get(parameters?: SqlParameters): Row | undefined;
  all(parameters?: SqlParameters): readonly Row[];
}

/** A connection whose errors are `IndexError`s. Values reach SQL as bound parameters only. */
export class Database {
  readonly #connection: SqliteConnection;
  readonly #path: string;

  constructor(connection: SqliteConnection, path: string) {
    this.#connection = connection;
    this.#path = path;
  }

  exec(sql: string): void {
    this.#tell('changed', () => this.#connection.exec(sql));
  }

  /** @param sql text of our own, never made of values. */
  prepare<Row>(sql: string): Statement<Row> {
    const statement = this.#tell('read', () => this.#compile(sql));
    return {
      run: (parameters = {}) => void this.#tell('changed', () => statement.run(parameters)),
      // The row has the columns that our own SQL names.
      get: (parameters = {}) => this.#tell('read', () => statement.get(parameters)) as Row | undefined,
      all: (parameters = {}) => this.#tell('read', () => statement.all(parameters)) as Row[],
    };
  }

  /** @throws IndexError `damaged` for SQL of ours that asks for what is not there. */
  #compile(sql: string) {
    try {
      return this.#connection.prepare(sql);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new IndexError('damaged', `the index ${this.#path} has not the tables that it should`, error);
    }
  }

  /** All of the work or, when it throws, nothing. */
  transaction(work: () => void): void {
    this.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.exec('COMMIT');
    } finally {
      // SQLite has rolled back by itself after some errors.
      if (this.#connection.isTransaction) this.exec('ROLLBACK');
    }
  }

  close(): void {
    this.#connection.close();
  }

  #tell<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toIndexError(`the index ${this.#path} could not be ${doing}`, error);
    }
  }
}
