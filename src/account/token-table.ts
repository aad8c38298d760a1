import type { Clock } from '../base/clock.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';
import { AccountError } from './account-error.ts';
import { hashSecret, makeApiToken } from './secret-token.ts';
import { camerasOf, toText, type UserRights } from './user-table.ts';
import { isAtLeast, User, type Role } from './user.ts';

export interface TokenRecord extends UserRights {
  readonly id: number;
  /** Unique among its owner's. */
  readonly name: string;
  readonly owner: string;
  readonly createdMs: number;
  /** Null for never. */
  readonly expiresMs: number | null;
  /** When it was last used; null for never. */
  readonly seenMs: number | null;
}

export interface NewToken extends UserRights {
  readonly name: string;
  readonly expiresMs: number | null;
}

interface Row extends Omit<TokenRecord, 'cameras'> {
  readonly cameras: string | null;
}

interface FoundRow extends Row {
  readonly userId: number;
  readonly ownerRole: Role;
  readonly ownerCameras: string | null;
}

const SEEN_EVERY_MS = 60_000;
const MOST_TOKENS = 100;
const COLUMNS = `token.id AS id, token.name AS name, user.name AS owner, token.role AS role, token.cameras AS cameras,
  token.created_ms AS createdMs, expires_ms AS expiresMs, seen_ms AS seenMs`;

/** Tokens of programs. They are shown once; what is kept is their hash. */
export class TokenTable {
  readonly #clock: Clock;
  readonly #insert: AccountStatement<never>;
  readonly #find: AccountStatement<FoundRow>;
  readonly #findById: AccountStatement<FoundRow>;
  readonly #seen: AccountStatement<never>;
  readonly #list: AccountStatement<Row>;
  readonly #delete: AccountStatement<{ readonly name: string }>;

  constructor(database: AccountDatabase, clock: Clock) {
    this.#clock = clock;
    this.#insert = database.prepare(
      `INSERT INTO token (hash, user_id, name, role, cameras, created_ms, expires_ms)
       VALUES ($hash, $userId, $name, $role, $cameras, $nowMs, $expiresMs)`,
    );
    const found = `SELECT ${COLUMNS}, user.id AS userId, user.role AS ownerRole, user.cameras AS ownerCameras
       FROM token JOIN user ON user.id = user_id WHERE (expires_ms IS NULL OR expires_ms > $nowMs)`;
    this.#find = database.prepare(`${found} AND hash = $hash`);
    this.#findById = database.prepare(`${found} AND token.id = $id`);
    this.#seen = database.prepare('UPDATE token SET seen_ms = $nowMs WHERE id = $id');
    this.#list = database.prepare(
      `SELECT ${COLUMNS} FROM token JOIN user ON user.id = user_id WHERE $userId IS NULL OR user_id = $userId
       ORDER BY owner, token.name`,
    );
    this.#delete = database.prepare(
      'DELETE FROM token WHERE id = $id AND ($userId IS NULL OR user_id = $userId) RETURNING name',
    );
  }

  /**
   * @returns the token, for the only time.
   * @throws AccountError `beyond-owner`, `name-taken`, `too-many-tokens`
   */
  add(owner: User, { name, role, cameras, expiresMs }: NewToken): string {
    const seesMore = owner.cameras !== null && !(cameras?.every((camera) => owner.maySee(camera)) ?? false);
    if (!owner.may(role) || seesMore) {
      throw new AccountError('beyond-owner', 'A token cannot do or see more than whoever makes it.');
    }
    const own = this.list(owner.id);
    if (own.some((token) => token.name === name)) {
      throw new AccountError('name-taken', `There is a token ${name} already.`);
    }
    if (own.length >= MOST_TOKENS) {
      throw new AccountError('too-many-tokens', `There are ${MOST_TOKENS} tokens already: delete one first.`);
    }
    const token = makeApiToken();
    const nowMs = this.#clock.wallMs();
    const scope = { role, cameras: toText(cameras) };
    this.#insert.run({ hash: hashSecret(token), userId: owner.id, name, ...scope, nowMs, expiresMs });
    return token;
  }

  /** Whose it is and what may be done with it; undefined when it is not valid (any more). */
  find(token: string): User | undefined {
    const nowMs = this.#clock.wallMs();
    const row = this.#find.get({ hash: hashSecret(token), nowMs });
    if (row === undefined) return undefined;
    if (nowMs - (row.seenMs ?? 0) >= SEEN_EVERY_MS) this.#seen.run({ id: row.id, nowMs });
    return userOf(row);
  }

  /** The same of one that was found before. */
  findAgain(id: number): User | undefined {
    const row = this.#findById.get({ id, nowMs: this.#clock.wallMs() });
    return row === undefined ? undefined : userOf(row);
  }

  /** @param userId whose; null for everybody's. */
  list(userId: number | null): readonly TokenRecord[] {
    return this.#list.all({ userId }).map((row) => ({ ...row, cameras: camerasOf(row.cameras) }));
  }

  /**
   * @param userId whose; null for anybody's.
   * @returns its name; undefined where there was no such token.
   */
  remove(id: number, userId: number | null): string | undefined {
    return this.#delete.get({ id, userId })?.name;
  }
}

/** No more than the token's scope, and no more than its owner may at this moment. */
function userOf({ id, name, userId, owner, role, ownerRole, ...row }: FoundRow): User {
  const scope = camerasOf(row.cameras);
  const ofOwner = camerasOf(row.ownerCameras);
  const both = ofOwner === null ? scope : (scope?.filter((camera) => ofOwner.includes(camera)) ?? ofOwner);
  return new User({
    id: userId,
    name: owner,
    role: isAtLeast(ownerRole, role) ? role : ownerRole,
    cameras: both,
    credential: { kind: 'token', id, name },
  });
}
