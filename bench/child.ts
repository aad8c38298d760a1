import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const STOP_WAIT_MS = 20_000;

/** Starts a program as the leader of a session of its own, its output in a file. */
export function startLeader(command: string, args: readonly string[], outputFile: string): ChildProcess {
  const output = openSync(outputFile, 'a');
  return spawn(command, args, { detached: true, stdio: ['ignore', output, output] });
}

/** Asks it to end, waits a bounded time, kills. */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const waiting = new AbortController();
  const late = delay(STOP_WAIT_MS, 'late', { signal: waiting.signal }).catch(() => 'exited');
  const first = await Promise.race([exited, late]);
  waiting.abort();
  if (first !== 'late') return;
  child.kill('SIGKILL');
  await exited;
}

/** The first line that a program prints when asked for its version; undefined if there is no such program. */
export function versionOf(command: string, args: readonly string[]): string | undefined {
  const { stdout, error, status } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined || (status !== 0 && stdout === '')) return undefined;
  return stdout.split('\n')[0]?.trim();
}
