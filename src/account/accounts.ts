import type { Clock } from '../base/clock.ts';
import { AccountDatabase } from './account-database.ts';
import { AuditLog } from './audit-log.ts';

export interface AccountsOptions {
  /** Of the database. */
  readonly path: string;
  readonly clock: Clock;
}

/** Who may use the recorder, and who did. */
export class Accounts implements Disposable {
  /** For tables of what people have arranged. */
  readonly database: AccountDatabase;
  readonly audit: AuditLog;

  private constructor(database: AccountDatabase, { clock }: AccountsOptions) {
    this.database = database;
    this.audit = new AuditLog(database, clock);
  }

  /** @throws AccountDatabaseError */
  static open(options: AccountsOptions): Accounts {
    return new Accounts(AccountDatabase.open(options.path), options);
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
  }
}
