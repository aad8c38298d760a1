import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { Config } from '../config/config.ts';
import { WebChild, type WebChildOptions } from './web-child.ts';

const PROGRAM = `
const announce = (text) => process.send({ type: 'announce', text });
process.on('message', ({ type, order, config }) => {
  if (type === 'stop') process.exit(0);
  announce(type === 'start' ? 'listening on ' + order.config.told.web.listen : 'keeping ' + config.told.note);
});
process.on('disconnect', () => process.exit(0));
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-web-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function configOf(listen: string, note: string = ''): Config {
  return { web: { listen }, note, cameras: [] } as unknown as Config;
}

async function setUp(listen: string) {
  const program = join(folder, 'web.mjs');
  await writeFile(program, PROGRAM);
  const announced: string[] = [];
  const logged: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  const web = new WebChild({
    program,
    config: configOf(listen),
    // Our program looks at the configuration only.
    order: {} as WebChildOptions['order'],
    announce: (text) => {
      announced.push(text);
      waiting.shift()?.(text);
    },
    clock: systemClock,
    log: { ...silentLog, info: (message) => void logged.push(message) },
  });
  const next = () => new Promise<string>((resolve) => waiting.push(resolve));
  return { web, announced, logged, next };
}

test('another configuration is told to the web server, and another one takes its place where it is to listen elsewhere', async () => {
  const { web, next } = await setUp('one');
  await using _ = web;
  const first = next();
  web.start();
  expect(await first).toBe('listening on one');
  const told = next();
  await web.reconfigure(configOf('one', 'dogs'));
  expect(await told).toBe('keeping dogs');
  const other = next();
  await web.reconfigure(configOf('two'));
  expect(await other).toBe('listening on two');
});

test('there is none where none is wanted, until one is', async () => {
  const { web, announced, next } = await setUp('off');
  await using _ = web;
  web.start();
  await web.reconfigure(configOf('off', 'dogs'));
  expect(announced).toEqual([]);
  const begun = next();
  await web.reconfigure(configOf('one'));
  expect(await begun).toBe('listening on one');
});

test('the log tells whether it is started, started again or ended', async () => {
  const { web, logged, next } = await setUp('off');
  await using _ = web;
  web.start();
  for (const listen of ['one', 'two']) {
    const begun = next();
    await web.reconfigure(configOf(listen));
    await begun;
  }
  await web.reconfigure(configOf('off'));
  expect(logged).toEqual([
    'the web server is started',
    'the web server is started again, with other settings',
    'there is no web server any more: `web.listen` is off',
  ]);
});

test('a change of settings that is under way when the recorder stops leaves no web server behind', async () => {
  const { web, announced, next } = await setUp('one');
  const first = next();
  web.start();
  await first;
  const changing = web.reconfigure(configOf('two'));
  await web[Symbol.asyncDispose]();
  await changing;
  // One that had been started would have announced itself before two that are started one after the other now.
  const later = await setUp('three');
  await using _ = later.web;
  const begun = later.next();
  later.web.start();
  await begun;
  const begunAgain = later.next();
  await later.web.reconfigure(configOf('four'));
  await begunAgain;
  await web[Symbol.asyncDispose]();
  expect(announced).toEqual(['listening on one']);
});
