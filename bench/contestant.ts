import type { Camera } from './served-cameras.ts';

/** A recorder at work. */
export interface Running {
  /** Ids of its first processes, each the leader of a session. */
  readonly leaders: readonly number[];
  /** What it did that CPU and memory do not tell, once it was stopped. */
  readonly remark?: () => Promise<string>;
  stop(): Promise<void>;
}

/** A way to record cameras. */
export interface Contestant {
  readonly name: string;
  /** How it was set up, for the report. */
  readonly setup: string;
  /** Undefined where it is not installed. */
  readonly version: string | undefined;
  /**
   * What counts: `leaders` the processes started directly, `whole` their children too. The other is reported beside
   * it where they differ.
   */
  readonly counted: 'leaders' | 'whole';
  /** @param folder an empty one; the recordings go to its sub-folder `archive`. */
  start(cameras: readonly Camera[], folder: string): Promise<Running>;
}
