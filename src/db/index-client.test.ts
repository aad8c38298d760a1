import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { IndexClient } from './index-client.ts';
import { ProcessLock } from './process-lock.ts';
import { loadSqlite } from './sqlite-module.ts';
import { SqliteIndex } from './sqlite-index.ts';
import { INNER_RESTART_MS, InnerWorkers } from './testing/inner-worker.ts';
import { makeEvent, makeSegment, NOON } from './testing/records.ts';

/** Waits as long as it takes. */
const UNTIL_DONE = new AbortController().signal;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-index-'));
  path = join(folder, 'preroll.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function setUp(beforeAsking: () => void = () => undefined) {
  const clock = new SimulatedClock();
  const workers = new InnerWorkers(path, clock);
  const lines: string[] = [];
  const log: Log = {
    debug: (message) => lines.push(`debug: ${message}`),
    info: (message) => lines.push(`info: ${message}`),
    warn: (message) => lines.push(`warn: ${message}`),
    error: (message) => lines.push(`error: ${message}`),
    with: () => log,
  };
  const rebuilds: string[] = [];
  const client = new IndexClient({
    startWorker: workers.start,
    clock,
    log,
    beforeAsking,
    onRebuildNeeded: (reason) => rebuilds.push(reason),
  });
  client.start();
  return { clock, workers, client, lines, rebuilds };
}

const alive = (second: number) =>
  ({ type: 'alive', atWallMs: wallMs(NOON + 1000 * second), isLeaving: false }) as const;
const segment = (number: number) => ({ type: 'segment', segment: makeSegment(number * 60_000) }) as const;

function storedSegments(): number {
  const index = SqliteIndex.open(path);
  try {
    return index.segmentsByPath(undefined, 1_000).length;
  } finally {
    index.close();
  }
}

/** Holds the database's lock until disposed. */
function lock(): Disposable {
  const { DatabaseSync } = loadSqlite();
  const other = new DatabaseSync(path, { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => other.close() };
}

test('commits about once a second what was written meanwhile, in one batch; after a pause, at once', async () => {
  const { clock, workers, client } = setUp();
  await clock.advance(0);
  client.write(alive(0), alive(1));
  await clock.advance(0);
  expect(workers.told.splice(0)).toHaveLength(1);
  client.write(segment(0), segment(1));
  await clock.advance(500);
  client.write(segment(2));
  expect(workers.told).toEqual([]);
  await clock.advance(500);
  expect(workers.told).toHaveLength(1);
  expect(storedSegments()).toBe(3);
  client.write(segment(3));
  await clock.advance(1_000);
  expect(workers.told).toHaveLength(2);
  expect(storedSegments()).toBe(4);
  await client[Symbol.asyncDispose]();
});

test('who asks is answered with what is told before', async () => {
  const { client, clock } = setUp(() => client.write(segment(0)));
  await clock.advance(0);
  expect(await client.segmentsByPath(undefined, 9)).toEqual([makeSegment(0)]);
  await client[Symbol.asyncDispose]();
});

test('commits at once when asked to flush, and answers from what is committed', async () => {
  const { client } = setUp();
  client.write(segment(0));
  expect(await client.segmentsByPath(undefined, 9)).toEqual([]);
  await client.flush(UNTIL_DONE);
  expect(await client.segmentsByPath(undefined, 9)).toEqual([makeSegment(0)]);
  expect(await client.usage()).toHaveLength(1);
  await client[Symbol.asyncDispose]();
});

test('commits what waits when it is disposed', async () => {
  const { client } = setUp();
  client.write(segment(0), segment(1));
  await client[Symbol.asyncDispose]();
  expect(storedSegments()).toBe(2);
});

test('waits while another process holds the database, and says so once, and once when it is over', async () => {
  const { clock, client, lines } = setUp();
  client.write(segment(0));
  await client.flush(UNTIL_DONE);
  const held = lock();
  for (let second = 0; second < 60; second += 1) {
    client.write(segment(second), alive(second));
    await clock.advance(1_000);
  }
  expect(lines).toEqual([
    `error: the index cannot be written; recording goes on, and what it should hold waits: the index ${path} ` +
      'could not be changed: database is locked',
  ]);
  expect(await client.segmentsByPath(undefined, 99)).toHaveLength(1);
  held[Symbol.dispose]();
  await clock.advance(10_000);
  expect(storedSegments()).toBe(60);
  expect(lines.slice(1)).toEqual(['info: the index can be written again, nothing waits any more']);
  await client[Symbol.asyncDispose]();
});

test('tells who asked for a commit that it cannot be had now, and commits later all the same', async () => {
  const { clock, client } = setUp();
  await client.apply([segment(0)]);
  const held = lock();
  await expect(client.apply([segment(1)])).rejects.toMatchObject({ kind: 'locked' });
  held[Symbol.dispose]();
  await clock.advance(1_000);
  expect(storedSegments()).toBe(2);
  await client[Symbol.asyncDispose]();
});

test('gives up flushing when its signal aborts', async () => {
  const { client } = setUp();
  client.write(alive(0));
  await client.flush(UNTIL_DONE);
  const held = lock();
  client.write(alive(1));
  const stop = new AbortController();
  const flushed = client.flush(stop.signal);
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(flushed).rejects.toBe(reason);
  held[Symbol.dispose]();
  await client[Symbol.asyncDispose]();
});

test('tells a worker that follows one that died what that had not answered, and asks nothing again', async () => {
  const { clock, workers, client, lines } = setUp();
  client.write(segment(0));
  await client.flush(UNTIL_DONE);
  client.write(segment(1));
  const flushed = client.flush(UNTIL_DONE);
  const asked = client.cameras();
  workers.die();
  client.write(segment(2));
  await expect(asked).rejects.toMatchObject({ kind: 'io' });
  const askedMeanwhile = client.cameras();
  await clock.advance(INNER_RESTART_MS);
  await flushed;
  expect(await askedMeanwhile).toEqual(['yard']);
  expect(workers.started).toBe(2);
  expect(storedSegments()).toBe(3);
  expect(lines[0]).toBe('error: the process of the index was ended by SIGKILL; it is started again');
  await client[Symbol.asyncDispose]();
});

test('tells of a worker that does not answer, and kills one that hangs', async () => {
  const { clock, workers, client, lines } = setUp();
  await clock.advance(0);
  workers.areDeaf = true;
  client.write(segment(0));
  await clock.advance(40_000);
  expect(lines).toEqual([
    'error: the index has not answered for 30 s; recording goes on, and what it should hold waits',
  ]);
  await clock.advance(200_000);
  expect(workers.started).toBe(1);
  workers.areDeaf = false;
  await clock.advance(70_000);
  expect(workers.started).toBe(2);
  expect(storedSegments()).toBe(1);
  expect(lines.slice(1)).toEqual(['info: the index can be written again, nothing waits any more']);
  await client[Symbol.asyncDispose]();
});

test('sets a damaged database aside, begins a new one, and asks for it to be rebuilt', async () => {
  writeFileSync(path, 'this is no database, and long enough to be read as one. '.repeat(100));
  const { client, rebuilds } = setUp();
  client.write(segment(0));
  await client.flush(UNTIL_DONE);
  expect(await client.segmentsByPath(undefined, 9)).toHaveLength(1);
  expect(rebuilds).toHaveLength(1);
  expect(rebuilds[0]).toContain('file is not a database');
  expect(readdirSync(folder).filter((name) => name.startsWith('preroll.db.damaged-'))).toHaveLength(1);
  await client[Symbol.asyncDispose]();
});

test('leaves a record out that cannot be stored, and takes those beside it', async () => {
  const { client, lines } = setUp();
  const impossible = { ...makeSegment(60_000), sizeBytes: Number.NaN };
  client.write(segment(0), { type: 'segment', segment: impossible }, segment(2));
  await client.flush(UNTIL_DONE);
  expect(storedSegments()).toBe(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('the index refused a record: segment: ');
  await client[Symbol.asyncDispose]();
});

test('asks for a rebuild after it had to drop changes', async () => {
  const { clock, client, rebuilds } = setUp();
  client.write(alive(0));
  await client.flush(UNTIL_DONE);
  const held = lock();
  const thumbnail = new Uint8Array(8 * 2 ** 20);
  for (let second = 0; second < 6; second += 1) {
    client.write({ type: 'event', event: makeEvent(1_000 * second, { thumbnail }) });
  }
  await clock.advance(5_000);
  expect(rebuilds).toEqual([]);
  held[Symbol.dispose]();
  await clock.advance(10_000);
  expect(rebuilds).toEqual(['3 changes were dropped while the index could not be written']);
  await client[Symbol.asyncDispose]();
});

test('has the lock taken for the recorder, and again by the next worker', async () => {
  const { clock, workers, client } = setUp();
  const order = { path: `${path}.lock`, holder: 'a recorder', pid: 1234 };
  const taking = client.lock(order);
  await clock.advance(0);
  expect(await taking).toBeUndefined();
  expect(ProcessLock.holderOf(order.path)).toBe('a recorder (process 1234)');
  const second = { ...order, path: `${path}.second.lock` };
  const takingSecond = client.lock(second);
  await clock.advance(0);
  expect(await takingSecond).toBeUndefined();
  workers.die();
  expect(ProcessLock.holderOf(order.path)).toBeUndefined();
  await clock.advance(INNER_RESTART_MS);
  for (const { path: held } of [order, second]) {
    expect(ProcessLock.holderOf(held)).toBe('a recorder (process 1234)');
  }
  await client[Symbol.asyncDispose]();
  expect(ProcessLock.holderOf(order.path)).toBeUndefined();
});

test('says that somebody else has taken the lock while there was no worker', async () => {
  const { clock, workers, client, lines } = setUp();
  const order = { path: `${path}.lock`, holder: 'a recorder', pid: 1234 };
  const taking = client.lock(order);
  await clock.advance(0);
  expect(await taking).toBeUndefined();
  workers.die();
  using _ = ProcessLock.take(order.path, 'somebody');
  await clock.advance(INNER_RESTART_MS);
  expect(lines.at(-1)).toMatch(/^warn: others may work in the archive beside the recorder: .*somebody/);
  await client[Symbol.asyncDispose]();
});

test('tells who has the lock already, and goes on without where there can be none', async () => {
  const { clock, client, lines } = setUp();
  const held = ProcessLock.take(`${path}.lock`, 'somebody');
  const order = { path: `${path}.lock`, holder: 'a recorder', pid: 1234 };
  const taking = client.lock(order);
  await clock.advance(0);
  expect(lines).toEqual([]);
  expect(await taking).toBe(`somebody (process ${process.pid})`);
  held[Symbol.dispose]();
  const impossible = client.lock({ ...order, path: join(folder, 'missing', 'lock') });
  await clock.advance(0);
  expect(await impossible).toBeUndefined();
  expect(lines.at(-1)).toMatch(/^warn: others may work in the archive beside the recorder: .*unable to open/);
  await client[Symbol.asyncDispose]();
});

test('tells all who wait for an index that hangs, soon after the recorder began to leave, that no answer will come', async () => {
  const { clock, workers, client, lines } = setUp();
  await clock.advance(0);
  workers.areDeaf = true;
  client.write(segment(0));
  await clock.advance(1_000);
  const told: string[] = [];
  const note = (error: unknown) => void told.push(String(error));
  client.cameras().catch(note);
  client.apply([segment(1)]).catch(note);
  client.leaving();
  client.usage().catch(note);
  await clock.advance(4_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  const none = 'IndexError: asking the index: it has not answered, and is asked no longer';
  expect(told).toEqual([none, none, none]);
  await expect(client.cameras()).rejects.toThrow('asked no longer');
  await expect(client.apply([segment(2)])).rejects.toThrow('asked no longer');
  const disposed = client[Symbol.asyncDispose]();
  await clock.advance(0);
  await disposed;
  expect(lines).toEqual([
    'warn: leaving with changes that the index could not take; the next start reads them from the files',
  ]);
});

test('answers a recorder that takes long to leave for as long as it is not silent itself', async () => {
  const { clock, workers, client } = setUp();
  await clock.advance(0);
  client.leaving();
  await clock.advance(60_000);
  await client.apply([segment(0)]);
  workers.areDeaf = true;
  const told: string[] = [];
  client.volumes().catch((error: unknown) => void told.push(String(error)));
  await clock.advance(4_000);
  workers.areDeaf = false;
  // A sign of life.
  expect(await client.cameras()).toEqual(['yard']);
  await clock.advance(4_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toHaveLength(1);
  await client[Symbol.asyncDispose]();
});

test('answers as ever while the recorder leaves, and nobody once it has left', async () => {
  const { client } = setUp();
  client.write(segment(0));
  client.leaving();
  await client.apply([segment(1)]);
  expect(await client.cameras()).toEqual(['yard']);
  client.write(segment(2));
  await client[Symbol.asyncDispose]();
  expect(storedSegments()).toBe(3);
  await expect(client.cameras()).rejects.toThrow('asked no longer');
});
