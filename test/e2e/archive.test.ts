import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { filesBelow } from './recordings.ts';

const cleanup: AsyncDisposable[] = [];
let folder: string;
let recorder: PrerollProcess;

beforeAll(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
  const main = await testClip({ ...TINY, loopSeconds: 4 });
  const camera = await FakeCamera.start({ clock: systemClock, main });
  cleanup.push(camera);
  await writeConfig(folder, {
    archive: { segmentLength: '5s' },
    cameras: { yard: { url: camera.url, mode: 'always+motion', motion: { rateFps: 0.5, widthPx: 64 } } },
  });
  recorder = PrerollProcess.start(['run'], { folder });
  cleanup.push(recorder);
  await recorder.says('[yard] recorded', 2);
});

afterAll(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

const archive = (...words: readonly string[]) => PrerollProcess.run(['archive', ...words], { folder });

test('while a recorder runs its archive can be checked, and not changed by others', async () => {
  const checked = await archive('check', '--deep');
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toContain('all is well');
  expect(checked.stdout).toContain(`a recorder (process ${recorder.pid}) is at work here`);
  for (const words of [['check', '--repair'], ['reindex'], ['clear', '--yes']]) {
    const refused = await archive(...words);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`a recorder (process ${recorder.pid}) is at work there; stop it first`);
  }
  for (const flags of [[], ['--set', 'log.console=false']]) {
    const second = await PrerollProcess.run(['run', ...flags], { folder });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('is at work there');
  }
});

test('nobody else changes it either, whose index is another one', async () => {
  await using elsewhere = await makeFolder();
  const shared = { archive: { path: join(folder, 'archive') } };
  await writeConfig(elsewhere.path, { ...shared, cameras: { yard: { url: 'rtsp://127.0.0.1:9/' } } });
  for (const words of [['run'], ['archive', 'reindex'], ['archive', 'clear', '--yes']]) {
    const refused = await PrerollProcess.run(words, { folder: elsewhere.path });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`a recorder (process ${recorder.pid}) is at work there; stop it first`);
    expect(refused.stderr).not.toContain('put right');
  }
});

test('after it has left, what is damaged is found and mended', async () => {
  const saidBefore = recorder.stderr.length;
  // As a service manager does, and a terminal's Ctrl-C.
  recorder.signal('SIGTERM', 'group');
  expect(await recorder.ended).toEqual({ code: 0, by: null });
  expect(recorder.stderr.slice(saidBefore)).not.toMatch(/ ERROR | WARN /);
  expect(await archive('check', '--deep')).toMatchObject({ code: 0 });
  const [victim = ''] = (await filesBelow(join(folder, 'archive'))).filter((path) => path.endsWith('.mp4'));
  await appendFile(victim, 'torn');
  const found = await archive('check', '--json');
  expect(found.code).toBe(1);
  expect(JSON.parse(found.stdout)).toMatchObject({ ok: false, problems: [{ kind: 'torn-tail' }] });
  const mended = await archive('check', '--repair');
  expect(mended).toMatchObject({ code: 0 });
  expect(mended.stdout).toContain('1 problem, all mended');
  expect(await archive('check')).toMatchObject({ code: 0 });
});

test('the index is made anew from the files', async () => {
  const reindexed = await archive('reindex', '--json');
  expect(reindexed.code).toBe(0);
  expect(JSON.parse(reindexed.stdout)).toMatchObject({ ok: true, replaced: { wasReadable: true } });
  expect(await archive('check', '--deep')).toMatchObject({ code: 0 });
});

test('it is cleared only on a word', async () => {
  const before = await filesBelow(join(folder, 'archive'));
  const asked = await archive('clear');
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('--yes');
  expect(await filesBelow(join(folder, 'archive'))).toEqual(before);
  expect(await archive('clear', '--yes')).toMatchObject({ code: 0 });
  expect(await filesBelow(join(folder, 'archive'))).toEqual([
    join(folder, 'archive', '.preroll-volume.json'),
    join(folder, 'archive', '.preroll-volume.lock'),
  ]);
  expect((await readdir(folder)).filter((name) => name.endsWith('.db'))).toEqual([]);
});
