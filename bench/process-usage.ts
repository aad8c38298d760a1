import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

/** What one process has used and holds, from `/proc` (proc(5)). */
interface ProcessStat {
  readonly pid: number;
  readonly session: number;
  /** User and system time of all its threads. */
  readonly ownCpuMs: number;
  /** The same of its children that have exited and been waited for. */
  readonly exitedChildrenCpuMs: number;
}

export interface Usage {
  /** Since the processes started; only differences mean anything. */
  readonly cpuMs: number;
  /** Proportional set size: pages shared by n processes count as an n-th for each. */
  readonly pssMib: number;
  readonly rssMib: number;
}

/** Of the processes that were started directly, and of these with everything they started. */
export interface RecorderUsage {
  readonly leaders: Usage;
  readonly whole: Usage;
}

const MS_PER_TICK = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Reads what some recorders use now.
 * @param leaders ids of their first processes, each the leader of a session of its own: whatever it starts stays in
 *   that session, even when its parent dies.
 * @throws Error when a leader is gone: what it used would be missing.
 */
export async function readUsage(leaders: readonly number[]): Promise<RecorderUsage> {
  const sessions = new Set(leaders);
  const members = (await allProcesses()).filter(({ session }) => sessions.has(session));
  const leading = members.filter(({ pid }) => sessions.has(pid));
  if (leading.length < sessions.size) throw new Error('a process under measurement has exited');
  const memory = new Map(
    await Promise.all(members.map(async ({ pid }) => [pid, await readMemory(pid)] as const)),
  );
  const memoryOf = ({ pid }: ProcessStat) => memory.get(pid) ?? { pssMib: 0, rssMib: 0 };
  return {
    leaders: {
      cpuMs: sum(leading, ({ ownCpuMs }) => ownCpuMs),
      pssMib: sum(leading, (stat) => memoryOf(stat).pssMib),
      rssMib: sum(leading, (stat) => memoryOf(stat).rssMib),
    },
    whole: {
      cpuMs: sum(members, ({ ownCpuMs, exitedChildrenCpuMs }) => ownCpuMs + exitedChildrenCpuMs),
      pssMib: sum(members, (stat) => memoryOf(stat).pssMib),
      rssMib: sum(members, (stat) => memoryOf(stat).rssMib),
    },
  };
}

/** What one process has used, without its children. @throws Error when it is gone. */
export async function readProcess(pid: number): Promise<Usage> {
  const stat = await readStat(pid);
  if (stat === undefined) throw new Error('a process under measurement has exited');
  return { cpuMs: stat.ownCpuMs, ...(await readMemory(pid)) };
}

async function allProcesses(): Promise<ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map(readStat));
  return stats.filter((stat) => stat !== undefined);
}

/** Undefined if it has exited meanwhile. */
async function readStat(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The name, in parentheses, may itself hold spaces and parentheses; the fields count from the state, number 3.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid,
    session: field(6),
    ownCpuMs: (field(14) + field(15)) * MS_PER_TICK,
    exitedChildrenCpuMs: (field(16) + field(17)) * MS_PER_TICK,
  };
}

async function readMemory(pid: number): Promise<{ readonly pssMib: number; readonly rssMib: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const mib = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
  return { pssMib: mib('Pss'), rssMib: mib('Rss') };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
