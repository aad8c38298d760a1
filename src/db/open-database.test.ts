import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { setDatabaseAside } from './database-files.ts';
import { openDatabase } from './open-database.ts';
import { MIGRATIONS } from './schema.ts';
import { SqliteIndex } from './sqlite-index.ts';
import { isAtLeast, loadSqlite } from './sqlite-module.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-database-'));
  path = join(folder, 'preroll.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As another program would, that knows nothing of ours. */
function withPlainSqlite(sql: string): void {
  const { DatabaseSync } = loadSqlite();
  const other = new DatabaseSync(path, { timeout: 0 });
  other.exec(sql);
  other.close();
}

function pragma(name: string): unknown {
  const database = openDatabase(path);
  const row = database.prepare<Record<string, unknown>>(`PRAGMA ${name}`).get();
  database.close();
  return Object.values(row ?? {})[0];
}

test('makes a database of the newest version, in WAL mode, that is synced at checkpoints', () => {
  expect(pragma('user_version')).toBe(MIGRATIONS.length);
  expect(pragma('journal_mode')).toBe('wal');
  expect(pragma('synchronous')).toBe(1);
  expect(pragma('foreign_keys')).toBe(1);
  expect(pragma('auto_vacuum')).toBe(0);
});

test('opens a database that it made', () => {
  const first = openDatabase(path);
  first.exec(`INSERT INTO camera (name) VALUES ('yard')`);
  first.close();
  const second = openDatabase(path);
  expect(second.prepare('SELECT name FROM camera').all()).toEqual([{ name: 'yard' }]);
  second.close();
});

test('refuses a database of a newer version and leaves it as it is', () => {
  openDatabase(path).close();
  withPlainSqlite(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  const before = readFileSync(path);
  expect(() => openDatabase(path)).toThrow(
    `expected version ${MIGRATIONS.length} at most, found ${MIGRATIONS.length + 1}`,
  );
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'newer' }));
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('finds the database of another program damaged and leaves it as it is', () => {
  withPlainSqlite('CREATE TABLE holiday (photo BLOB)');
  const before = readFileSync(path);
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'damaged' }));
  expect(readFileSync(path).equals(before)).toBe(true);
});

test('finds a file damaged that is no database', () => {
  writeFileSync(path, 'no database, but long enough to have a header '.repeat(50));
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'damaged' }));
});

test('finds an index damaged that lacks a table', () => {
  SqliteIndex.open(path).close();
  withPlainSqlite('DROP TABLE gap');
  expect(() => SqliteIndex.open(path)).toThrow(
    expect.objectContaining({ kind: 'damaged', message: expect.stringContaining('tables') as unknown }),
  );
});

test('finds a database damaged whose end is missing', () => {
  SqliteIndex.open(path).close();
  truncateSync(path, 8_192);
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'damaged' }));
});

test('makes a database where an empty file stands', () => {
  writeFileSync(path, '');
  expect(pragma('user_version')).toBe(MIGRATIONS.length);
});

test('cannot open a database whose folder is missing', () => {
  path = join(folder, 'missing', 'preroll.db');
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'io' }));
});

test('cannot open a folder', () => {
  mkdirSync(path);
  expect(() => openDatabase(path)).toThrow(expect.objectContaining({ kind: 'io' }));
});

test('finds a database locked that another process is writing to', () => {
  openDatabase(path).close();
  const { DatabaseSync } = loadSqlite();
  const other = new DatabaseSync(path, { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
  const database = openDatabase(path);
  expect(() => database.transaction(() => undefined)).toThrow(expect.objectContaining({ kind: 'locked' }));
  other.close();
  database.transaction(() => undefined);
  database.close();
});

test('takes back all of a transaction that throws', () => {
  const database = openDatabase(path);
  const work = () => {
    database.exec(`INSERT INTO camera (name) VALUES ('yard')`);
    throw new Error('in the middle');
  };
  expect(() => database.transaction(work)).toThrow('in the middle');
  expect(database.prepare('SELECT name FROM camera').all()).toEqual([]);
  database.close();
});

test('sets a damaged database aside with all that belongs to it, under a name that says so', () => {
  for (const companion of ['', '-wal', '-shm']) writeFileSync(`${path}${companion}`, companion);
  const aside = setDatabaseAside(path, 'damaged', wallMs(Date.UTC(2026, 0, 2, 3, 4, 5, 6)));
  expect(aside).toBe(`${path}.damaged-2026-01-02T03-04-05.006Z`);
  const name = 'preroll.db.damaged-2026-01-02T03-04-05.006Z';
  expect(readdirSync(folder).toSorted()).toEqual([name, `${name}-shm`, `${name}-wal`]);
  openDatabase(path).close();
});

test.each([
  ['3.51.3', true],
  ['3.51.10', true],
  ['3.53.0', true],
  ['4.0.0', true],
  ['3.51.2', false],
  ['3.50.4', false],
  ['2.99.99', false],
])('knows whether SQLite %s has sound WAL resets: %s', (version, isSound) => {
  expect(isAtLeast(version, [3, 51, 3])).toBe(isSound);
});
