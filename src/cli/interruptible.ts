import { constants, setPriority } from 'node:os';
import { EXIT } from './exit-code.ts';

/**
 * Runs a command that works hard until it is done or Ctrl-C ends it, at a lower priority than a recorder.
 * @returns the exit code.
 * @throws what the work throws, unless it was interrupted.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.interrupted;
    throw error;
  }
}
