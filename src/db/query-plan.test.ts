import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, type Statement } from './database.ts';
import { loadSqlite, type SqliteConnection } from './sqlite-module.ts';
import { SqliteIndex } from './sqlite-index.ts';

/** Remembers what is prepared. */
class WatchedDatabase extends Database {
  readonly statements: string[] = [];

  override prepare<Row>(sql: string): Statement<Row> {
    this.statements.push(sql);
    return super.prepare(sql);
  }
}

/** Grow with the archive; what else there is, is small however large the archive. */
const LARGE_TABLES = [
  'segment',
  'recorded_span',
  'recorded_hour',
  'run',
  'event',
  'event_detail',
  'gap',
  'garbage',
  'motion',
];

let folder: string;
let connection: SqliteConnection;
let statements: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-plan-'));
  const path = join(folder, 'preroll.db');
  SqliteIndex.open(path).close();
  const { DatabaseSync } = loadSqlite();
  connection = new DatabaseSync(path, { timeout: 0 });
  const database = new WatchedDatabase(connection, path);
  void new SqliteIndex(database);
  ({ statements } = database);
});

afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

/** What SQLite will do, one line a step. */
function planOf(sql: string): readonly string[] {
  const rows = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({}) as { readonly detail: string }[];
  return rows.map(({ detail }) => detail);
}

/** `SCAN segment` reads all of it, and so does `SCAN segment USING INDEX`. */
function isScan(step: string): boolean {
  return LARGE_TABLES.some((table) => new RegExp(`^SCAN ${table}( |$)`).test(step));
}

test('no statement of the index reads the whole of a table that grows with the archive', () => {
  expect(statements.length).toBeGreaterThan(40);
  const scans = statements.flatMap((sql) => (planOf(sql).some(isScan) ? [sql.replaceAll(/\s+/g, ' ')] : []));
  expect(scans).toEqual([]);
});

test('finds a scan where there is one', () => {
  expect(planOf('SELECT * FROM segment WHERE size_bytes = 1').some(isScan)).toBe(true);
  expect(planOf('SELECT * FROM gap WHERE start_ms > 1').some(isScan)).toBe(true);
});
