import type { WallMs } from '../base/time.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';

/** Names an event. */
export interface EventKey {
  readonly camera: string;
  readonly triggerWallMs: WallMs;
}

export interface EventNote {
  readonly text: string;
  /** The account's name. */
  readonly author: string;
  readonly atWallMs: WallMs;
}

/** What people remember of events: who has seen which, and notes. */
export class EventMarks {
  readonly #database: AccountDatabase;
  readonly #seenUntil: AccountStatement<{ readonly until_ms: number }>;
  readonly #setSeenUntil: AccountStatement<never>;
  readonly #exceptions: AccountStatement<{ readonly is_seen: number }>;
  readonly #setException: AccountStatement<never>;
  readonly #clearExceptions: AccountStatement<never>;
  readonly #note: AccountStatement<{
    readonly text: string;
    readonly author: string;
    readonly at_ms: number;
  }>;
  readonly #setNote: AccountStatement<never>;
  readonly #removeNote: AccountStatement<never>;
  readonly #search: AccountStatement<{ readonly camera: string; readonly trigger_ms: number }>;

  constructor(database: AccountDatabase) {
    this.#database = database;
    this.#seenUntil = database.prepare('SELECT until_ms FROM seen_until WHERE user_id = $userId');
    this.#setSeenUntil = database.prepare(
      `INSERT INTO seen_until (user_id, until_ms) VALUES ($userId, $untilMs)
       ON CONFLICT (user_id) DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`,
    );
    this.#exceptions = database.prepare(
      'SELECT is_seen FROM event_seen WHERE user_id = $userId AND camera = $camera AND trigger_ms = $triggerMs',
    );
    this.#setException = database.prepare(
      `INSERT INTO event_seen (user_id, camera, trigger_ms, is_seen) VALUES ($userId, $camera, $triggerMs, $isSeen)
       ON CONFLICT (user_id, camera, trigger_ms) DO UPDATE SET is_seen = excluded.is_seen`,
    );
    this.#clearExceptions = database.prepare(
      'DELETE FROM event_seen WHERE user_id = $userId AND trigger_ms < $untilMs',
    );
    this.#note = database.prepare(
      'SELECT text, author, at_ms FROM event_note WHERE camera = $camera AND trigger_ms = $triggerMs',
    );
    this.#setNote = database.prepare(
      `INSERT INTO event_note (camera, trigger_ms, text, author, at_ms)
       VALUES ($camera, $triggerMs, $text, $author, $atMs)
       ON CONFLICT (camera, trigger_ms) DO UPDATE SET
         text = excluded.text, author = excluded.author, at_ms = excluded.at_ms`,
    );
    this.#removeNote = database.prepare(
      'DELETE FROM event_note WHERE camera = $camera AND trigger_ms = $triggerMs',
    );
    this.#search = database.prepare(
      `SELECT camera, trigger_ms FROM event_note WHERE instr(lower(text), lower($text)) > 0
       ORDER BY trigger_ms DESC, camera LIMIT $limit`,
    );
  }

  isSeen(userId: number, event: EventKey): boolean {
    const exception = this.#exceptions.get({ userId, ...row(event) });
    if (exception !== undefined) return exception.is_seen === 1;
    return event.triggerWallMs < (this.#seenUntil.get({ userId })?.until_ms ?? 0);
  }

  setSeen(userId: number, event: EventKey, isSeen: boolean): void {
    this.#setException.run({ userId, ...row(event), isSeen: isSeen ? 1 : 0 });
  }

  /** All that began before then are seen. */
  setAllSeen(userId: number, untilWallMs: WallMs): void {
    this.#database.transaction(() => {
      this.#setSeenUntil.run({ userId, untilMs: Math.round(untilWallMs) });
      this.#clearExceptions.run({ userId, untilMs: Math.round(untilWallMs) });
    });
  }

  note(event: EventKey): EventNote | undefined {
    const found = this.#note.get(row(event));
    return found && { text: found.text, author: found.author, atWallMs: found.at_ms as WallMs };
  }

  /** An empty text takes the note away. */
  setNote(event: EventKey, { text, author, atWallMs }: EventNote): void {
    if (text === '') this.#removeNote.run(row(event));
    else this.#setNote.run({ ...row(event), text, author, atMs: Math.round(atWallMs) });
  }

  /** Events whose notes hold the text, in whatever case; the newest first. */
  search(text: string, limit: number): readonly EventKey[] {
    return this.#search
      .all({ text, limit })
      .map(({ camera, trigger_ms }) => ({ camera, triggerWallMs: trigger_ms as WallMs }));
  }
}

function row({ camera, triggerWallMs }: EventKey) {
  return { camera, triggerMs: Math.round(triggerWallMs) };
}
