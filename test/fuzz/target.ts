import type { Random } from './random.ts';

/** One parser or assembler under fuzz. */
export interface FuzzTarget {
  readonly name: string;
  /** Its part of all inputs, in relation to those of the others. */
  readonly share: number;
  /** Errors that are a right answer to a wrong input; none for what never throws. */
  readonly tolerates: readonly ErrorClass[];
  /** Most memory that may stay in use by what `run` returns. */
  readonly retainedLimitBytes: number;
  generate(random: Random): Uint8Array;
  /** How much the code under test is fed by an input, where that is not the input's own length. */
  fedBytes?(input: Uint8Array): number;
  /** How much memory lies ready for whoever needs it next, within bounds of its own; no input is charged with it. */
  idleBytes?(): number;
  /**
   * Feeds one input and checks what comes of it.
   * @returns the objects whose memory is bounded, not what they gave out.
   * @throws Violation when a promise is broken; whatever the code under test throws.
   */
  run(input: Uint8Array): unknown;
}

// oxlint-disable-next-line typescript/no-explicit-any -- only `instanceof` is asked of it.
export type ErrorClass = abstract new (...args: any[]) => Error;

/** Something did not throw and yet broke its promise. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** @throws Violation unless `isTrue`. */
export function ensure(isTrue: boolean, claim: string): void {
  if (!isTrue) throw new Violation(claim);
}
