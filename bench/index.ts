import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/base/clock.ts';
import { silentLog } from '../src/base/log.ts';
import { wallMs } from '../src/base/time.ts';
import type { Extent } from '../src/db/archive-index.ts';
import { IndexClient } from '../src/db/index-client.ts';
import { indexWorkers } from '../src/db/index-worker-process.ts';
import { SqliteIndex } from '../src/db/sqlite-index.ts';
import { describeMachine } from './machine.ts';
import { cameraName, madeSegment, madeWrites, makeRandom, type MadeArchive } from './index/made-archive.ts';

/*
 * npm run bench:index [-- --segments COUNT] [--at FILE]
 *
 * How fast the index of a large archive answers and is written, how large it is, and what its process takes. With --at
 * the database is kept there and used again; making one takes minutes.
 */

const FULL_SEGMENTS = 1_000_000;
const CAMERAS = 64;
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 8, 1);
const RESULTS = join('bench', 'results');

interface Timing {
  readonly what: string;
  readonly times: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

async function time(what: string, times: number, work: () => unknown): Promise<Timing> {
  const ms: number[] = [];
  // One in ten more, for warming up.
  for (let turn = -Math.ceil(times / 10); turn < times; turn += 1) {
    const started = performance.now();
    await work();
    if (turn >= 0) ms.push(performance.now() - started);
  }
  ms.sort((a, b) => a - b);
  const at = (part: number) => ms[Math.min(ms.length - 1, Math.floor(part * ms.length))] ?? 0;
  return { what, times, p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) };
}

function make(path: string, archive: MadeArchive): void {
  if (existsSync(path)) return;
  const index = SqliteIndex.open(path);
  for (const writes of madeWrites(archive)) index.apply(writes);
  index.close();
}

/** What is asked: moments all over the archive, the same ones each time. */
function extents({ startMs, minutes }: MadeArchive) {
  const random = makeRandom(2);
  const endMs = startMs + minutes * 60_000;
  const within = (lengthMs: number): Pick<Extent, 'fromWallMs' | 'toWallMs'> => {
    const fromMs = startMs + Math.floor(random() * Math.max(0, endMs - startMs - lengthMs));
    return { fromWallMs: wallMs(fromMs), toWallMs: wallMs(fromMs + lengthMs) };
  };
  return {
    dayOfOne: () => ({ ...within(DAY_MS), cameras: [cameraName(Math.floor(random() * CAMERAS))] }),
    dayOfAll: () => within(DAY_MS),
    month: () => ({ fromWallMs: wallMs(endMs - 30 * DAY_MS), toWallMs: wallMs(endMs) }),
    hourOfOne: () => ({ ...within(3_600_000), cameras: [cameraName(Math.floor(random() * CAMERAS))] }),
  };
}

async function timeIndex(path: string, archive: MadeArchive): Promise<readonly Timing[]> {
  const index = SqliteIndex.open(path);
  const { dayOfOne, dayOfAll, month, hourOfOne } = extents(archive);
  const timings = [
    await time('timeline of a day, one camera', 1_000, () => index.timeline(dayOfOne())),
    await time('timeline of a day, 64 cameras', 300, () => index.timeline(dayOfAll())),
    await time(allDays(archive), 20, () => index.timeline(month())),
    await time('an hour’s segments with all fragments, one camera', 500, () => index.segments(hourOfOne())),
    await time('the 100 oldest segments without events', 200, () =>
      index.oldestSegments({ holdsEvent: false, limit: 100 }),
    ),
    await time('usage', 200, () => index.usage()),
  ];
  index.close();
  return timings;
}

/** Writes to a copy, so that the database can be used again. */
async function timeWrites(path: string, copy: string, archive: MadeArchive): Promise<readonly Timing[]> {
  copyFileSync(path, copy);
  const index = SqliteIndex.open(copy);
  const endMs = archive.startMs + archive.minutes * 60_000;
  const random = makeRandom(3);
  let minute = 0;
  const minuteOfAll = () => {
    const startMs = endMs + minute * 60_000;
    return Array.from({ length: CAMERAS }, (_, camera) => madeSegment(camera, startMs, random));
  };
  const timings = [
    await time('64 segments that are new, a transaction', 300, () => {
      minute += 1;
      index.apply(minuteOfAll().map((segment) => ({ type: 'segment', segment })));
    }),
    await time('64 segments that grow, a transaction', 300, () => {
      index.apply(
        minuteOfAll().map((segment) => ({ type: 'segment', segment: { ...segment, isOpen: true } })),
      );
    }),
    await time('100 segments that retention discards, a transaction', 100, () => {
      const files = index.oldestSegments({ isKept: false, limit: 100 });
      index.apply([{ type: 'discard', files, cause: 'retention' }]);
    }),
  ];
  index.close();
  return timings;
}

function allDays({ minutes }: MadeArchive): string {
  return `timeline of all ${(minutes / 1_440).toFixed(0)} days, 64 cameras`;
}

async function timeClient(path: string, archive: MadeArchive): Promise<readonly Timing[]> {
  const client = new IndexClient({
    startWorker: indexWorkers(resolve('dist/index-worker-main.js'), path, systemClock),
    clock: systemClock,
    log: silentLog,
    onRebuildNeeded: () => undefined,
  });
  client.start();
  const { dayOfOne, dayOfAll, month } = extents(archive);
  const timings = [
    await time('timeline of a day, one camera', 1_000, () => client.timeline(dayOfOne())),
    await time('timeline of a day, 64 cameras', 300, () => client.timeline(dayOfAll())),
    await time(allDays(archive), 20, () => client.timeline(month())),
  ];
  await client[Symbol.asyncDispose]();
  return timings;
}

interface Memory {
  readonly startedMib: number;
  readonly usedMib: number;
  readonly wholeMib: number;
}

function workerMemory(path: string, { startMs, minutes }: MadeArchive): Memory {
  const program = fileURLToPath(new URL('index/worker-memory.js', import.meta.url));
  const range = [startMs, startMs + minutes * 60_000].map(String);
  const printed = execFileSync(process.execPath, [program, path, ...range], { encoding: 'utf8' });
  return JSON.parse(printed) as Memory;
}

interface Result {
  readonly segments: number;
  readonly events: number;
  readonly sizeBytes: number;
  readonly inProcess: readonly Timing[];
  readonly throughClient: readonly Timing[];
  readonly writes: readonly Timing[];
  readonly memory: Memory;
}

async function measure(path: string, folder: string, archive: MadeArchive): Promise<Result> {
  make(path, archive);
  const { size: sizeBytes } = statSync(path);
  const index = SqliteIndex.open(path);
  const segments = index.usage().reduce((sum, usage) => sum + usage.segments, 0);
  const whole = { fromWallMs: wallMs(0), toWallMs: wallMs(Number.MAX_SAFE_INTEGER) };
  const events = index.timeline(whole).reduce((sum, camera) => sum + camera.events.length, 0);
  index.close();
  const throughClient = await timeClient(path, archive);
  const memory = workerMemory(path, archive);
  const inProcess = await timeIndex(path, archive);
  const writes = await timeWrites(path, join(folder, 'copy.db'), archive);
  return { segments, events, sizeBytes, inProcess, throughClient, writes, memory };
}

function table(timings: readonly Timing[]): string {
  const rows = timings.map(
    ({ what, times, p50Ms, p99Ms, longestMs }) =>
      `| ${what} | ${times} | ${[p50Ms, p99Ms, longestMs].map((ms) => ms.toFixed(2)).join(' | ')} |`,
  );
  return ['| | times | p50 ms | p99 ms | longest ms |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function format(result: Result, setup: readonly string[]): string {
  const { segments, events, sizeBytes, inProcess, throughClient, writes, memory } = result;
  const [insertion] = writes;
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  return [
    '# The index of a large archive',
    '## Machine',
    list(setup),
    '## Method',
    list([
      `${segments} segments of a minute of ${CAMERAS} cameras (each of 30 to 60 fragments), ${events} events with thumbnails, ` +
        'outages with their gaps; made up, told in order of time, a transaction a minute',
      'asked for extents all over the archive, a tenth more for warming up; the file is in the page cache of Linux, ' +
        'SQLite’s own cache holds 8 MiB of it',
      'through the client: the answer from the process of the index, in the hands of the one who asked',
    ]),
    '## Answers, in process',
    table(inProcess),
    '## Answers, through the client',
    table(throughClient),
    '## Changes, in process',
    table(writes),
    '## Size, speed, memory',
    list([
      `${mib(sizeBytes)} MiB, ${(sizeBytes / segments).toFixed(0)} bytes a segment with everything`,
      `${((1000 * CAMERAS) / (insertion?.p50Ms ?? Number.NaN)).toFixed(0)} new segments a second, added to all these`,
      `the process of the index takes ${memory.startedMib.toFixed(0)} MiB (PSS, another Node.js running); after 20 timelines of a day of all cameras, ` +
        `${memory.usedMib.toFixed(0)} MiB; after one of all days, ${memory.wholeMib.toFixed(0)} MiB`,
    ]),
    '',
  ].join('\n\n');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { segments: { type: 'string', default: String(FULL_SEGMENTS) }, at: { type: 'string' } },
  });
  const wanted = Number(values.segments);
  // Outages leave 4 % out.
  const archive = { cameras: CAMERAS, minutes: Math.ceil((1.04 * wanted) / CAMERAS), startMs: START_MS };
  const setup = [...describeMachine(), new Date().toISOString().slice(0, 10)];
  const folder = mkdtempSync(join(tmpdir(), 'preroll-bench-index-'));
  try {
    const result = await measure(values.at ?? join(folder, 'preroll.db'), folder, archive);
    const markdown = format(result, setup);
    if (wanted === FULL_SEGMENTS) {
      await mkdir(RESULTS, { recursive: true });
      await writeFile(join(RESULTS, 'index.md'), markdown);
      await writeFile(join(RESULTS, 'index.json'), `${JSON.stringify({ setup, ...result }, null, 2)}\n`);
    }
    process.stdout.write(markdown);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
