import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { CHILD_TRIALS, fuzzChild, type ChildReport } from './children/fuzz-children.ts';
import { recordBesideHostile } from './children/hostile-neighbours.ts';
import { describe, fuzz, FuzzFailure, inputOf, type TargetReport } from './fuzzer.ts';
import { inputsOf, TARGETS } from './targets.ts';

/**
 * Fuzzes everything that reads a camera's bytes, in a thread of its own that is watched from here: an input that never
 * ends is told too. Then the child processes that decode and encode, with one damaged packet for a hundred inputs, and a
 * recorder that has a camera beside those that send such.
 *
 *   npm run fuzz -- [--inputs N] [--seed S] [--only NAME [--from INDEX]]
 */

/** An input under way for so long hangs. */
const HANG_MS = 30_000;
const WATCH_INTERVAL_MS = 1000;
/** Peak memory of the whole process, and of the thread's heap. */
const PEAK_LIMIT_MIB = 640;
const HEAP_LIMIT_MIB = 512;
/** A child process gets so many packets for a million inputs. */
const PACKETS_SHARE = 0.01;
const NEIGHBOURS = 'neighbours';

interface Job {
  readonly inputs: number;
  readonly seed: number;
  readonly only: string | undefined;
  readonly from: number;
  /** Where the thread writes what it is at: number of the target, number of the input. */
  readonly place: Int32Array;
}

if (isMainThread) {
  const job = readJob();
  await supervise(job);
  await fuzzChildren(job);
  await fuzzNeighbours(job);
}
// Only `supervise` starts this thread.
else await work(workerData as Job);

function readJob(): Job {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      from: { type: 'string', default: '0' },
    },
  });
  const names = [...TARGETS.map(({ name }) => name), ...CHILD_TRIALS.map(({ name }) => name), NEIGHBOURS];
  if (values.only !== undefined && !names.includes(values.only)) {
    fail(`no target ${values.only}; there are ${names.join(', ')}`);
  }
  return {
    inputs: wholeNumber('--inputs', values.inputs),
    seed: wholeNumber('--seed', values.seed),
    only: values.only,
    from: wholeNumber('--from', values.from),
    place: new Int32Array(new SharedArrayBuffer(8)),
  };
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) fail(`${option}: expected a whole number, found ${text}`);
  return Number(text);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function supervise(job: Job): Promise<void> {
  const startMs = performance.now();
  const worker = new Worker(new URL(import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MIB },
  });
  const watch = watchForHang(job);
  worker.on('message', (text: string) => process.stdout.write(`${text}\n`));
  const code = await new Promise<number>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', resolve);
  }).catch((error: unknown) => fail(`${whereabouts(job)}\n${String(error)}`));
  clearInterval(watch);
  const peakMib = process.resourceUsage().maxRSS / 1024;
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  process.stdout.write(`\nseed ${job.seed}, ${seconds} s, peak memory ${peakMib.toFixed(0)} MiB\n`);
  if (peakMib > PEAK_LIMIT_MIB) fail(`peak memory above ${PEAK_LIMIT_MIB} MiB`);
  process.exitCode = code;
}

function watchForHang(job: Job): NodeJS.Timeout {
  let seen = '';
  let sinceMs = performance.now();
  return setInterval(() => {
    const now = job.place.join();
    if (now !== seen) {
      seen = now;
      sinceMs = performance.now();
    } else if (performance.now() - sinceMs > HANG_MS) {
      fail(whereabouts(job, `has not ended after ${HANG_MS} ms`));
    }
  }, WATCH_INTERVAL_MS);
}

function whereabouts(job: Job, problem = 'ended the thread'): string {
  const target = TARGETS[job.place[0] ?? 0];
  const index = job.place[1] ?? 0;
  if (target === undefined) return problem;
  return describe(target, job, index, problem, inputOf(target, job.seed, index));
}

async function fuzzChildren({ only, from, inputs, seed }: Job): Promise<void> {
  const trials = CHILD_TRIALS.filter(({ name }) => only === undefined || only === name);
  if (trials.length === 0) return;
  process.stdout.write('\n| child | packets | something came of | died | time |\n|---|--:|--:|--:|--:|\n');
  for (const trial of trials) {
    const packets = only === undefined ? Math.ceil(inputs * PACKETS_SHARE) : inputs;
    const report = await fuzzChild(trial, packets, seed, from);
    process.stdout.write(`${childRow(report)}\n`);
    for (const death of report.deaths) process.stdout.write(`${death}\n`);
    if (report.deaths.length > 0 || report.answered === 0) process.exitCode = 1;
  }
}

function childRow({ name, packets, answered, deaths, durationMs }: ChildReport): string {
  return `| ${name} | ${packets} | ${answered} | ${deaths.length} | ${(durationMs / 1000).toFixed(1)} s |`;
}

async function fuzzNeighbours({ only, inputs, seed }: Job): Promise<void> {
  if (only !== undefined && only !== NEIGHBOURS) return;
  const pictures = only === undefined ? Math.ceil(inputs * PACKETS_SHARE) : inputs;
  const { ended, healthy, stderr } = await recordBesideHostile(pictures, seed);
  const { frames, missing, broken, doubled, reordered } = healthy;
  const deaths = stderr.match(/(analyzer \d+|transcoder|source process) was ended by/g) ?? [];
  process.stdout.write(
    `\n${NEIGHBOURS}: ${pictures} damaged pictures of each hostile camera, ${deaths.length} children died; of the camera beside them ` +
      `${frames} pictures recorded, ${missing} missing, ${broken} files broken\n`,
  );
  if (ended.code !== 0 || missing + broken + doubled + reordered > 0 || frames === 0) {
    process.stdout.write(
      `repeat: npm run fuzz -- --only ${NEIGHBOURS} --seed ${seed} --inputs ${pictures}\n`,
    );
    process.exitCode = 1;
  }
}

async function work(job: Job): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin.
  const say = (text: string) => parentPort?.postMessage(text);
  say('| target | inputs | refused | slowest | kept at most | time |\n|---|--:|--:|--:|--:|--:|');
  let total = 0;
  for (const [number, target] of TARGETS.entries()) {
    if (job.only !== undefined && job.only !== target.name) continue;
    const inputs = job.only === undefined ? inputsOf(target, job.inputs) : job.inputs;
    const onInput = (index: number) => {
      job.place[0] = number;
      job.place[1] = index;
    };
    try {
      say(row(await fuzz(target, { seed: job.seed, from: job.from, inputs, onInput })));
      total += inputs;
    } catch (error) {
      if (!(error instanceof FuzzFailure)) throw error;
      say(error.message);
      process.exitCode = 1;
    }
  }
  say(`| **all** | ${total} | | | | |`);
}

function row({ name, inputs, refused, durationMs, slowestMs, mostRetainedBytes }: TargetReport): string {
  const kept = `${(mostRetainedBytes / 1024).toFixed(0)} KiB`;
  return `| ${name} | ${inputs} | ${refused} | ${slowestMs.toFixed(1)} ms | ${kept} | ${(durationMs / 1000).toFixed(1)} s |`;
}
