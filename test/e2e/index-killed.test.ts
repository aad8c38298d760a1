import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { wallMs } from '../../src/base/time.ts';
import { SqliteIndex } from '../../src/db/sqlite-index.ts';
import { buildProgram } from '../built-program.ts';

const ROUNDS = 25;
const WORKER = fileURLToPath(new URL('../../dist/index-worker-main.js', import.meta.url));

/** Writes from that number on until `lines` have been printed, is killed in the middle, and gives all lines. */
async function writeUntilKilled(
  writer: string,
  path: string,
  first: number,
  lines: number,
): Promise<readonly string[]> {
  // A group of its own, so that the worker of the index is killed in the same moment.
  const child = spawn(process.execPath, [writer, path, WORKER, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > lines && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  });
  await once(child, 'close');
  // What follows the last line break was cut off.
  return printed.split('\n').slice(0, -1);
}

test(`no acknowledged change is lost and nothing is damaged when its process is killed ${ROUNDS} times`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-killed-'));
  const path = join(folder, 'preroll.db');
  const writer = await buildProgram('test/e2e/index-writer.ts');
  const stored = new Set<number>();
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const line of await writeUntilKilled(writer, path, next, 1 + ((round * 37) % 60))) {
      expect(line).toMatch(/^-?\d+$/);
      const number = Math.abs(Number(line));
      if (line.startsWith('-')) stored.delete(number);
      else stored.add(number);
      next = number + 1;
    }
    const index = SqliteIndex.open(path);
    expect(index.integrityProblems()).toEqual([]);
    const rows = index.segmentsByPath(undefined, 100_000);
    const numbers = new Set(rows.map((row) => Number(/\d+/.exec(row.path)?.[0])));
    // The last change may have been committed and its line not printed.
    const lost = [...stored].filter((number) => !numbers.has(number) && number !== next - 1);
    const risen = [...numbers].filter((number) => !stored.has(number) && number < next - 1);
    expect({ round, lost, risen }).toEqual({ round, lost: [], risen: [] });
    expect(index.usage().reduce((sum, { segments }) => sum + segments, 0)).toBe(rows.length);
    const [yard] = index.timeline({ fromWallMs: wallMs(0), toWallMs: wallMs(4e12) });
    const recordedMs = yard?.recorded.reduce((sum, span) => sum + span.endWallMs - span.startWallMs, 0);
    expect(recordedMs).toBe(60_000 * rows.length);
    next = Math.max(next, ...numbers) + 1;
    for (const number of numbers) stored.add(number);
    for (const number of stored) if (!numbers.has(number)) stored.delete(number);
    index.close();
  }
  expect(next).toBeGreaterThan(300);
  await rm(folder, { recursive: true });
});
