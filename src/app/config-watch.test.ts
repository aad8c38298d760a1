import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import type { Config } from '../config/config.ts';
import { ConfigWatch } from './config-watch.ts';

let clock: SimulatedClock;
let watch: ConfigWatch;
let looks: string;
let happened: string[];
let answer: () => Promise<Config>;
let notice: () => void;
const config = {} as Config;

beforeEach(() => {
  clock = new SimulatedClock();
  looks = 'as at the start';
  happened = [];
  answer = () => Promise.resolve(config);
  const tell = (message: string): void => void happened.push(message);
  const log: Log = { ...silentLog, error: tell, info: tell };
  const read = () => {
    happened.push('read');
    return answer();
  };
  watch = new ConfigWatch({
    source: {
      look: () => Promise.resolve(looks),
      watch: (told) => {
        notice = told;
        return { [Symbol.dispose]: () => undefined };
      },
      known: 'as at the start',
      read,
    },
    apply: () => Promise.resolve(void happened.push('applied')),
    onRead: (problem) => void happened.push(problem ?? 'good'),
    clock,
    log,
  });
  watch.start();
});
afterEach(() => watch[Symbol.asyncDispose]());

test('applies a change once the files look the same twice, and once only', async () => {
  await clock.advance(13_000);
  expect(happened).toEqual([]);
  looks = 'half written';
  await clock.advance(2_000);
  looks = 'written';
  await clock.advance(1_000);
  expect(happened).toEqual([]);
  await clock.advance(5_000);
  expect(happened).toEqual(['read', 'applied', 'good']);
});

test('goes on with the configuration before where the new one cannot be used, and follows the next change', async () => {
  answer = () => Promise.reject(new Error('preroll.yaml:1:1: expected a map'));
  looks = 'broken';
  await clock.advance(16_000);
  const told =
    'the configuration was changed and cannot be used; going on with the one before: preroll.yaml:1:1: expected a map';
  expect(happened).toEqual(['read', told, 'preroll.yaml:1:1: expected a map']);
  answer = () => Promise.resolve(config);
  looks = 'mended';
  await clock.advance(16_000);
  expect(happened.slice(3)).toEqual(['read', 'applied', 'the configuration can be used again', 'good']);
});

test('looks at once when it is told of a change, also of one during a look', async () => {
  await clock.advance(100);
  looks = 'written';
  notice();
  await clock.advance(1_000);
  expect(happened).toEqual(['read', 'applied', 'good']);
  notice();
  notice();
  await clock.advance(0);
  looks = 'written again';
  notice();
  await clock.advance(1_000);
  expect(happened).toHaveLength(6);
});

test('ends though a disk neither lets the files be looked at nor read, and tells of no fault then', async () => {
  answer = () => new Promise(() => undefined);
  looks = 'changed';
  await clock.advance(16_000);
  expect(happened).toEqual(['read']);
  await watch[Symbol.asyncDispose]();
  expect(happened).toEqual(['read']);
  const hanging = new ConfigWatch({
    source: {
      look: () => new Promise(() => undefined),
      watch: () => ({ [Symbol.dispose]: () => undefined }),
      known: '',
      read: () => answer(),
    },
    apply: () => Promise.resolve(),
    onRead: () => undefined,
    clock,
    log: silentLog,
  });
  hanging.start();
  await clock.advance(1_000);
  await hanging[Symbol.asyncDispose]();
});
