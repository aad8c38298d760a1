import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { PrerollError } from '../base/error.ts';
import { loadSqlite, type SqliteConnection, type SqlParameters } from '../db/sqlite-module.ts';
import { MIGRATIONS } from './schema.ts';

/** A prepared statement. `Row` is what its columns are called and hold. */
export interface AccountStatement<Row> {
  run(parameters?: SqlParameters): void;
  get(parameters?: SqlParameters): Row | undefined;
  all(parameters?: SqlParameters): readonly Row[];
}

/** The database of accounts could not be used. */
export class AccountDatabaseError extends PrerollError {
  readonly kind = 'account-database';
}

/** `PRLw`, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x50_52_4c_77;
/** What others do in it (`preroll user`) takes milliseconds. */
const LOCK_WAIT_MS = 2_000;

/** The database of the accounts and of what people have arranged. Values reach SQL as bound parameters only. */
export class AccountDatabase implements Disposable {
  readonly #connection: SqliteConnection;

  private constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Opens it, makes it if there is none, and brings its tables up to date. @throws AccountDatabaseError */
  static open(path: string): AccountDatabase {
    const { DatabaseSync } = loadSqlite();
    try {
      if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const connection = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
      try {
        migrate(connection);
        return new AccountDatabase(connection);
      } catch (error) {
        connection.close();
        throw error;
      }
    } catch (error) {
      throw new AccountDatabaseError(`the accounts in ${path} could not be opened`, { cause: error });
    }
  }

  /** @param sql text of our own, never made of values. */
  prepare<Row = never>(sql: string): AccountStatement<Row> {
    const statement = this.#connection.prepare(sql);
    return {
      run: (parameters = {}) => void statement.run(parameters),
      // The row has the columns that our own SQL names.
      get: (parameters = {}) => statement.get(parameters) as Row | undefined,
      all: (parameters = {}) => statement.all(parameters) as Row[],
    };
  }

  /** All of the work or, when it throws, nothing. */
  transaction<T>(work: () => T): T {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#connection.exec('COMMIT');
      return result;
    } finally {
      // SQLite has rolled back by itself after some errors.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
    }
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}

/** NORMAL: a power cut may take the last sign-in along, and tears nothing. */
function migrate(connection: SqliteConnection): void {
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(connection);
    for (const step of MIGRATIONS.slice(version)) connection.exec(step);
    connection.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`,
    );
  } finally {
    if (connection.isTransaction) connection.exec('ROLLBACK');
  }
}

function versionOf(connection: SqliteConnection): number {
  const found = connection
    .prepare(
      'SELECT application_id AS application, user_version AS version FROM pragma_application_id, pragma_user_version',
    )
    .get({}) as { readonly application: number; readonly version: number };
  const { application, version } = found;
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0)) {
    throw new Error('found the database of another program');
  }
  if (version <= MIGRATIONS.length) return version;
  throw new Error(
    `expected version ${MIGRATIONS.length} at most, found ${version}: a later Preroll wrote it`,
  );
}
