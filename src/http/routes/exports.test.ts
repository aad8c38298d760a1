import { afterEach, beforeEach, expect, test } from 'vitest';
import { ExportTable } from '../../account/export-table.ts';
import { wallMs } from '../../base/time.ts';
import type { ExportsAnswer } from '../api/exports.ts';
import { startTestSite, type TestSite } from '../testing/test-site.ts';

let site: TestSite;
beforeEach(async () => {
  site = await startTestSite();
});
afterEach(() => site[Symbol.asyncDispose]());

async function idsFor(headers: Record<string, string>): Promise<readonly string[]> {
  const answer = await site.inject({ method: 'GET', url: '/api/exports', headers });
  return answer.json<ExportsAnswer>().exports.map(({ id }) => id);
}

test('who gets the name of a deleted account does not get its exports', async () => {
  const { users, database } = site.accounts;
  const root = await site.signedIn('root', { role: 'admin' });
  const before = await site.signedIn('ada', { role: 'operator' });
  const ada = users.get('ada');
  const span = { fromWallMs: wallMs(0), toWallMs: wallMs(1_000) };
  new ExportTable(database).add({
    ...span,
    id: 'hers',
    userId: ada.id,
    user: ada.name,
    createdWallMs: wallMs(0),
    cameras: ['yard'],
    gaps: 'skip',
  });
  expect(await idsFor(before)).toEqual(['hers']);
  users.remove(ada);
  const after = await site.signedIn('ada', { role: 'operator' });
  // The new account has the old one's place in the table, too.
  expect(users.get('ada').id).toBe(ada.id);
  expect(await idsFor(after)).toEqual([]);
  const deleted = await site.inject({ method: 'DELETE', url: '/api/exports/hers', headers: after });
  expect(deleted.statusCode).toBe(404);
  expect(await idsFor(root)).toEqual(['hers']);
});
