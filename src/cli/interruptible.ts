import { constants, setPriority } from 'node:os';
import { describeError } from '../base/error.ts';
import { redactCredentials } from '../base/redact.ts';
import { ConfigError } from '../config/problem.ts';
import { EXIT } from './exit-code.ts';
import { json } from './json.ts';

/**
 * Runs a command that works hard until it is done or Ctrl-C ends it, at a lower priority than a recorder.
 * @param isJson whether a failure is told as JSON on standard output.
 * @returns the exit code.
 */
export async function interruptible(
  isJson: boolean,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.interrupted;
    if (!isJson) throw error;
    process.stdout.write(json({ ok: false, error: redactCredentials(describeError(error)) }));
    return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
  }
}
