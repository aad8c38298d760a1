import type { Clock } from '../base/clock.ts';
import { AccountDatabase } from './account-database.ts';
import { AccountError } from './account-error.ts';
import { AuditLog } from './audit-log.ts';
import { LoginThrottle } from './login-throttle.ts';
import { checkPassword, Passwords } from './passwords.ts';
import { SessionTable } from './session-table.ts';
import { SetupSecret } from './setup-secret.ts';
import { TokenTable } from './token-table.ts';
import { UserTable, type UserRecord, type UserRights } from './user-table.ts';
import type { User } from './user.ts';
import { EventMarks } from './event-marks.ts';

export interface AccountsOptions {
  /** Of the database. */
  readonly path: string;
  readonly clock: Clock;
}

/** Where somebody signs in. */
export interface Door {
  readonly address: string;
  /** What the browser says that it is. */
  readonly agent: string;
}

export interface NamedPassword {
  readonly name: string;
  readonly password: string;
}

/** Who may use the recorder, and who did. */
export class Accounts implements Disposable {
  /** For tables of what people have arranged. */
  readonly database: AccountDatabase;
  readonly users: UserTable;
  readonly sessions: SessionTable;
  readonly tokens: TokenTable;
  readonly setup: SetupSecret;
  readonly audit: AuditLog;
  readonly #passwords = new Passwords();
  readonly #throttle: LoginThrottle;
  readonly eventMarks: EventMarks;

  private constructor(database: AccountDatabase, { clock }: AccountsOptions) {
    this.database = database;
    this.users = new UserTable(database, clock);
    this.sessions = new SessionTable(database, clock);
    this.tokens = new TokenTable(database, clock);
    this.setup = new SetupSecret(database);
    this.audit = new AuditLog(database, clock);
    this.#throttle = new LoginThrottle(clock);
    this.eventMarks = new EventMarks(database);
  }

  /** @throws AccountDatabaseError */
  static open(options: AccountsOptions): Accounts {
    return new Accounts(AccountDatabase.open(options.path), options);
  }

  /**
   * Makes the first administrator with the secret of the set-up link, which is not valid any more then, and signs him in.
   * @returns the secret of his session.
   * @throws AccountError `no-setup`, `password-length`, `password-guessable`, `bad-name`, `busy`
   */
  async setUp(secret: string, { name, password }: NamedPassword, door: Door): Promise<string> {
    this.#checkSetup(secret);
    checkPassword(password, name);
    const hash = await this.#passwords.hash(password);
    // Another may have been quicker.
    this.#checkSetup(secret);
    const user = this.users.add(name, { role: 'admin', cameras: null }, hash);
    this.setup.forget();
    this.audit.record(
      { user: user.name, address: door.address },
      { action: 'signed-in', what: { kind: 'by-setup' } },
    );
    return this.sessions.begin({ userId: user.id, ...door });
  }

  /**
   * @returns the secret of a new session.
   * @throws AccountError `wrong-password`, `throttled`, `busy`
   */
  async signIn({ name, password }: NamedPassword, door: Door): Promise<string> {
    const user = this.users.find(name);
    const isRight = await this.#isPassword(user, { name, password }, door);
    if (!isRight || user === undefined) throw new AccountError('wrong-password', 'Wrong name or password.');
    this.audit.record(
      { user: user.name, address: door.address },
      { action: 'signed-in', what: { kind: 'by-password' } },
    );
    return this.sessions.begin({ userId: user.id, ...door });
  }

  /** @throws AccountError `bad-name`, `name-taken`, `password-length`, `password-guessable`, `busy` */
  async addUser({ name, password }: NamedPassword, rights: UserRights): Promise<UserRecord> {
    checkPassword(password, name);
    return this.users.add(name, rights, await this.#passwords.hash(password));
  }

  /** Sets a password without asking for the present one, and ends all sessions. @throws AccountError `password-length`, `password-guessable`, `busy` */
  async resetPassword(user: UserRecord, password: string): Promise<void> {
    checkPassword(password, user.name);
    this.users.setPassword(user, await this.#passwords.hash(password));
    this.sessions.endAll(user.id);
  }

  /**
   * Changes somebody's own password and ends his other sessions.
   * @throws AccountError `wrong-present-password`, `throttled`, `password-length`, `password-guessable`, `busy`
   */
  async changePassword(user: User, present: string, wanted: string, door: Door): Promise<void> {
    const record = this.users.get(user.name);
    const isRight = await this.#isPassword(record, { name: record.name, password: present }, door);
    if (!isRight) throw new AccountError('wrong-present-password', 'The present password is wrong.');
    checkPassword(wanted, record.name);
    this.users.setPassword(record, await this.#passwords.hash(wanted));
    this.sessions.endAll(record.id, user.credential.kind === 'session' ? user.credential.id : undefined);
  }

  /** Whether somebody may still exactly what he could when he showed who he is. */
  isStill(user: User): boolean {
    const { kind, id } = user.credential;
    const now = kind === 'session' ? this.sessions.findAgain(id) : this.tokens.findAgain(id);
    if (now === undefined) return false;
    return now.role === user.role && JSON.stringify(now.cameras) === JSON.stringify(user.cameras);
  }

  [Symbol.dispose](): void {
    this.database[Symbol.dispose]();
  }

  #checkSetup(secret: string): void {
    if (this.setup.isValid(secret) && !this.users.hasAdmin) return;
    throw new AccountError(
      'no-setup',
      'This link is not valid any more: it was used, or the recorder was started again and has printed another one.',
    );
  }

  /**
   * Whether the password is that of the user; where there is no such user it takes as long.
   * @throws AccountError `throttled`, `busy`
   */
  async #isPassword(
    user: UserRecord | undefined,
    { name, password }: NamedPassword,
    door: Door,
  ): Promise<boolean> {
    const { address } = door;
    const waitMs = this.#throttle.tryNow(name, address);
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      const message = `Too many wrong passwords. Try again in ${seconds} s.`;
      throw new AccountError('throttled', message, { retryAfterMs: waitMs });
    }
    if (await this.#passwords.matches(password, user?.password ?? undefined)) {
      this.#throttle.succeeded(name, address);
      return true;
    }
    // Not what was typed as the name: it may be a password.
    const who = user?.name ?? '';
    this.audit.record({ user: who, address }, { action: 'refused', what: { kind: 'wrong-password' } });
    return false;
  }
}
