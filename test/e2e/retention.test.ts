import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { ProcessLock } from '../../src/db/process-lock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig, type Ended } from './preroll-process.ts';
import { filesBelow } from './recordings.ts';

/** One archive that is looked after while a recorder fills it. */
const cleanup: AsyncDisposable[] = [];
let folder: string;
let event: string;
let kept: Answer;
let listed: Answer;
let deleted: Answer;
let again: Answer;
let forecast: Answer;
let before: string[];
let after: string[];
let ended: Ended;
let stderr: string;
let sidecarTexts: readonly string[];
let refused: readonly Answer[];

/** As sidecars tell of it. */
interface ToldEvent {
  readonly id: string;
  readonly kept?: boolean;
}

/** What a command printed as JSON; each member is checked where it is used. */
interface Answer {
  readonly ok: boolean;
  readonly recordings: readonly { readonly file: string; readonly reason: object }[];
  readonly [member: string]: unknown;
}

const SMALL = ['--set', 'retention.maxSize=1MiB', '--json'];

beforeAll(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
  const main = await testClip({ ...TINY, loopSeconds: 4, bitrateBps: 1_500_000 });
  const camera = await FakeCamera.start({ clock: systemClock, main, name: 'yard' });
  cleanup.push(camera);
  await writeConfig(folder, {
    archive: { segmentLength: '5s' },
    event: { preRoll: '1s', postRoll: '0s', minimalDuration: '1s' },
    cameras: { yard: { url: camera.url, mode: 'always' } },
  });
  await mkdir(join(folder, 'archive', 'yard'), { recursive: true });
  for (const name of ['canary.mp4', 'archive/yard/notes.txt']) await writeFile(join(folder, name), 'x');
  const preroll = PrerollProcess.start(['run'], { folder });
  cleanup.push(preroll);
  await preroll.says('] recorded ');
  const { stdout } = await PrerollProcess.run(['event', 'start', 'yard'], { folder });
  [, event = ''] = /event (\d\S+Z)/.exec(stdout) ?? [];
  await preroll.saysAgain('] recorded ');
  // While the recorder writes one of its recordings; the index is told once a second.
  const keep = async () => {
    kept = await answerOf('keep', 'yard', event, '--json');
    return kept.ok;
  };
  await vi.waitUntil(keep, PATIENCE_MS);
  await PrerollProcess.run(['event', 'stop', 'yard'], { folder });
  await preroll.says('] event ended');
  // Some that are not of the event, and more than the smallest size has room for.
  await preroll.saysAgain('] recorded ', 4);
  forecast = await answerOf('forecast', '--json');
  listed = await answerOf('prune', '--dry-run', ...SMALL);
  before = await filesBelow(folder);
  deleted = await answerOf('prune', ...SMALL);
  after = await filesBelow(folder);
  again = await answerOf('prune', '--dry-run', ...SMALL);
  ended = await preroll.interrupt();
  const sidecars = after.filter((path) => path.endsWith('.json') && path.includes('/archive/yard/'));
  sidecarTexts = await Promise.all(sidecars.map((path) => readFile(path, 'utf8')));
  using _ = ProcessLock.take(join(folder, 'preroll.db.lock'), 'preroll archive reindex');
  refused = [await answerOf('prune', '--json'), await answerOf('keep', 'yard', event, '--json')];
  ({ stderr } = preroll);
});

afterAll(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

async function answerOf(...words: readonly string[]): Promise<Answer> {
  const run = await PrerollProcess.run(['archive', ...words], { folder });
  // Printed by the program under test.
  return JSON.parse(run.stdout) as Answer;
}

test('an event is kept by hand with its recordings', () => {
  expect(kept).toMatchObject({ ok: true, camera: 'yard', kept: true });
  expect(kept['recordings']).toBeGreaterThan(0);
});

test('the mark stands in every recording of the event, also in the one that was being written', () => {
  const events = sidecarTexts.flatMap((text) => (JSON.parse(text) as { events: ToldEvent[] }).events);
  const told = events.filter(({ id }) => id === event);
  expect(told.length).toBeGreaterThan(1);
  expect(told.filter(({ kept: isKept }) => isKept !== true)).toEqual([]);
});

test('nothing is changed beside a command that changes the archive', () => {
  for (const answer of refused) {
    expect(answer).toMatchObject({
      ok: false,
      error: expect.stringContaining('preroll archive reindex (process') as unknown,
    });
  }
});

test('a dry run lists what goes and why, and it is what goes then, beside the recorder', () => {
  expect(listed.recordings.length).toBeGreaterThan(1);
  expect(listed.recordings[0]?.reason).toEqual({
    rule: 'camera-size',
    camera: 'yard',
    maxSizeBytes: 2 ** 20,
  });
  expect(deleted.recordings.slice(0, listed.recordings.length)).toEqual(listed.recordings);
  for (const { file } of listed.recordings) {
    expect(before).toContain(file);
    expect(after).not.toContain(file);
    expect(after).not.toContain(file.replace('.mp4', '.json'));
  }
});

test('what is kept stays, and the contradiction is told', () => {
  const recordings = (files: readonly string[]) => files.filter((file) => /archive.*\.mp4$/.test(file));
  expect(recordings(after).length).toBeGreaterThanOrEqual(Number(kept['recordings']));
  expect(again.ok).toBe(false);
  expect(JSON.stringify(again['shortfalls'])).toContain('more than its retention.maxSize');
});

test('nothing goes that is none of ours', () => {
  expect(after).toContain(join(folder, 'canary.mp4'));
  expect(after).toContain(join(folder, 'archive/yard/notes.txt'));
});

test('the forecast tells both kinds of footage and the disk', () => {
  expect(forecast).toMatchObject({
    cameras: [
      { camera: 'yard', footage: 'continuous' },
      { camera: 'yard', footage: 'event' },
    ],
    volumes: [{ path: join(folder, 'archive') }],
  });
});

test('the recorder goes on undisturbed', () => {
  expect(ended).toEqual({ code: 0, by: null });
  expect(stderr).not.toMatch(/ ERROR /);
});
