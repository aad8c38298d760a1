/**
 * A process that writes to an index until it is killed: `index-writer DATABASE PROGRAM FIRST`, the program being that of the
 * index's process. Each line it prints is
 * the number of a segment whose row is committed; a segment in three is discarded again, and printed as `-NUMBER`.
 */
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { wallMs } from '../../src/base/time.ts';
import { IndexClient } from '../../src/db/index-client.ts';
import { indexWorkers } from '../../src/db/index-worker-process.ts';
import type { SegmentRecord } from '../../src/db/records.ts';

const [path = '', program = '', first] = process.argv.slice(2);
const START_MS = Date.UTC(2026, 4, 1);

function segment(number: number): SegmentRecord {
  const startMs = START_MS + number * 60_000;
  return {
    volume: 'volume',
    path: `yard/${number}.mp4`,
    camera: 'yard',
    runStartWallMs: wallMs(START_MS),
    startWallMs: wallMs(startMs),
    endWallMs: wallMs(startMs + 60_000),
    sizeBytes: 1_000,
    kind: 'continuous',
    isOpen: false,
    endedBy: 'length',
    video: { codec: 'avc1.64001f', widthPx: 1920, heightPx: 1080 },
    audio: undefined,
    fragments: [{ offsetBytes: 0, sizeBytes: 1_000, startMs: 0, durationMs: 60_000, isKey: true }],
  };
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
