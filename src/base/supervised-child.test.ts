import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { SupervisedChild, type ChildEnd } from './supervised-child.ts';

type Order = { readonly do: 'echo' | 'throw' | 'leave' };

const PROGRAM = `
process.on('message', (order) => {
  if (order.do === 'echo') process.send('heard');
  if (order.do === 'throw') throw new Error('out of luck');
  if (order.do === 'leave') process.exit(0);
});
process.on('disconnect', () => process.exit(0));
`;
const DEAF = `process.on('message', () => undefined);`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-child-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a child's owner is told, to be waited for. */
class Told {
  #all: (string | ChildEnd)[] = [];
  #wake: () => void = () => undefined;

  push(told: string | ChildEnd): void {
    this.#all.push(told);
    this.#wake();
  }

  async next(): Promise<string | ChildEnd> {
    for (;;) {
      const told = this.#all.shift();
      if (told !== undefined) return told;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

async function startChild(program: string) {
  const path = join(folder, 'child.mjs');
  await writeFile(path, program);
  const told = new Told();
  const child = new SupervisedChild<Order, string>({
    program: path,
    clock: systemClock,
    restartDelayMs: { first: 1, longest: 3 },
    stopMessage: { do: 'leave' },
    onStarted: () => told.push('started'),
    onMessage: (message) => told.push(message),
    onEnded: (end) => told.push(end),
  });
  child.start();
  return { child, told };
}

test('a child that died is started again, with growing delays, and its last words are told', async () => {
  const { child, told } = await startChild(PROGRAM);
  await using _ = child;
  for (const restartInMs of [1, 2, 3, 3]) {
    expect(await told.next()).toBe('started');
    child.send({ do: 'throw' });
    const end = await told.next();
    expect(end).toMatchObject({ restartInMs });
    expect(end).toHaveProperty(
      'how',
      expect.stringMatching(/^ended with exit code 1, its last words: .*out of luck/s),
    );
  }
  expect(await told.next()).toBe('started');
  child.send({ do: 'echo' });
  expect(await told.next()).toBe('heard');
});

test('a killed child is started again', async () => {
  const { child, told } = await startChild(PROGRAM);
  await using _ = child;
  await told.next();
  child.kill();
  expect(await told.next()).toEqual({ how: 'was ended by SIGKILL', restartInMs: 1 });
  expect(await told.next()).toBe('started');
});

test('a child that does not leave when asked to is killed', async () => {
  const { child, told } = await startChild(DEAF);
  await told.next();
  const { pid } = child;
  await child[Symbol.asyncDispose]();
  expect(child.pid).toBeUndefined();
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});

test('a program that cannot be run is told and tried again', async () => {
  const told = new Told();
  await using child = new SupervisedChild<Order, string>({
    program: join(folder, 'nowhere.mjs'),
    clock: systemClock,
    restartDelayMs: { first: 1, longest: 1 },
    stopMessage: { do: 'leave' },
    onStarted: () => undefined,
    onMessage: () => undefined,
    onEnded: (end) => told.push(end),
  });
  child.start();
  for (let i = 0; i < 2; i++) {
    expect(await told.next()).toHaveProperty('how', expect.stringContaining('Cannot find module'));
  }
});
