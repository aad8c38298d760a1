/**
 * A process that writes to an index until it is killed: `node index-writer.mjs DATABASE FIRST`. Each line it prints is
 * the number of a segment whose row is committed; a segment in three is discarded again, and printed as `-NUMBER`.
 */
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../dist/base/clock.js';
import { silentLog } from '../../dist/base/log.js';
import { IndexClient } from '../../dist/db/index-client.js';
import { indexWorkers } from '../../dist/db/index-worker-process.js';

const [path, first] = process.argv.slice(2);
const START_MS = Date.UTC(2026, 4, 1);

function segment(number) {
  const startWallMs = START_MS + number * 60_000;
  return {
    volume: 'volume',
    path: `yard/${number}.mp4`,
    camera: 'yard',
    runStartWallMs: START_MS,
    startWallMs,
    endWallMs: startWallMs + 60_000,
    sizeBytes: 1_000,
    kind: 'continuous',
    isOpen: false,
    endedBy: 'length',
    video: { codec: 'avc1.64001f', widthPx: 1920, heightPx: 1080 },
    audio: undefined,
    fragments: [{ offsetBytes: 0, sizeBytes: 1_000, startMs: 0, durationMs: 60_000, isKey: true }],
  };
}

const program = fileURLToPath(new URL('../../dist/index-worker-main.js', import.meta.url));
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
