import { existsSync } from 'node:fs';
import { PrerollError } from '../base/error.ts';
import { loadSqlite, type SqliteConnection } from './sqlite-module.ts';

/** Another process has what only one may have. */
export class LockedError extends PrerollError {
  readonly kind = 'locked';
  /** Who has it, for people. */
  readonly holder: string;

  constructor(path: string, holder: string) {
    super(`cannot take ${path}: found it held by ${holder}`);
    this.holder = holder;
  }
}

/** Long enough for one who only looks whether the lock is held. */
const WAIT_MS = 500;

/**
 * A lock between processes that ends with its holder, however that ends. It is a transaction of a database of its own, which
 * SQLite locks in a way that every system releases when the process is gone; others can read meanwhile who has it.
 */
export class ProcessLock implements Disposable {
  readonly #connection: SqliteConnection;

  private constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /**
   * @param path of the lock's file; made if it is not there, and left there.
   * @param holder for those who find it taken: `the recorder`.
   * @param pid of the holder's process, where another one takes it on its behalf.
   * @throws LockedError; an error of SQLite or of the system when the file cannot be used.
   */
  static take(path: string, holder: string, pid: number = process.pid): ProcessLock {
    const { DatabaseSync } = loadSqlite();
    const connection = new DatabaseSync(path, { timeout: WAIT_MS });
    try {
      // Nothing in it has to survive anything.
      connection.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
      connection.exec('BEGIN IMMEDIATE');
      connection.exec('CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, name TEXT, pid INTEGER)');
      const row = { name: holder, pid };
      connection.prepare('INSERT OR REPLACE INTO holder (id, name, pid) VALUES (1, $name, $pid)').run(row);
      connection.exec('COMMIT');
      connection.exec('BEGIN IMMEDIATE');
      return new ProcessLock(connection);
    } catch (error) {
      const found = isBusy(error) ? readHolder(connection) : undefined;
      connection.close();
      if (found === undefined) throw error;
      throw new LockedError(path, found);
    }
  }

  /**
   * Who holds the lock, for people; undefined where nobody does.
   * @throws an error of SQLite when the file cannot be used.
   */
  static holderOf(path: string): string | undefined {
    if (!existsSync(path)) return undefined;
    const { DatabaseSync } = loadSqlite();
    const connection = new DatabaseSync(path, { timeout: 0 });
    try {
      connection.exec('BEGIN IMMEDIATE');
      connection.exec('ROLLBACK');
      return undefined;
    } catch (error) {
      if (isBusy(error)) return readHolder(connection);
      throw error;
    } finally {
      connection.close();
    }
  }

  [Symbol.dispose](): void {
    this.#connection.exec('ROLLBACK');
    this.#connection.close();
  }
}

function readHolder(connection: SqliteConnection): string {
  try {
    const row = connection.prepare('SELECT name, pid FROM holder').get({});
    // The table has the columns that `take` gave it.
    const { name, pid } = row as { readonly name: string; readonly pid: number };
    return `${name} (process ${pid})`;
  } catch {
    // It is just being taken.
    return 'another process';
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === SQLITE_BUSY;
}
