import type { Clock } from '../base/clock.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';
import { hashSecret, makeSecret } from './secret-token.ts';
import { camerasOf } from './user-table.ts';
import { User, type Role } from './user.ts';

/** Without a request for so long a session ends; a tablet on a wall asks all the time. */
export const SESSION_IDLE_MS = 7 * 86_400_000;
/** However much it is used. */
export const SESSION_LIFE_MS = 30 * 86_400_000;
/** How precisely the last request is known: each writing costs. */
const SEEN_EVERY_MS = 60_000;
const LONGEST_AGENT = 200;
/** Of one user: more are programs that sign in again and again; what they have used least ends. */
const MOST_SESSIONS = 100;

export interface SessionRecord {
  readonly id: number;
  readonly createdMs: number;
  readonly seenMs: number;
  readonly address: string;
  /** What the browser says that it is. */
  readonly agent: string;
}

export interface NewSession {
  readonly userId: number;
  readonly address: string;
  readonly agent: string;
}

interface FoundRow {
  readonly id: number;
  readonly seenMs: number;
  readonly userId: number;
  readonly name: string;
  readonly role: Role;
  readonly cameras: string | null;
}

/** Sessions of browsers. What the cookie holds is not kept, only its hash. */
export class SessionTable {
  readonly #clock: Clock;
  readonly #insert: AccountStatement<never>;
  readonly #find: AccountStatement<FoundRow>;
  readonly #findById: AccountStatement<FoundRow>;
  readonly #seen: AccountStatement<never>;
  readonly #ofUser: AccountStatement<SessionRecord>;
  readonly #end: AccountStatement<{ readonly id: number }>;
  readonly #endAll: AccountStatement<never>;
  readonly #prune: AccountStatement<never>;
  readonly #pruneOfUser: AccountStatement<never>;

  constructor(database: AccountDatabase, clock: Clock) {
    this.#clock = clock;
    this.#insert = database.prepare(
      `INSERT INTO session (hash, user_id, created_ms, seen_ms, address, agent)
       VALUES ($hash, $userId, $nowMs, $nowMs, $address, $agent)`,
    );
    const found = `SELECT session.id AS id, seen_ms AS seenMs, user_id AS userId, name, role, cameras
       FROM session JOIN user ON user.id = user_id
       WHERE seen_ms > $nowMs - ${SESSION_IDLE_MS} AND session.created_ms > $nowMs - ${SESSION_LIFE_MS}`;
    this.#find = database.prepare(`${found} AND hash = $hash`);
    this.#findById = database.prepare(`${found} AND session.id = $id`);
    this.#seen = database.prepare('UPDATE session SET seen_ms = $nowMs, address = $address WHERE id = $id');
    this.#ofUser = database.prepare(
      `SELECT id, created_ms AS createdMs, seen_ms AS seenMs, address, agent FROM session
       WHERE user_id = $userId AND seen_ms > $nowMs - ${SESSION_IDLE_MS} AND created_ms > $nowMs - ${SESSION_LIFE_MS}
       ORDER BY seen_ms DESC`,
    );
    this.#end = database.prepare('DELETE FROM session WHERE id = $id AND user_id = $userId RETURNING id');
    this.#endAll = database.prepare('DELETE FROM session WHERE user_id = $userId AND id <> $exceptId');
    this.#prune = database.prepare(
      `DELETE FROM session WHERE seen_ms <= $nowMs - ${SESSION_IDLE_MS} OR created_ms <= $nowMs - ${SESSION_LIFE_MS}`,
    );
    this.#pruneOfUser = database.prepare(
      `DELETE FROM session WHERE id IN
         (SELECT id FROM session WHERE user_id = $userId ORDER BY seen_ms DESC, id DESC LIMIT -1 OFFSET ${MOST_SESSIONS})`,
    );
  }

  /** @returns the secret for the cookie. */
  begin({ userId, address, agent }: NewSession): string {
    const secret = makeSecret();
    const nowMs = this.#clock.wallMs();
    this.#prune.run({ nowMs });
    this.#insert.run({
      hash: hashSecret(secret),
      userId,
      nowMs,
      address,
      agent: agent.slice(0, LONGEST_AGENT),
    });
    this.#pruneOfUser.run({ userId });
    return secret;
  }

  /** Whose it is; undefined when it has ended or never was. */
  find(secret: string, address: string): User | undefined {
    const nowMs = this.#clock.wallMs();
    const row = this.#find.get({ hash: hashSecret(secret), nowMs });
    if (row === undefined) return undefined;
    if (nowMs - row.seenMs >= SEEN_EVERY_MS) this.#seen.run({ id: row.id, nowMs, address });
    return userOf(row);
  }

  /** The same of one that was found before. */
  findAgain(id: number): User | undefined {
    const row = this.#findById.get({ id, nowMs: this.#clock.wallMs() });
    return row === undefined ? undefined : userOf(row);
  }

  ofUser(userId: number): readonly SessionRecord[] {
    return this.#ofUser.all({ userId, nowMs: this.#clock.wallMs() });
  }

  /** @returns whether there was such a session of that user. */
  end(id: number, userId: number): boolean {
    return this.#end.get({ id, userId }) !== undefined;
  }

  /** Ends all sessions of a user, but for one where that is given. */
  endAll(userId: number, exceptId = -1): void {
    this.#endAll.run({ userId, exceptId });
  }
}

function userOf({ id, userId, name, role, cameras }: FoundRow): User {
  return new User({
    id: userId,
    name,
    role,
    cameras: camerasOf(cameras),
    credential: { kind: 'session', id },
  });
}
