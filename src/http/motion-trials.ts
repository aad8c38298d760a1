import { fork, type ChildProcess } from 'node:child_process';
import { describeError } from '../base/error.ts';
import type { FromMotionTrial, MotionTrialOrder, TrialResult } from '../settings/motion-trial-messages.ts';

/** A trial as it stands. */
export interface MotionTrial {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly state:
    /** 0..1 */
    | { readonly kind: 'working'; readonly progress: number }
    | { readonly kind: 'done'; readonly result: TrialResult }
    | { readonly kind: 'failed'; readonly reason: string };
}

const STDERR_TAIL_CHARACTERS = 500;

/** Looks at recordings with other settings, one trial at a time, each in a process of its own; the last one's result is kept. */
export class MotionTrials {
  readonly #program: string;
  #trial: MotionTrial | undefined;
  #child: ChildProcess | undefined;

  /** @param program of that process, a path to built JavaScript. */
  constructor(program: string) {
    this.#program = program;
  }

  get current(): MotionTrial | undefined {
    return this.#trial;
  }

  /** @returns undefined while another one is going on. */
  start(order: MotionTrialOrder): MotionTrial | undefined {
    if (this.#child !== undefined) return undefined;
    const { camera, fromMs, toMs } = order;
    const child = fork(this.#program, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const trial: MotionTrial = { camera, fromMs, toMs, state: { kind: 'working', progress: 0 } };
    this.#child = child;
    this.#trial = trial;
    const become = (state: MotionTrial['state']): void => {
      if (this.#child === child) this.#trial = { ...trial, state };
    };
    let stderrTail = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderrTail = (stderrTail + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    // Messages are those of our own program.
    child.on('message', (message) => become(stateOf(message as FromMotionTrial)));
    child.once('error', (error) => {
      become({ kind: 'failed', reason: `its process could not be started: ${describeError(error)}` });
      if (this.#child === child) this.#child = undefined;
    });
    child.once('close', (code, signal) => {
      if (this.#child !== child) return;
      if (this.#trial?.state.kind === 'working') {
        const how = `its process ended (${signal ?? code}) without an answer`;
        become({ kind: 'failed', reason: stderrTail === '' ? how : `${how}: ${stderrTail.trim()}` });
      }
      this.#child = undefined;
    });
    // One that could not be started is told above.
    child.send(order, () => undefined);
    return trial;
  }

  /** Ends it if it is going on, and forgets it. */
  remove(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#trial = undefined;
    child?.kill('SIGKILL');
  }
}

function stateOf(message: FromMotionTrial): MotionTrial['state'] {
  switch (message.type) {
    case 'progress':
      return { kind: 'working', progress: message.share };
    case 'result':
      return { kind: 'done', result: message.result };
    case 'failed':
      return { kind: 'failed', reason: message.reason };
    default:
      return message satisfies never;
  }
}
