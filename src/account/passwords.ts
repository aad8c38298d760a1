import { hash, verify } from '@node-rs/argon2';
import { AccountError } from './account-error.ts';

/** OWASP's least for argon2id, which is the library's algorithm by default; about 40 ms of one core. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Each takes 19 MiB and a thread of the pool that reads files too. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 32;

export const SHORTEST_PASSWORD = 10;
/** Beyond it hashing would be work for whoever likes to give us some. */
export const LONGEST_PASSWORD = 200;

/**
 * @param field what it is called where it was asked for.
 * @throws AccountError `password-length`, `password-guessable`
 */
export function checkPassword(password: string, name: string, field = 'password'): void {
  const { length } = password;
  if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
    throw new AccountError(
      'password-length',
      `Expected a password of ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters, found ${length}.`,
      { field },
    );
  }
  const isName = password.toLowerCase().includes(name.toLowerCase()) && length < name.length + 4;
  if (isName || new Set(password).size < 4) {
    const message = 'This password would be guessed at once: choose another one.';
    throw new AccountError('password-guessable', message, { field });
  }
}

/** Hashes and compares passwords, a few at a time. */
export class Passwords {
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #nobodys: string | undefined;

  /** @returns its argon2id hash in the PHC format. @throws AccountError `busy` */
  async hash(password: string): Promise<string> {
    return await this.#inTurn(() => hash(password, COST));
  }

  /**
   * Whether the password is the one of the hash. Takes as long where there is none, so that its time does not tell whether there is an
   * account.
   * @throws AccountError `busy`
   */
  async matches(password: string, expected: string | undefined): Promise<boolean> {
    const isSame = await this.#inTurn(async () => {
      this.#nobodys ??= await hash('nobody has this password', COST);
      return await verify(expected ?? this.#nobodys, password.slice(0, LONGEST_PASSWORD + 1));
    });
    return isSame && expected !== undefined;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#queue.length >= MOST_WAITING) {
      throw new AccountError('busy', 'Too many people sign in at this moment. Try again in a few seconds.');
    }
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes this one's place.
      const next = this.#queue.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
