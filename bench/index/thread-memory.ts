import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { wallMs } from '../../src/base/time.ts';
import { IndexClient } from '../../src/db/index-client.ts';
import { indexThreads } from '../../src/db/index-thread.ts';

/*
 * A process that does nothing but have an index: prints, as JSON, what its memory grows by with the thread.
 *
 *   node thread-memory.js DATABASE FROM TO
 */

function pssMib(): number {
  const text = readFileSync('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1]) / 1024;
}

const [path = '', from = '', to = ''] = process.argv.slice(2);
const before = pssMib();
const client = new IndexClient({
  startThread: indexThreads(resolve('dist/index-worker-main.js'), path),
  clock: systemClock,
  log: silentLog,
  onRebuildNeeded: () => undefined,
});
client.start();
await client.cameras();
const startedMib = pssMib() - before;
const dayBefore = wallMs(Number(to) - 86_400_000);
for (let time = 0; time < 20; time += 1) {
  await client.timeline({ fromWallMs: dayBefore, toWallMs: wallMs(Number(to)) });
}
const usedMib = pssMib() - before;
await client.timeline({ fromWallMs: wallMs(Number(from)), toWallMs: wallMs(Number(to)) });
const wholeMib = pssMib() - before;
await client[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ startedMib, usedMib, wholeMib }));
