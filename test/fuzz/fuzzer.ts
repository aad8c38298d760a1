import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { minimise } from './minimise.ts';
import { Random, seedOfInput } from './random.ts';
import type { FuzzTarget } from './target.ts';

/**
 * For each 64 KiB, which is what one read of a socket brings: an input that takes longer, six times in a row, would
 * hold up all other cameras.
 */
export const TIME_LIMIT_MS = 50;
const READ_BYTES = 64 * 1024;
const TRIES_AGAIN = 5;
/** Memory in use may grow by this from the first tenth of the inputs to the last. */
export const GROWTH_LIMIT_BYTES = 8 * 1024 * 1024;
/** After so many inputs, and at each that feeds more than any before, the memory that it keeps is measured. */
const MEASURE_INTERVAL = 1000;
const MEASURED_COPIES = 5;
const MAX_MINIMISE_TRIES = 1500;

export interface FuzzRange {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly inputs: number;
  /** Default `TIME_LIMIT_MS`. */
  readonly timeLimitMs?: number;
  /** Measuring takes a full collection each time; default `measured`. */
  readonly memory?: 'measured' | 'ignored';
  /** Called before each input with its number. */
  readonly onInput?: (index: number) => void;
}

export interface TargetReport {
  readonly name: string;
  readonly inputs: number;
  /** Inputs answered with an error that the target tolerates. */
  readonly refused: number;
  readonly durationMs: number;
  readonly slowestMs: number;
  readonly growthBytes: number;
  readonly mostRetainedBytes: number;
}

/** An input that broke a promise. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
}

/**
 * Runs the inputs of `range` through a target.
 * @throws FuzzFailure at the first that fails, with everything needed to repeat it.
 */
export async function fuzz(target: FuzzTarget, range: FuzzRange): Promise<TargetReport> {
  const { timeLimitMs = TIME_LIMIT_MS, memory = 'measured' } = range;
  const startMs = performance.now();
  let refused = 0;
  let slowestMs = 0;
  let mostRetainedBytes = 0;
  let mostFedBytes = 0;
  let baselineBytes = Number.POSITIVE_INFINITY;
  const warmUp = range.from + Math.ceil(range.inputs / 10);
  for (let index = range.from; index < range.from + range.inputs; index += 1) {
    if (memory === 'measured' && index === warmUp) baselineBytes = await bytesInUse(target);
    range.onInput?.(index);
    const input = inputOf(target, range.seed, index);
    const outcome = await attempt(target, input, timeLimitMs);
    if (outcome.problem !== undefined) throw await explain(target, range, index, input, outcome.problem);
    if (outcome.isRefused) refused += 1;
    slowestMs = Math.max(slowestMs, outcome.durationMs);
    if (memory === 'ignored') continue;
    const isLargest = fedBytesOf(target, input) > mostFedBytes;
    if (isLargest) mostFedBytes = fedBytesOf(target, input);
    else if (index % MEASURE_INTERVAL !== MEASURE_INTERVAL - 1) continue;
    const retainedBytes = await measureRetained(target, input);
    mostRetainedBytes = Math.max(mostRetainedBytes, retainedBytes);
    if (retainedBytes > target.retainedLimitBytes) {
      const problem = `keeps ${retainedBytes} bytes, more than ${target.retainedLimitBytes}`;
      throw new FuzzFailure(describe(target, range, index, problem, input));
    }
  }
  const growthBytes = memory === 'measured' ? Math.max(0, (await bytesInUse(target)) - baselineBytes) : 0;
  if (growthBytes > GROWTH_LIMIT_BYTES) {
    throw new FuzzFailure(`${target.name}: memory grew by ${growthBytes} bytes over ${range.inputs} inputs`);
  }
  const durationMs = performance.now() - startMs;
  const { name } = target;
  return { name, inputs: range.inputs, refused, durationMs, slowestMs, growthBytes, mostRetainedBytes };
}

/** The input of that number. */
export function inputOf(target: FuzzTarget, seed: number, index: number): Uint8Array {
  return target.generate(new Random(seedOfInput(seed, target.name, index)));
}

/** What failed, and how to repeat exactly that input. */
export function describe(
  target: FuzzTarget,
  { seed }: FuzzRange,
  index: number,
  problem: string,
  input: Uint8Array,
): string {
  return [
    `${target.name}: ${problem}`,
    `repeat: npm run fuzz -- --only ${target.name} --seed ${seed} --from ${index} --inputs 1`,
    `input, ${input.length} bytes: ${Buffer.from(input).toString('hex')}`,
  ].join('\n');
}

interface Outcome {
  readonly problem: string | undefined;
  readonly isRefused: boolean;
  readonly durationMs: number;
}

/**
 * A slow input is tried again before it counts, and then by the processor's time: the machine may be busy, or the code
 * not compiled yet.
 */
async function attempt(target: FuzzTarget, input: Uint8Array, timeLimitMs: number): Promise<Outcome> {
  const limitMs = timeLimitMs * Math.max(1, Math.ceil(fedBytesOf(target, input) / READ_BYTES));
  let outcome = await runOnce(target, input, () => performance.now());
  for (let again = 0; again < TRIES_AGAIN && outcome.durationMs > limitMs; again += 1) {
    const repeated = await runOnce(target, input, processorMs);
    if (repeated.durationMs < outcome.durationMs) outcome = repeated;
  }
  if (outcome.problem !== undefined || outcome.durationMs <= limitMs) return outcome;
  return { ...outcome, problem: `takes ${outcome.durationMs.toFixed(0)} ms, more than ${limitMs}` };
}

function fedBytesOf(target: FuzzTarget, input: Uint8Array): number {
  return target.fedBytes?.(input) ?? input.length;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function runOnce(target: FuzzTarget, input: Uint8Array, now: () => number): Promise<Outcome> {
  const startMs = now();
  try {
    await target.run(input);
    return { problem: undefined, isRefused: false, durationMs: now() - startMs };
  } catch (thrown) {
    const durationMs = now() - startMs;
    if (target.tolerates.some((kind) => thrown instanceof kind)) {
      return { problem: undefined, isRefused: true, durationMs };
    }
    const problem = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { problem, isRefused: false, durationMs };
  }
}

async function explain(
  target: FuzzTarget,
  range: FuzzRange,
  index: number,
  input: Uint8Array,
  problem: string,
): Promise<FuzzFailure> {
  const { timeLimitMs = TIME_LIMIT_MS } = range;
  const fails = async (candidate: Uint8Array) =>
    (await attempt(target, candidate, timeLimitMs)).problem !== undefined;
  const shorter = await minimise(input, fails, problem.startsWith('takes') ? 40 : MAX_MINIMISE_TRIES);
  const hex = Buffer.from(shorter).toString('hex');
  return new FuzzFailure(
    `${describe(target, range, index, problem, input)}\nminimised, ${shorter.length} bytes: ${hex}`,
  );
}

/**
 * How much memory what the target returned for this input keeps. Several are held at once, and one less is reckoned
 * with: the last one of before may still be in use when the measurement begins.
 */
async function measureRetained(target: FuzzTarget, input: Uint8Array): Promise<number> {
  const beforeBytes = await bytesInUse(target);
  const held: unknown[] = [];
  for (let copy = 0; copy < MEASURED_COPIES; copy += 1) held.push(await resultOf(target, input));
  const heldBytes = (await bytesInUse(target)) - beforeBytes;
  // Used after the measurement, so that they live until here.
  return Math.max(0, Math.round(heldBytes / (held.length - 1)));
}

async function resultOf(target: FuzzTarget, input: Uint8Array): Promise<unknown> {
  try {
    return await target.run(input);
  } catch {
    // The input was judged before; what threw keeps nothing.
    return undefined;
  }
}

/** Heap and buffers of this thread after a full collection, but for what lies idle. */
async function bytesInUse(target: FuzzTarget): Promise<number> {
  collectGarbage();
  // What the first collection found is given back by other threads.
  await new Promise(setImmediate);
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers - (target.idleBytes?.() ?? 0);
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}
