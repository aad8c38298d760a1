import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSqlite } from '../db/sqlite-module.ts';
import { AccountDatabase } from './account-database.ts';
import { ExportTable } from './export-table.ts';
import { MIGRATIONS } from './schema.ts';

/** Made when exports told their users' names only. */
const OLD_VERSION = 4;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-exports-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('exports of before are those of the account that has their name, and nobody has those of one that is gone; what they told stays told', () => {
  const path = join(folder, 'accounts.db');
  const { DatabaseSync } = loadSqlite();
  const old = new DatabaseSync(path, { timeout: 0 });
  for (const step of MIGRATIONS.slice(0, OLD_VERSION)) old.exec(step);
  old.exec(`PRAGMA application_id = 0x50524c77; PRAGMA user_version = ${OLD_VERSION}`);
  old.exec("INSERT INTO user (id, name, role, created_ms) VALUES (3, 'ada', 'operator', 0)");
  for (const [at, name] of ['ada', 'gone'].entries()) {
    old.exec(
      `INSERT INTO export (id, user, created_ms, cameras, from_ms, to_ms, gaps)
       VALUES ('x${at}', '${name}', ${at}, '["yard"]', 0, 1, 'skip')`,
    );
  }
  const outcome = '{"state":"failed","files":[],"problems":["yard: \\"gone\\"","b"]}';
  old.exec(`UPDATE export SET outcome = '${outcome}' WHERE id = 'x1'`);
  old.close();
  using database = AccountDatabase.open(path);
  const problems = ['yard: "gone"', 'b'].map((message) => ({ kind: 'failed', message }));
  expect(new ExportTable(database).all()).toEqual([
    expect.objectContaining({
      user: 'gone',
      userId: undefined,
      outcome: { state: 'failed', files: [], problems },
    }),
    expect.objectContaining({ user: 'ada', userId: 3, outcome: undefined }),
  ]);
});
