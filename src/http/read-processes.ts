import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What the system tells of a process. */
export interface ProcessReading {
  readonly pid: number;
  readonly parentPid: number;
  /** Since its start. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** What it was started with. It may hold secrets. */
  readonly command: readonly string[];
}

/** Of Linux, on every machine that Node.js runs on: a hundredth of a second (proc(5), `USER_HZ`). */
const TICK_MS = 10;

/**
 * A process and all that it has started, and these in their turn.
 * @param folder where Linux shows its processes.
 * @returns undefined where the system does not tell: on another one.
 */
export async function readProcesses(
  rootPid: number,
  folder: string = '/proc',
): Promise<readonly ProcessReading[] | undefined> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((pid) => readStat(folder, pid)),
  );
  const stats = all.filter((stat) => stat !== undefined);
  if (!stats.some(({ pid }) => pid === rootPid)) return undefined;
  const family = familyOf(rootPid, stats);
  const readings = await Promise.all(family.map((stat) => readRest(folder, stat)));
  return readings.filter((reading) => reading !== undefined);
}

interface Stat {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuMs: number;
}

/** Undefined for one that has ended meanwhile. */
async function readStat(folder: string, name: string): Promise<Stat | undefined> {
  const text = await readFile(join(folder, name, 'stat'), 'latin1').catch(() => '');
  // The second of the fields is the program's name, which may hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [parentPid, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (parentPid === undefined || user === undefined || system === undefined) return undefined;
  if (!Number.isFinite(parentPid + user + system)) return undefined;
  return { pid: Number(name), parentPid, cpuMs: (user + system) * TICK_MS };
}

/** In the order in which they descend. */
function familyOf(rootPid: number, stats: readonly Stat[]): readonly Stat[] {
  const family = stats.filter(({ pid }) => pid === rootPid);
  for (const { pid } of family) family.push(...stats.filter((stat) => stat.parentPid === pid));
  return family;
}

async function readRest(folder: string, stat: Stat): Promise<ProcessReading | undefined> {
  const of = async (file: string) => await readFile(join(folder, String(stat.pid), file), 'utf8');
  try {
    const [, kibibytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(await of('status')) ?? [];
    const command = (await of('cmdline')).split('\0').slice(0, -1);
    return { ...stat, memoryBytes: Number(kibibytes) * 1_024, command };
  } catch {
    return undefined;
  }
}

/** The program's name without what it was started with. */
export function programName({ command }: ProcessReading): string {
  return basename(command[0] ?? '');
}
