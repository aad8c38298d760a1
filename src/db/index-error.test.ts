import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toIndexError } from './index-error.ts';
import { loadSqlite, type SqliteConnection } from './sqlite-module.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-index-error-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, (connection: SqliteConnection) => unknown]>([
  ['exec', (connection) => connection.exec('SELECT count(*) FROM b')],
  ['run', (connection) => connection.prepare('DELETE FROM b').run({})],
  ['get', (connection) => connection.prepare('SELECT * FROM b').get({})],
  ['all', (connection) => connection.prepare('SELECT * FROM b').all({})],
])('damage that %s comes across is told as damage', (_, work) => {
  const path = join(folder, 'x.db');
  const { DatabaseSync } = loadSqlite();
  const before = new DatabaseSync(path, { timeout: 0 });
  before.exec(`CREATE TABLE a (x); CREATE TABLE b (y INTEGER PRIMARY KEY, z TEXT)`);
  before.exec(`INSERT INTO b (z) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT hex(i) || 'some text that fills pages' FROM n`);
  before.close();
  const content = readFileSync(path);
  writeFileSync(path, content.fill(0x55, 2 * 4096, 20 * 4096));
  const connection = new DatabaseSync(path, { timeout: 0 });
  let thrown: unknown;
  try {
    work(connection);
  } catch (error) {
    thrown = toIndexError('reading it', error);
  }
  connection.close();
  expect(thrown).toMatchObject({ name: 'IndexError', kind: 'damaged' });
});

test('what is no word of SQLite stays what it is', () => {
  const mistake = new TypeError('database disk image is malformed');
  expect(toIndexError('reading it', mistake)).toBe(mistake);
});
