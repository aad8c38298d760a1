import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { PlantedArchive } from '../testing/planted-archive.ts';
import { PLANTED_DEFECTS } from '../testing/planted-defects.ts';
import { START, TestArchive } from '../testing/test-archive.ts';
import { examineArchive, type Examination } from './examine-archive.ts';
import { repairArchive } from './repair-archive.ts';

let built: TestArchive;
let archive: PlantedArchive;
let victim: string;
let others: string[];

const EVENT = {
  id: new Date(START + 61_000).toISOString(),
  causes: ['motion'],
  trigger: new Date(START + 61_000).toISOString(),
  from: new Date(START + 60_000).toISOString(),
  until: new Date(START + 64_000).toISOString(),
  zones: [],
  score: 5,
};

/** Two cameras; the victim in the middle of the first one's recordings. */
beforeEach(async () => {
  built = await TestArchive.create();
  const before = await built.record();
  victim = await built.record({ startMs: 60_000, annotations: [EVENT], kind: 'event' });
  const after = await built.record({ startMs: 120_000 });
  const other = await built.record({ camera: 'gate', startMs: 60_000 });
  built.index.apply(built.eventsOf('yard', [EVENT]).map((event) => ({ type: 'event', event })));
  others = [before, after, other];
  archive = new PlantedArchive(built.indexPath, built.volume);
});
afterEach(() => built[Symbol.asyncDispose]());

function examination(changes: Partial<Examination> = {}): Examination {
  return {
    indexPath: archive.indexPath,
    volumePaths: [archive.volume.path],
    depth: 'deep',
    isLive: false,
    clock: systemClock,
    onProgress: () => undefined,
    ...changes,
  };
}

const signal = new AbortController().signal;
const examine = (changes?: Partial<Examination>) => examineArchive(examination(changes), signal);
const repair = () => repairArchive(examination(), silentLog, signal);
const contents = (paths: readonly string[]) => Promise.all(paths.map((path) => readFile(archive.at(path))));

test('a clean archive has no problem, at any depth, with a recorder at work or without', async () => {
  for (const depth of ['tables', 'deep'] as const) {
    for (const isLive of [true, false]) {
      const findings = await examine({ depth, isLive });
      expect(findings).toMatchObject({ problems: [], notices: [], recordings: 4, mediaMs: 24_000 });
    }
  }
});

describe.each(PLANTED_DEFECTS)('when $name', ({ kind, plant }) => {
  test(`it is found as ${kind}, mended, and nothing else is touched`, async () => {
    const [kept, before] = [await contents(others), await archive.recordings()];
    await plant(archive, victim);
    const { problems } = await examine();
    expect(problems.map((problem) => problem.kind)).toContain(kind);
    // A run has many recordings, and each of them tells that it is not known.
    const told = kind === 'missing-run' ? [] : problems;
    for (const { volume, path } of told) if (volume !== undefined) expect(others).not.toContain(path);
    const { mended, after } = await repair();
    expect([...mended.values()].map(({ outcome }) => outcome)).not.toContain('left');
    expect(after.problems).toEqual([]);
    expect((await examine()).problems).toEqual([]);
    expect(await contents(others)).toEqual(kept);
    const rows = (await archive.recordings()).filter(({ path }) => others.includes(path));
    expect(rows).toEqual(before.filter(({ path }) => others.includes(path)));
  });
});

test('every single flipped bit of a recording is found and flipped back', async () => {
  const content = await readFile(archive.at(victim));
  const tried = Array.from({ length: 60 }, (_, i) => Math.floor((i * content.byteLength * 8) / 60) + i);
  for (const bit of tried) {
    const damaged = Buffer.from(content);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(archive.at(victim), damaged);
    const { before } = await repair();
    expect(before.problems.length, `bit ${bit & 7} of byte ${bit >> 3}`).toBeGreaterThan(0);
    expect((await readFile(archive.at(victim))).equals(content)).toBe(true);
  }
});

test('what cannot be flipped back is set aside whole, and the rest goes on playing', async () => {
  const content = await readFile(archive.at(victim));
  const second = content.indexOf('moof', content.indexOf('moof') + 1);
  await writeFile(archive.at(victim), Buffer.from(content).fill(0, second, second + 300));
  await repair();
  expect((await readFile(archive.at(join('.set-aside', victim)))).byteLength).toBe(content.byteLength);
  const row = (await archive.recordings()).find(({ path }) => path === victim);
  expect(row?.fragments).toHaveLength(2);
});

test('all defects at once, each in a recording of its own, are found and mended together', async () => {
  const lasting = PLANTED_DEFECTS.filter(
    ({ kind }) => !['missing-index', 'damaged-index', 'wrong-sums', 'identity'].includes(kind),
  );
  const paths: string[] = [];
  for (const [i] of lasting.entries()) paths.push(await built.record({ camera: 'many', startMs: i * 60_000 }));
  for (const [i, { plant }] of lasting.entries()) await plant(archive, paths[i] ?? '');
  const { before, after } = await repair();
  const found = new Set(before.problems.map(({ kind }) => kind));
  for (const { kind } of lasting) expect(found).toContain(kind);
  expect(after.problems).toEqual([]);
});

test('links are not followed, and foreign files are told and left alone', async () => {
  const outside = join(dirname(archive.volume.path), 'outside');
  await mkdir(outside);
  await writeFile(join(outside, '20-15-00.mp4'), 'canary');
  await symlink(outside, archive.at('linked'));
  await symlink(join(outside, '20-15-00.mp4'), archive.at('yard/20-15-00.mp4'));
  await writeFile(archive.at('yard/holiday.mp4'), 'mine');
  const { problems, notices } = await examine();
  expect(problems).toEqual([]);
  expect(notices.map(({ path }) => path.slice(archive.volume.path.length + 1))).toEqual([
    'linked',
    'yard/20-15-00.mp4',
    'yard/holiday.mp4',
  ]);
  await repair();
  expect(await readFile(join(outside, '20-15-00.mp4'), 'utf8')).toBe('canary');
  expect(await readFile(archive.at('yard/holiday.mp4'), 'utf8')).toBe('mine');
});

test('a file that was to be deleted is deleted, and does not come back', async () => {
  await archive.discard(victim);
  expect((await examine()).problems.map(({ kind }) => kind)).toEqual(['unfinished-garbage']);
  expect((await examine({ isLive: true })).problems).toEqual([]);
  await repair();
  expect((await archive.recordings()).map(({ path }) => path)).not.toContain(victim);
  await expect(readFile(archive.at(victim))).rejects.toThrow('ENOENT');
});

test('what a recorder is at work on is no problem', async () => {
  await built.record({ startMs: 180_000, isOpen: true });
  await built.writeFile({ startMs: 240_000 });
  expect((await examine({ isLive: true })).problems).toEqual([]);
  expect((await examine()).problems.map(({ kind }) => kind)).toEqual([
    'unfinished-sidecar',
    'left-open',
    'missing-row',
  ]);
});

test('a volume that is missing is told, and its rows stay', async () => {
  const rows = await archive.recordings();
  const findings = await examine({ volumePaths: [join(dirname(archive.volume.path), 'elsewhere')] });
  expect(findings.problems).toEqual([]);
  expect(findings.notices).toMatchObject([{ kind: 'missing-volume' }]);
  expect(await archive.recordings()).toEqual(rows);
});
