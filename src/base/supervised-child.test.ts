import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type Clock } from './clock.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { monotonicMs } from './time.ts';
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
/** Whom it has started has its standard error, and stays. */
const SURVIVED = `
import { spawn } from 'node:child_process';
const program = 'setTimeout(() => undefined, 60_000)';
process.send(String(spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 2] }).pid));
setInterval(() => undefined, 1_000);
`;

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

async function startChild(program: string, clock: Clock = systemClock) {
  const path = join(folder, 'child.mjs');
  await writeFile(path, program);
  const told = new Told();
  const child = new SupervisedChild<Order, string>({
    program: path,
    clock,
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

test.each([
  ['ends by itself', 10_000, 'SIGTERM', 1],
  ['ends by itself', 9_000, 'SIGTERM', 2],
  ['is killed because it is of no use', 59_000, undefined, 2],
  ['is killed because it is of no use', 60_000, undefined, 1],
] as const)(
  'a child that %s after %i ms is started again as soon as that earns it',
  async (...[, lifeMs, signal, restartInMs]) => {
    let passedMs = 0;
    const clock = { ...systemClock, monotonicMs: () => monotonicMs(passedMs) };
    const { child, told } = await startChild(PROGRAM, clock);
    await using _ = child;
    await told.next();
    child.kill();
    expect(await told.next()).toMatchObject({ restartInMs: 1 });
    await told.next();
    passedMs += lifeMs;
    if (signal === undefined) child.kill();
    else process.kill(child.pid ?? 0, signal);
    expect(await told.next()).toMatchObject({ restartInMs });
  },
);

test('a child that does not leave when asked to is killed', async () => {
  const { child, told } = await startChild(DEAF);
  await told.next();
  const { pid } = child;
  await child[Symbol.asyncDispose]();
  expect(child.pid).toBeUndefined();
  expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
});

test('a killed child whose end does not come is not waited for, neither to start another nor to stop', async () => {
  const clock = new SimulatedClock();
  const { child, told } = await startChild(SURVIVED, clock);
  const survivors: number[] = [];
  const begun = async () => {
    expect(await told.next()).toBe('started');
    survivors.push(Number(await told.next()));
  };
  try {
    await begun();
    child.kill();
    await clock.advance(5_000);
    expect(await told.next()).toEqual({ how: 'was killed and had not left after 5 s', restartInMs: 1 });
    await clock.advance(1);
    await begun();
    let hasStopped = false;
    const stopping = child[Symbol.asyncDispose]().then(() => (hasStopped = true));
    await clock.advance(6_999);
    expect(hasStopped).toBe(false);
    await clock.advance(1);
    await stopping;
  } finally {
    for (const pid of survivors) process.kill(pid, 'SIGKILL');
  }
});

/** A child whose program is not there. */
function startNowhere(options: { readonly nodeOptions?: readonly string[] } = {}) {
  const told = new Told();
  const child = new SupervisedChild<Order, string>({
    program: join(folder, 'nowhere.mjs'),
    clock: systemClock,
    restartDelayMs: { first: 1, longest: 1 },
    stopMessage: { do: 'leave' },
    // It is started for a moment, or not at all.
    onStarted: () => undefined,
    onMessage: (message) => told.push(message),
    onEnded: (end) => told.push(end),
    ...options,
  });
  child.start();
  return { child, told };
}

test('a program that cannot be run is told and tried again', async () => {
  const { child, told } = startNowhere();
  await using _ = child;
  for (let i = 0; i < 2; i++) {
    expect(await told.next()).toHaveProperty('how', expect.stringContaining('Cannot find module'));
  }
});

test('a child for which the system has no room is told and tried again', async () => {
  // Longer than any system takes: as with a lack of memory, Node.js throws.
  const nodeOptions = [`--title=${'x'.repeat(4_000_000)}`];
  const { child, told } = startNowhere({ nodeOptions });
  await using _ = child;
  for (let i = 0; i < 2; i++) {
    expect(await told.next()).toHaveProperty('how', expect.stringMatching(/^could not be started: spawn /));
  }
});
