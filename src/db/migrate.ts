import type { Database } from './database.ts';
import { IndexError } from './index-error.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

/**
 * Brings the tables to the version that this program knows, all steps in one transaction.
 * @throws IndexError `newer` for a database of a later version, `damaged` for one that is not ours.
 */
export function migrate(database: Database, path: string): void {
  if (versionOf(database, path) === MIGRATIONS.length) return;
  database.transaction(() => {
    // Read again: another process may have been first.
    const version = versionOf(database, path);
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** 0 for a new database. @throws IndexError as `migrate` does. */
export function versionOf(database: Database, path: string): number {
  const found = database
    .prepare<{ readonly application: number; readonly version: number; readonly tables: number }>(
      `SELECT application_id AS application, user_version AS version, (SELECT count(*) FROM sqlite_schema) AS tables
       FROM pragma_application_id, pragma_user_version`,
    )
    .get();
  const { application = 0, version = 0, tables = 0 } = found ?? {};
  if (application !== APPLICATION_ID && (application !== 0 || tables > 0)) {
    throw new IndexError('damaged', `opening the index ${path}: found the database of another program`);
  }
  if (version > MIGRATIONS.length) {
    throw new IndexError(
      'newer',
      `opening the index ${path}: expected version ${MIGRATIONS.length} at most, found ${version}; ` +
        'a later version of Preroll wrote it',
    );
  }
  return version;
}
