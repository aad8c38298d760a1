import type { Clock } from '../../base/clock.ts';
import type { IndexAccess } from '../../db/index-access.ts';
import type { CheckDepth } from './check-fragments.ts';
import type { Notice, Problem } from './problem.ts';

/** What all parts of a check need. */
export interface CheckContext {
  /** Undefined where there is none, or none that can be asked: then files are held against themselves only. */
  readonly index: IndexAccess | undefined;
  readonly depth: CheckDepth;
  /** A recorder is at work in it: what grows, and what it is about to do, is no problem. */
  readonly isLive: boolean;
  readonly clock: Clock;
  readonly listener: CheckListener;
  readonly signal: AbortSignal;
}

export interface CheckListener {
  problem(problem: Problem): void;
  notice(notice: Notice): void;
  /** A recording was looked at. */
  checked(mediaMs: number): void;
}
