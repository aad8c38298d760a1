import type { AccountDatabase, AccountStatement } from './account-database.ts';

/** How each user has arranged the live cameras, as JSON that only `api/layouts` reads. */
export class ArrangementTable {
  readonly #get: AccountStatement<{ readonly arrangement: string }>;
  readonly #set: AccountStatement<never>;

  constructor(database: AccountDatabase) {
    this.#get = database.prepare('SELECT arrangement FROM arrangement WHERE user_id = $userId');
    this.#set = database.prepare(
      `INSERT INTO arrangement (user_id, arrangement) VALUES ($userId, $arrangement)
       ON CONFLICT (user_id) DO UPDATE SET arrangement = excluded.arrangement`,
    );
  }

  /** Undefined for a user who has arranged nothing. */
  of(userId: number): string | undefined {
    return this.#get.get({ userId })?.arrangement;
  }

  set(userId: number, arrangement: string): void {
    this.#set.run({ userId, arrangement });
  }
}
