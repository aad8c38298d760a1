import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Clock } from './clock.ts';
import { describeError } from './error.ts';
import { patience } from './watchdog.ts';

/** A driver or a dead disk may hold a process that was killed, and whom it has started its output, for as long as they like. */
export const LEAVE_PATIENCE_MS = 5_000;

/** A child process that can be waited for: its end comes, or it is let go soon after it was killed. */
export class MortalChild<Process extends ChildProcess = ChildProcess> {
  readonly process: Process;
  /**
   * How it ended, once all that it wrote has been read; goes on a sentence that begins with its name: `was ended by SIGKILL`.
   * Never rejects.
   */
  readonly ended: Promise<string>;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #letGo: (how: string) => void = () => undefined;
  #isKilled = false;

  constructor(process: Process, clock: Clock) {
    this.process = process;
    this.#clock = clock;
    const letGo = new Promise<string>((resolve) => (this.#letGo = resolve));
    this.ended = Promise.race([endOf(process), letGo]).finally(() => this.#over.abort());
  }

  /**
   * Ends it at once: `ended` is settled within `LEAVE_PATIENCE_MS`.
   * @returns whether there was anything to end.
   */
  kill(): boolean {
    if (!this.#isKilled) void this.#giveUp();
    this.#isKilled = true;
    return this.process.kill('SIGKILL');
  }

  async #giveUp(): Promise<void> {
    try {
      await patience(this.#clock, LEAVE_PATIENCE_MS, this.#over.signal);
    } catch {
      return;
    }
    const { process } = this;
    // Or this process could not end before that one.
    process.unref();
    process.channel?.unref();
    for (const stream of process.stdio) stream?.destroy();
    this.#letGo(`was killed and had not left after ${LEAVE_PATIENCE_MS / 1000} s`);
  }
}

async function endOf(process: ChildProcess): Promise<string> {
  try {
    // 'close' comes after the last of its output.
    const [code, by] = (await once(process, 'close')) as [number | null, NodeJS.Signals | null];
    return by === null ? `ended with exit code ${code}` : `was ended by ${by}`;
  } catch (error) {
    return `could not be started: ${describeError(error)}`;
  }
}
