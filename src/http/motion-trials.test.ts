import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import type { MotionTrialOrder } from '../settings/motion-trial-messages.ts';
import { MotionTrials } from './motion-trials.ts';

let folder: string;
let trials: MotionTrials | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'preroll-trials-'))));
afterEach(async () => {
  trials?.remove();
  await rm(folder, { recursive: true, force: true });
});

const ORDER: MotionTrialOrder = {
  configPath: 'preroll.yaml',
  configFlags: [],
  triedText: '',
  camera: 'yard',
  fromMs: 1_000,
  toMs: 2_000,
};
const RESULT = {
  counts: { same: 1, changes: 0, appears: 0, vanishes: 0 },
  rows: [],
  files: 1,
  mediaMs: 1_000,
  failures: [],
};

/** Trials whose process does this with its order. */
async function trialsOf(body: string): Promise<MotionTrials> {
  const program = join(folder, 'trial.mjs');
  await writeFile(
    program,
    `import { existsSync } from 'node:fs';\nprocess.once('message', (order) => { ${body} });`,
  );
  trials = new MotionTrials(program, systemClock);
  return trials;
}

test('a trial tells how far it is, then what it found, and another one may follow', async () => {
  const result = JSON.stringify(RESULT);
  const found = join(folder, 'found');
  const one = await trialsOf(
    `process.send({ type: 'progress', share: 0.5 });
     const look = setInterval(() => {
       if (!existsSync(${JSON.stringify(found)})) return;
       clearInterval(look);
       process.send({ type: 'result', result: ${result} }, () => process.disconnect());
     }, 10);`,
  );
  expect(one.start(ORDER)).toMatchObject({ camera: 'yard', state: { kind: 'working', progress: 0 } });
  await expect.poll(() => one.current?.state).toEqual({ kind: 'working', progress: 0.5 });
  await writeFile(found, '');
  await expect.poll(() => one.current?.state).toEqual({ kind: 'done', result: RESULT });
  await expect.poll(() => one.start({ ...ORDER, camera: 'gate' })?.camera).toBe('gate');
});

test('while one is going on there is no other, until it is ended', async () => {
  const one = await trialsOf('setInterval(() => undefined, 1_000);');
  one.start(ORDER);
  expect(one.start({ ...ORDER, camera: 'gate' })).toBeUndefined();
  one.remove();
  expect(one.current).toBeUndefined();
  expect(one.start({ ...ORDER, camera: 'gate' })?.camera).toBe('gate');
});

test('a process that dies is told as a failure, with its last words', async () => {
  const one = await trialsOf(`process.stderr.write('no such detector\\n', () => process.exit(3));`);
  one.start(ORDER);
  await expect
    .poll(() => one.current?.state)
    .toEqual({
      kind: 'failed',
      reason: 'its process ended with exit code 3, without an answer: no such detector',
    });
});
