import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readProcesses } from './read-processes.ts';

let proc: string;

beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'preroll-proc-'));
});
afterEach(async () => {
  await rm(proc, { recursive: true, force: true });
});

/** As in proc(5): what follows the name begins with state, parent, and has the times at places 14 and 15. */
async function pretend(
  pid: number,
  parent: number,
  name = 'node',
  command = ['node', 'x.js'],
): Promise<void> {
  await mkdir(join(proc, String(pid)));
  const stat = `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 0 0 0 0 ${pid} 50 0 0 20 0 11 0 5 0 0`;
  await writeFile(join(proc, String(pid), 'stat'), stat);
  await writeFile(join(proc, String(pid), 'status'), `Name:\t${name}\nVmRSS:\t   2048 kB\n`);
  await writeFile(join(proc, String(pid), 'cmdline'), command.map((word) => `${word}\0`).join(''));
}

describe('readProcesses', () => {
  test('finds a process and its descendants, and none of others', async () => {
    await pretend(10, 1);
    await pretend(20, 10);
    await pretend(15, 20, 'ends) S 99 (oddly', ['node', '/opt/analyzer-main.js']);
    await pretend(30, 1);
    const found = await readProcesses(10, proc);
    expect(found?.map(({ pid }) => pid)).toEqual([10, 20, 15]);
    expect(found?.[2]).toEqual({
      pid: 15,
      parentPid: 20,
      cpuMs: 650,
      memoryBytes: 2 * 2 ** 20,
      command: ['node', '/opt/analyzer-main.js'],
    });
  });

  test('leaves out one that ends while it is looked at', async () => {
    await pretend(10, 1);
    await pretend(20, 10);
    await rm(join(proc, '20', 'status'));
    await mkdir(join(proc, '40'));
    expect((await readProcesses(10, proc))?.map(({ pid }) => pid)).toEqual([10]);
  });

  test('tells nothing where the system does not', async () => {
    expect(await readProcesses(10, join(proc, 'nowhere'))).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('tells this process with what it has used', async () => {
    const own = (await readProcesses(process.pid))?.[0];
    expect(own?.pid).toBe(process.pid);
    expect(own?.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(own?.cpuMs).toBeGreaterThan(0);
  });
});
