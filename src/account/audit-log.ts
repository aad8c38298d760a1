import type { Clock } from '../base/clock.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { describeAuditDetail, type AuditDetail } from './audit-detail.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';

/**
 * `saw`: live pictures or recordings; `exported`: took footage away; `changed`, `deleted`: something of the recorder or its
 * recordings; `signed-in`, `signed-out`, `refused`: at the door.
 */
export const AUDIT_ACTIONS = [
  'saw',
  'exported',
  'changed',
  'deleted',
  'signed-in',
  'signed-out',
  'refused',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What somebody did. */
export interface AuditedAct {
  readonly action: AuditAction;
  readonly camera?: string;
  /** The same again soon is counted, not written anew. */
  readonly what: AuditDetail;
}

/** Who did it and from where. */
export interface AuditedActor {
  /** The name of the account; empty for one that is not there. */
  readonly user: string;
  /** The name of the token, where he used one. */
  readonly token?: string;
  readonly address: string;
}

export interface AuditEntry extends AuditedActor, Omit<AuditedAct, 'what'> {
  readonly id: number;
  /** In English, such as `live` or `event of 2026-11-27T13:05:10.000Z`. */
  readonly detail: string;
  /** The same for programs; undefined where it is very long, or was written down before there were kinds. */
  readonly what?: AuditDetail;
  readonly atWallMs: WallMs;
  /** Of the last of them. */
  readonly lastWallMs: WallMs;
  readonly times: number;
}

/** What is wanted; the newest come first. */
export interface AuditQuery {
  /** Only entries with smaller ids. */
  readonly beforeId?: number;
  readonly limit: number;
  readonly user?: string;
  readonly camera?: string;
  readonly action?: AuditAction;
}

/** Somebody who watches, or tries passwords, does it again and again: one entry for each such span. */
const SAME_WITHIN_MS = 600_000;
const KEPT_MS = 366 * 86_400_000;
const MOST_ENTRIES = 200_000;
const PRUNE_EVERY = 1_000;
const LONGEST_TEXT = 300;
/** As JSON: what many cameras take part in is told by its text alone, which is cut. */
const LONGEST_WHAT = 2_000;

interface Row {
  readonly id: number;
  readonly atMs: number;
  readonly lastMs: number;
  readonly times: number;
  readonly user: string;
  readonly token: string | null;
  readonly address: string;
  readonly action: AuditAction;
  readonly camera: string | null;
  readonly detail: string;
  readonly what: string | null;
}

/** Who saw, changed, exported and deleted what. Kept for a year. */
export class AuditLog {
  readonly #clock: Clock;
  readonly #again: AccountStatement<{ readonly id: number }>;
  readonly #count: AccountStatement<never>;
  readonly #insert: AccountStatement<never>;
  readonly #select: AccountStatement<Row>;
  readonly #prune: AccountStatement<never>;
  #sincePruned = PRUNE_EVERY;

  constructor(database: AccountDatabase, clock: Clock) {
    this.#clock = clock;
    this.#again = database.prepare(
      `SELECT id FROM audit WHERE at_ms > $sinceMs AND user = $user AND token IS $token AND address = $address
         AND action = $action AND camera IS $camera AND detail = $detail ORDER BY id DESC LIMIT 1`,
    );
    this.#count = database.prepare('UPDATE audit SET times = times + 1, last_ms = $atMs WHERE id = $id');
    this.#insert = database.prepare(
      `INSERT INTO audit (at_ms, last_ms, times, user, token, address, action, camera, detail, what)
       VALUES ($atMs, $atMs, 1, $user, $token, $address, $action, $camera, $detail, $what)`,
    );
    this.#select = database.prepare(
      `SELECT id, at_ms AS atMs, last_ms AS lastMs, times, user, token, address, action, camera, detail, what
       FROM audit
       WHERE id < $beforeId AND ($user IS NULL OR user = $user COLLATE NOCASE)
         AND ($camera IS NULL OR camera = $camera) AND ($action IS NULL OR action = $action)
       ORDER BY id DESC LIMIT $limit`,
    );
    this.#prune = database.prepare(
      `DELETE FROM audit WHERE at_ms < $sinceMs OR id <= (SELECT max(id) FROM audit) - ${MOST_ENTRIES}`,
    );
  }

  record(actor: AuditedActor, act: AuditedAct): void {
    const atMs = this.#clock.wallMs();
    const entry = {
      user: cut(actor.user),
      token: actor.token ?? null,
      address: actor.address,
      action: act.action,
      camera: act.camera === undefined ? null : cut(act.camera),
      detail: cut(describeAuditDetail(act.what)),
    };
    const again = this.#again.get({ ...entry, sinceMs: atMs - SAME_WITHIN_MS });
    if (again === undefined) this.#insert.run({ ...entry, what: jsonOf(act.what), atMs });
    else this.#count.run({ id: again.id, atMs });
    this.#pruneSometimes(atMs);
  }

  entries({
    beforeId = Number.MAX_SAFE_INTEGER,
    limit,
    user,
    camera,
    action,
  }: AuditQuery): readonly AuditEntry[] {
    return this.#select
      .all({ beforeId, limit, user: user ?? null, camera: camera ?? null, action: action ?? null })
      .map(({ atMs, lastMs, token, camera: seen, what, ...entry }) => ({
        ...entry,
        atWallMs: wallMs(atMs),
        lastWallMs: wallMs(lastMs),
        ...(token === null ? {} : { token }),
        ...(seen === null ? {} : { camera: seen }),
        // As it was written below.
        ...(what === null ? {} : { what: JSON.parse(what) as AuditDetail }),
      }));
  }

  #pruneSometimes(atMs: number): void {
    this.#sincePruned += 1;
    if (this.#sincePruned < PRUNE_EVERY) return;
    this.#sincePruned = 0;
    this.#prune.run({ sinceMs: atMs - KEPT_MS });
  }
}

function jsonOf(what: AuditDetail): string | null {
  const json = JSON.stringify(what);
  return json.length > LONGEST_WHAT ? null : json;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}
