import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { StartQuestions } from './start-questions.ts';

const NEVER = new Promise<string>(() => undefined);

let clock: SimulatedClock;
let start: AbortController;
let warnings: string[];
let questions: StartQuestions;

beforeEach(() => {
  clock = new SimulatedClock();
  start = new AbortController();
  warnings = [];
  const log: Log = { ...silentLog, warn: (message) => void warnings.push(message) };
  questions = new StartQuestions(clock, log, start.signal);
});
afterEach(() => questions[Symbol.dispose]());

test('waits five seconds for an index that hangs, however much it is asked, and goes on without', async () => {
  const answers: string[] = [];
  const asking = (async () => {
    for (const what of ['one', 'another', 'a third']) {
      answers.push(await questions.ask(what, NEVER, `nothing of ${what}`));
    }
  })();
  await clock.advance(4_999);
  expect(answers).toEqual([]);
  await clock.advance(1);
  await asking;
  expect(answers).toEqual(['nothing of one', 'nothing of another', 'nothing of a third']);
  expect(warnings[0]).toBe('the index does not tell one: no answer in 5 s');
});

test('tells the answer that comes too late', async () => {
  let answer: (told: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => (answer = resolve));
  const late: string[] = [];
  const asking = questions.ask('one', slow, 'nothing', (told) => void late.push(told));
  await clock.advance(5_000);
  expect(await asking).toBe('nothing');
  expect(late).toEqual([]);
  answer('this');
  await slow;
  expect(late).toEqual(['this']);
});

test('gives the answers that come, and what serves instead of those that cannot', async () => {
  expect(await questions.ask('one', Promise.resolve('this'), '')).toBe('this');
  expect(await questions.ask('another', Promise.reject(new Error('locked')), 'none')).toBe('none');
  expect(warnings).toEqual(['the index does not tell another: locked']);
});

test('asks no longer when nobody wants to record any more', async () => {
  const asking = questions.ask('one', NEVER, '');
  const reason = new Error('SIGINT');
  start.abort(reason);
  await expect(asking).rejects.toBe(reason);
  expect(warnings).toEqual([]);
});
