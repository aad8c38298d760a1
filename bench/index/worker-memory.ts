import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { wallMs } from '../../src/base/time.ts';
import { IndexClient } from '../../src/db/index-client.ts';
import { indexWorkers } from '../../src/db/index-worker-process.ts';

/*
 * A process that does nothing but have an index: prints, as JSON, what the process of the index takes.
 *
 *   node worker-memory.js DATABASE FROM TO
 */

/** Of the only child there is. */
function childPssMib(): number {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8');
  const text = readFileSync(`/proc/${children.trim()}/smaps_rollup`, 'utf8');
  return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1]) / 1024;
}

const [path = '', from = '', to = ''] = process.argv.slice(2);
const fromWallMs = wallMs(Number(from));
const toWallMs = wallMs(Number(to));
const client = new IndexClient({
  startWorker: indexWorkers(resolve('dist/index-worker-main.js'), path, systemClock),
  clock: systemClock,
  log: silentLog,
  onRebuildNeeded: () => undefined,
});
client.start();
await client.cameras();
const startedMib = childPssMib();
for (let time = 0; time < 20; time += 1) {
  await client.timeline({ fromWallMs: wallMs(toWallMs - 86_400_000), toWallMs });
}
const usedMib = childPssMib();
await client.timeline({ fromWallMs, toWallMs });
const wholeMib = childPssMib();
await client[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ startedMib, usedMib, wholeMib }));
