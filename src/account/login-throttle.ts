import type { Clock } from '../base/clock.ts';
import { networkOf } from './network-of.ts';

interface Tries {
  failures: number;
  /** Monotonic. */
  lastMs: number;
}

interface Limit {
  /** So many wrong ones cost nothing. */
  readonly free: number;
  readonly longestMs: number;
}

/** Of one account from one address. */
const PAIR: Limit = { free: 5, longestMs: 300_000 };
/** Of all accounts from one address, for those who try one password on many. */
const ADDRESS: Limit = { free: 40, longestMs: 30_000 };
const FIRST_WAIT_MS = 1_000;
/** Whoever was quiet for so long begins anew. */
const FORGET_MS = 3_600_000;
const MOST_KEPT = 10_000;

/**
 * Slows the guessing of passwords: after some wrong ones each costs a wait, which doubles. It is counted for account and address
 * together, so that nobody who guesses locks out whoever signs in from elsewhere.
 */
export class LoginThrottle {
  readonly #clock: Clock;
  readonly #tries = new Map<string, Tries>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Called before a password is looked at, which counts as wrong until `succeeded`: so that many at once are counted too.
   * @param who account, or the device that has signed in to it before.
   * @returns how long to wait before trying again; 0 where it may be tried now.
   */
  tryNow(who: string, address: string): number {
    const nowMs = this.#clock.monotonicMs();
    const [pair, all] = keysOf(who, address);
    const waitMs = Math.max(this.#waitMs(pair, PAIR, nowMs), this.#waitMs(all, ADDRESS, nowMs));
    if (waitMs > 0) return waitMs;
    this.#count(pair, nowMs);
    this.#count(all, nowMs);
    return 0;
  }

  succeeded(who: string, address: string): void {
    const [pair, all] = keysOf(who, address);
    this.#tries.delete(pair);
    const tries = this.#tries.get(all);
    if (tries !== undefined) tries.failures -= 1;
  }

  #waitMs(key: string, { free, longestMs }: Limit, nowMs: number): number {
    const tries = this.#tries.get(key);
    if (tries === undefined || tries.failures < free || nowMs - tries.lastMs > FORGET_MS) return 0;
    const waitMs = Math.min(longestMs, FIRST_WAIT_MS * 2 ** Math.min(20, tries.failures - free));
    return Math.max(0, tries.lastMs + waitMs - nowMs);
  }

  #count(key: string, nowMs: number): void {
    const known = this.#tries.get(key);
    const failures = known === undefined || nowMs - known.lastMs > FORGET_MS ? 0 : known.failures;
    // Last in the order, in which the oldest is forgotten first.
    this.#tries.delete(key);
    this.#tries.set(key, { failures: failures + 1, lastMs: nowMs });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MOST_KEPT && oldest !== undefined) this.#tries.delete(oldest);
  }
}

function keysOf(who: string, address: string): readonly [string, string] {
  const network = networkOf(address);
  return [`${network} ${who.toLowerCase()}`, network];
}
