import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemCode } from '../src/base/error.ts';
import type { Contestant, Running } from './contestant.ts';
import { median } from './median.ts';
import type { Plan } from './plan.ts';
import { readUsage, type RecorderUsage, type Usage } from './process-usage.ts';
import type { Camera } from './served-cameras.ts';

/** One contestant in one round. */
export interface Reading {
  readonly round: number;
  readonly contestant: string;
  /** CPU time per second of the window, and medians of the memory over it: `leaders` or `whole`, as it is compared. */
  readonly counted: Load;
  readonly leaders: Load;
  readonly whole: Load;
  /** What grew in the archive during the window: proof that the work was done. */
  readonly recordedKbps: number;
  readonly remark: string | undefined;
}

export interface Load {
  readonly cpuMsPerSecond: number;
  readonly pssMib: number;
  readonly rssMib: number;
}

const MEMORY_INTERVAL_MS = 1000;

/**
 * Lets contestants record the same cameras in turn, each alone: first, second … and again, so that whatever else
 * happens on the machine hits all alike.
 */
export async function runContest(
  contestants: readonly Contestant[],
  cameras: readonly Camera[],
  plan: Plan,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    for (const contestant of contestants) {
      if (contestant.version === undefined) continue;
      readings.push({ round, ...(await measure(contestant, cameras, plan)) });
    }
  }
  return readings;
}

/**
 * Lets contestants record the same cameras beside each other, those that start first others each round: what a machine shared with
 * others does in one minute it may not do in the next, and then only figures of the same minute can be compared.
 */
export async function runTogether(
  contestants: readonly Contestant[],
  cameras: readonly Camera[],
  plan: Plan,
): Promise<Reading[]> {
  const installed = contestants.filter(({ version }) => version !== undefined);
  const readings: Reading[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    const first = (round - 1) % installed.length;
    const inOrder = [...installed.slice(first), ...installed.slice(0, first)];
    const measured = await Promise.all(inOrder.map((contestant) => measure(contestant, cameras, plan)));
    readings.push(...measured.map((reading) => ({ round, ...reading })));
  }
  return readings;
}

async function measure(contestant: Contestant, cameras: readonly Camera[], plan: Plan) {
  const folder = await mkdtemp(join(tmpdir(), 'preroll-bench-'));
  const archive = join(folder, 'archive');
  await mkdir(archive);
  try {
    const running = await contestant.start(cameras, folder);
    const { whole, leaders, recordedKbps } = await observeAndStop(running, archive, plan);
    return {
      contestant: contestant.name,
      counted: contestant.counted === 'whole' ? whole : leaders,
      leaders,
      whole,
      recordedKbps,
      remark: await running.remark?.(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function observeAndStop(running: Running, archive: string, plan: Plan) {
  try {
    return await observe(running, archive, plan);
  } finally {
    await running.stop();
  }
}

async function observe(running: Running, archive: string, { warmUpMs, windowMs }: Plan) {
  await delay(warmUpMs);
  const usages = [await readUsage(running.leaders)];
  const bytesBefore = await sizeBytes(archive);
  const startMs = performance.now();
  while (performance.now() - startMs < windowMs) {
    await delay(Math.min(MEMORY_INTERVAL_MS, windowMs - (performance.now() - startMs)));
    usages.push(await readUsage(running.leaders));
  }
  const seconds = (performance.now() - startMs) / 1000;
  return {
    leaders: load(usages, seconds, (usage) => usage.leaders),
    whole: load(usages, seconds, (usage) => usage.whole),
    recordedKbps: ((await sizeBytes(archive)) - bytesBefore) / 125 / seconds,
  };
}

function load(
  usages: readonly RecorderUsage[],
  seconds: number,
  part: (usage: RecorderUsage) => Usage,
): Load {
  const parts = usages.map(part);
  const usedMs = (parts.at(-1)?.cpuMs ?? 0) - (parts[0]?.cpuMs ?? 0);
  return {
    cpuMsPerSecond: usedMs / seconds,
    pssMib: median(parts.map(({ pssMib }) => pssMib)),
    rssMib: median(parts.map(({ rssMib }) => rssMib)),
  };
}

async function sizeBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(paths.map(fileBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** 0 for one that was renamed meanwhile. */
async function fileBytes(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
