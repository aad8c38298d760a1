import type { Clock } from '../base/clock.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';
import { AccountError } from './account-error.ts';
import type { Role } from './user.ts';

/** An account as it is kept. */
export interface UserRecord {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  /** The cameras that the user may see; null for all, also those to come. */
  readonly cameras: readonly string[] | null;
  /** argon2id in the PHC format; null where none is set. */
  readonly password: string | null;
  readonly createdMs: number;
}

export interface UserRights {
  readonly role: Role;
  readonly cameras: readonly string[] | null;
}

interface Row extends Omit<UserRecord, 'cameras'> {
  readonly cameras: string | null;
}

/** It ends up in addresses, logs and lists: letters and digits of any script. */
const NAME = /^[\p{L}\p{N}]([\p{L}\p{N} ._@-]{0,62}[\p{L}\p{N}])?$/u;
const COLUMNS = 'id, name, role, cameras, password, created_ms AS createdMs';

export class UserTable {
  readonly #database: AccountDatabase;
  readonly #clock: Clock;
  readonly #all: AccountStatement<Row>;
  readonly #byName: AccountStatement<Row>;
  readonly #admins: AccountStatement<{ readonly count: number }>;
  readonly #insert: AccountStatement<Row>;
  readonly #setRights: AccountStatement<never>;
  readonly #setPassword: AccountStatement<never>;
  readonly #delete: AccountStatement<never>;

  constructor(database: AccountDatabase, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#all = database.prepare(`SELECT ${COLUMNS} FROM user ORDER BY name`);
    this.#byName = database.prepare(`SELECT ${COLUMNS} FROM user WHERE name = $name`);
    this.#admins = database.prepare(
      `SELECT count(*) AS count FROM user WHERE role = 'admin' AND password IS NOT NULL AND id <> $exceptId`,
    );
    this.#insert = database.prepare(
      `INSERT INTO user (name, role, cameras, password, created_ms) VALUES ($name, $role, $cameras, $password, $nowMs)
       RETURNING ${COLUMNS}`,
    );
    this.#setRights = database.prepare('UPDATE user SET role = $role, cameras = $cameras WHERE id = $id');
    this.#setPassword = database.prepare('UPDATE user SET password = $password WHERE id = $id');
    this.#delete = database.prepare('DELETE FROM user WHERE id = $id');
  }

  /** Whether anybody can manage accounts; nothing is served on the network before. */
  get hasAdmin(): boolean {
    return this.#adminsBeside(-1) > 0;
  }

  all(): readonly UserRecord[] {
    return this.#all.all().map(recordOf);
  }

  find(name: string): UserRecord | undefined {
    const row = this.#byName.get({ name: name.normalize('NFC') });
    return row === undefined ? undefined : recordOf(row);
  }

  /** @throws AccountError `unknown` */
  get(name: string): UserRecord {
    const found = this.find(name);
    if (found !== undefined) return found;
    throw new AccountError('unknown', `There is no account ${JSON.stringify(name.slice(0, 64))}.`);
  }

  /** @throws AccountError `bad-name`, `name-taken` */
  add(written: string, { role, cameras }: UserRights, password: string): UserRecord {
    const name = checkName(written);
    return this.#database.transaction(() => {
      if (this.find(name) !== undefined)
        throw new AccountError('name-taken', `There is an account ${name} already.`);
      const row = this.#insert.get({
        name,
        role,
        cameras: toText(cameras),
        password,
        nowMs: this.#clock.wallMs(),
      });
      if (row === undefined) throw new Error('an inserted row was not returned');
      return recordOf(row);
    });
  }

  /** @throws AccountError `last-admin` */
  setRights(user: UserRecord, { role, cameras }: UserRights): void {
    this.#database.transaction(() => {
      if (role !== 'admin') this.#keepAnAdmin(user);
      this.#setRights.run({ id: user.id, role, cameras: toText(cameras) });
    });
  }

  setPassword({ id }: UserRecord, password: string): void {
    this.#setPassword.run({ id, password });
  }

  /** With its sessions and tokens. @throws AccountError `last-admin` */
  remove(user: UserRecord): void {
    this.#database.transaction(() => {
      this.#keepAnAdmin(user);
      this.#delete.run({ id: user.id });
    });
  }

  #keepAnAdmin({ id, name, role }: UserRecord): void {
    if (role !== 'admin' || this.#adminsBeside(id) > 0) return;
    throw new AccountError(
      'last-admin',
      `${name} is the only administrator: without one nobody could manage accounts. Make another one first.`,
    );
  }

  #adminsBeside(exceptId: number): number {
    return this.#admins.get({ exceptId })?.count ?? 0;
  }
}

/** @throws AccountError `bad-name` */
export function checkName(written: string): string {
  const name = written.normalize('NFC').trim();
  if (NAME.test(name)) return name;
  throw new AccountError(
    'bad-name',
    'Expected a name of 1 to 64 letters, digits, spaces or . _ @ - that begins and ends with a letter or digit.',
  );
}

function recordOf({ cameras, ...row }: Row): UserRecord {
  return { ...row, cameras: camerasOf(cameras) };
}

/** As the tables keep them. */
export function camerasOf(text: string | null): readonly string[] | null {
  // Written by `toText`.
  return text === null ? null : (JSON.parse(text) as string[]);
}

export function toText(cameras: readonly string[] | null): string | null {
  return cameras === null ? null : JSON.stringify(cameras);
}
