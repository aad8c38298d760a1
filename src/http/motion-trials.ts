import type { Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import { runWithOrder } from '../base/run-with-order.ts';
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

/** Looks at recordings with other settings, one trial at a time, each in a process of its own; the last one's result is kept. */
export class MotionTrials {
  readonly #program: string;
  readonly #clock: Clock;
  #trial: MotionTrial | undefined;
  #going: AbortController | undefined;

  /** @param program of that process, a path to built JavaScript. */
  constructor(program: string, clock: Clock) {
    this.#program = program;
    this.#clock = clock;
  }

  get current(): MotionTrial | undefined {
    return this.#trial;
  }

  /** @returns undefined while another one is going on. */
  start(order: MotionTrialOrder): MotionTrial | undefined {
    if (this.#going !== undefined) return undefined;
    const { camera, fromMs, toMs } = order;
    const trial: MotionTrial = { camera, fromMs, toMs, state: { kind: 'working', progress: 0 } };
    const going = new AbortController();
    this.#going = going;
    this.#trial = trial;
    const become = (state: MotionTrial['state']): void => {
      if (this.#going === going) this.#trial = { ...trial, state };
    };
    const end = (how: string): void => {
      if (this.#going !== going) return;
      if (this.#trial?.state.kind === 'working') become({ kind: 'failed', reason: how });
      this.#going = undefined;
    };
    runWithOrder<FromMotionTrial>({
      program: this.#program,
      order,
      onMessage: (message) => become(stateOf(message)),
      clock: this.#clock,
      signal: going.signal,
    }).then(end, (error: unknown) => end(describeError(error)));
    return trial;
  }

  /** Ends it if it is going on, and forgets it. */
  remove(): void {
    const going = this.#going;
    this.#going = undefined;
    this.#trial = undefined;
    going?.abort();
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
