/**
 * A process that writes to an index until it is killed: `index-writer DATABASE PROGRAM FIRST`, the program being that of the
 * index's process. Each line it prints is the number of a segment whose row is committed; a segment in three is discarded again, and
 * printed as `-NUMBER`.
 */
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { IndexClient } from '../../src/db/index-client.ts';
import { indexWorkers } from '../../src/db/index-worker-process.ts';
import type { SegmentRecord } from '../../src/db/records.ts';
import { makeSegment } from '../../src/db/testing/records.ts';

const [path = '', program = '', first] = process.argv.slice(2);

function segment(number: number): SegmentRecord {
  return makeSegment(number * 60_000, { path: `yard/${number}.mp4` });
}

const client = new IndexClient({
  startWorker: indexWorkers(program, path, systemClock),
  clock: systemClock,
  log: silentLog,
  onRebuildNeeded: (reason) => process.stdout.write(`rebuild: ${reason}\n`),
});
client.start();
for (let number = Number(first); ; number += 1) {
  await client.apply([{ type: 'segment', segment: segment(number) }]);
  process.stdout.write(`${number}\n`);
  if (number % 3 !== 0) continue;
  const { volume, path: file } = segment(number);
  await client.apply([{ type: 'discard', files: [{ volume, path: file }], cause: 'retention' }]);
  process.stdout.write(`-${number}\n`);
}
