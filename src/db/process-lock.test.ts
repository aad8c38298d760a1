import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LockedError, ProcessLock } from './process-lock.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-lock-'));
  path = join(folder, 'a.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('only one has it at a time, and others are told who', () => {
  expect(ProcessLock.holderOf(path)).toBeUndefined();
  const lock = ProcessLock.take(path, 'the recorder');
  expect(ProcessLock.holderOf(path)).toBe(`the recorder (process ${process.pid})`);
  expect(() => ProcessLock.take(path, 'another')).toThrow(LockedError);
  expect(() => ProcessLock.take(path, 'another')).toThrow(/held by the recorder \(process \d+\)/);
  lock[Symbol.dispose]();
  expect(ProcessLock.holderOf(path)).toBeUndefined();
  const next = ProcessLock.take(path, 'another');
  expect(ProcessLock.holderOf(path)).toMatch(/^another/);
  next[Symbol.dispose]();
});

test('it ends with a process that is killed', async () => {
  const program = join(folder, 'holder.cjs');
  const module = createRequire(import.meta.url).resolve('@photostructure/sqlite');
  await writeFile(
    program,
    `const { DatabaseSync } = require(${JSON.stringify(module)});
     const db = new DatabaseSync(process.argv[2], { timeout: 0 });
     db.exec('BEGIN IMMEDIATE');
     process.send('held');
     setInterval(() => db.isOpen, 1000);`,
  );
  ProcessLock.take(path, 'before')[Symbol.dispose]();
  const child = fork(program, [path]);
  await once(child, 'message');
  expect(() => ProcessLock.take(path, 'this test')).toThrow(LockedError);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = ProcessLock.take(path, 'this test');
  expect(ProcessLock.holderOf(path)).toMatch(/^this test/);
  lock[Symbol.dispose]();
});

test('a file that is no lock is told, and not taken for free', async () => {
  await writeFile(path, 'something else, and longer than the header of a database would be'.repeat(10));
  expect(() => ProcessLock.take(path, 'x')).toThrow(/not a database/);
  expect(() => ProcessLock.holderOf(path)).toThrow(/not a database/);
});
