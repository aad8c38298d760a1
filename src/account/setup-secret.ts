import type { AccountDatabase, AccountStatement } from './account-database.ts';
import { hashSecret, makeSecret } from './secret-token.ts';

/** The secret of the link with which the first administrator is made. It is valid until it was used or another one is made. */
export class SetupSecret {
  readonly #replace: AccountStatement<never>;
  readonly #find: AccountStatement<{ readonly id: number }>;
  readonly #delete: AccountStatement<never>;

  constructor(database: AccountDatabase) {
    this.#replace = database.prepare('INSERT OR REPLACE INTO setup (id, hash) VALUES (1, $hash)');
    this.#find = database.prepare('SELECT id FROM setup WHERE hash = $hash');
    this.#delete = database.prepare('DELETE FROM setup');
  }

  make(): string {
    const secret = makeSecret();
    this.#replace.run({ hash: hashSecret(secret) });
    return secret;
  }

  isValid(secret: string): boolean {
    return this.#find.get({ hash: hashSecret(secret) }) !== undefined;
  }

  forget(): void {
    this.#delete.run();
  }
}
