import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeIdentity } from '../../archive/volume-identity.ts';
import { wallMs } from '../../base/time.ts';
import { makeSegment } from '../../db/testing/records.ts';
import type { RetentionOutlook } from '../api/settings.ts';
import { startTestSite, type TestSite } from '../testing/test-site.ts';

const HOUR_MS = 3_600_000;
const HOURS = 10 * 24;
const TEXT = `cameras:
  yard: { url: "demo:" }
archive: { path: archive }
retention:
  minFree: 0B # nothing but what is asked
`;

let folder: string;
let path: string;
let site: TestSite;
let admin: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-outlook-'));
  path = join(folder, 'preroll.yaml');
  await writeFile(path, TEXT);
  const volume = await writeIdentity(join(folder, 'archive'));
  site = await startTestSite({ configPath: path });
  admin = await site.signedIn('ada', { role: 'admin' });
  const now = site.clock.wallMs();
  site.index.apply(
    Array.from({ length: HOURS }, (_, i) => {
      const startWallMs = wallMs(now - (HOURS - i) * HOUR_MS);
      const endWallMs = wallMs(startWallMs + HOUR_MS);
      const times = { startWallMs, endWallMs, sizeBytes: 1_000_000 };
      return {
        type: 'segment',
        segment: makeSegment(0, { volume, path: `yard/${i}.mp4`, ...times }),
      } as const;
    }),
  );
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const ask = async (edits: readonly object[]) =>
  await site.inject({
    method: 'POST',
    url: '/api/settings/retention-outlook',
    headers: admin,
    payload: { edits },
  });
const set = (value: string, ...option: readonly string[]) => ({ kind: 'set', path: option, value });

test('tells the present rate, how far recordings reach back, and that nothing is to be deleted', async () => {
  const outlook = (await ask([])).json<RetentionOutlook>();
  expect(outlook.deletions).toEqual([]);
  expect(outlook.shortfalls).toEqual([]);
  expect(outlook.footage).toHaveLength(1);
  expect(outlook.footage[0]).toMatchObject({
    camera: 'yard',
    footage: 'continuous',
    bytes: HOURS * 1_000_000,
  });
  expect(outlook.bytesPerDay).toBeCloseTo(24_000_000, -5);
  expect(outlook.disks[0]).toMatchObject({ path: join(folder, 'archive'), bytes: HOURS * 1_000_000 });
});

test('tells what a change would delete and how far back is left, before it is saved', async () => {
  const edits = [set('3d', 'cameras', 'yard', 'retention', 'continuousMaxAge')];
  const outlook = (await ask(edits)).json<RetentionOutlook>();
  // The one that ended three days ago to the moment is not older.
  const recordings = HOURS - 3 * 24 - 1;
  expect(outlook.deletions).toMatchObject([
    { camera: 'yard', footage: 'continuous', recordings, bytes: recordings * 1_000_000 },
  ]);
  expect(outlook.deletions[0]?.newestMs).toBe(site.clock.wallMs() - (3 * 24 + 1) * HOUR_MS);
  expect(outlook.footage[0]?.reachMs).toBe(3 * 24 * HOUR_MS);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
});

test('a bound that contradicts what is guaranteed is told', async () => {
  const edits = [set('100MB', 'retention', 'archiveMaxSize'), set('9d', 'retention', 'minAge')];
  const outlook = (await ask(edits)).json<RetentionOutlook>();
  expect(outlook.shortfalls[0]?.message).toContain('archiveMaxSize');
});

test('a value that is none is told at its field', async () => {
  const refused = await ask([set('soon', 'retention', 'eventMaxAge')]);
  expect(refused.statusCode).toBe(400);
  expect(refused.json()).toMatchObject({ error: { field: 'retention.eventMaxAge' } });
});

test('rules of retention are told with the rest of the settings, and are gone when they are removed', async () => {
  const settings = async () =>
    (await site.inject({ url: '/api/settings', headers: admin })).json<{
      version: string;
    }>();
  const change = async (edits: readonly object[]) =>
    await site.inject({
      method: 'PATCH',
      url: '/api/settings',
      headers: admin,
      payload: { version: (await settings()).version, edits },
    });
  const option = ['cameras', 'yard', 'retention', 'eventMaxSize'];
  expect((await change([set('2GB', ...option), set('1TB', 'retention', 'archiveMaxSize')])).statusCode).toBe(
    200,
  );
  expect(await settings()).toMatchObject({
    cameras: [{ retention: { eventMaxSizeBytes: 2e9, continuousMaxSizeBytes: null } }],
    retention: { archiveMaxSizeBytes: 1e12, minFreeBytes: 0, eventMaxSizeBytes: null },
  });
  expect((await change([{ kind: 'remove', path: option }])).statusCode).toBe(200);
  expect(await settings()).toMatchObject({ cameras: [{ retention: { eventMaxSizeBytes: null } }] });
});
