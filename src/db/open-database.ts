import { Database } from './database.ts';
import { toIndexError } from './index-error.ts';
import { loadSqlite, type SqliteConnection } from './sqlite-module.ts';
import { migrate, versionOf } from './migrate.ts';

/**
 * - WAL, so that readers and the writer do not wait for each other; NORMAL, so that a commit is one write: a power cut
 *   loses the last commits and tears none (design/storage.md).
 * - Pages that retention frees are used again; giving them back to the file system would cost each commit.
 * - A log that a large transaction made long is cut to 16 MiB; 8 MiB of pages stay in memory.
 */
const PRAGMAS = `
  PRAGMA auto_vacuum = NONE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA journal_size_limit = 16777216;
  PRAGMA cache_size = -8192;
`;

/**
 * Opens the index's database, makes it if there is none, and brings its tables up to date.
 * @throws IndexError. `damaged`: see `setDatabaseAside`.
 */
export function openDatabase(path: string): Database {
  const connection = connect(path);
  const database = new Database(connection, path);
  try {
    // Before anything is changed: it may not be ours.
    versionOf(database, path);
    database.exec(PRAGMAS);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function connect(path: string): SqliteConnection {
  const { DatabaseSync } = loadSqlite();
  try {
    // Whoever asked decides when to try again: waiting here would keep his thread.
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw toIndexError(`the index ${path} could not be opened`, error);
  }
}
