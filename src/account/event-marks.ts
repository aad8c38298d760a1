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

/** What is remembered of some events. */
export interface MarksOfEvents {
  isSeen(event: EventKey): boolean;
  note(event: EventKey): EventNote | undefined;
}

/** What people remember of events: who has seen which, and notes. */
export class EventMarks {
  readonly #database: AccountDatabase;
  readonly #seenUntil: AccountStatement<{ readonly until_ms: number }>;
  readonly #setSeenUntil: AccountStatement<never>;
  readonly #exceptions: AccountStatement<KeyRow & { readonly is_seen: number }>;
  readonly #setException: AccountStatement<never>;
  readonly #clearExceptions: AccountStatement<never>;
  readonly #notes: AccountStatement<
    KeyRow & { readonly text: string; readonly author: string; readonly at_ms: number }
  >;
  readonly #setNote: AccountStatement<never>;
  readonly #removeNote: AccountStatement<never>;
  readonly #search: AccountStatement<KeyRow>;

  constructor(database: AccountDatabase) {
    this.#database = database;
    this.#seenUntil = database.prepare('SELECT until_ms FROM seen_until WHERE user_id = $userId');
    this.#setSeenUntil = database.prepare(
      `INSERT INTO seen_until (user_id, until_ms) VALUES ($userId, $untilMs)
       ON CONFLICT (user_id) DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)`,
    );
    const ofExtent =
      'camera IN (SELECT value FROM json_each($cameras)) AND trigger_ms BETWEEN $fromMs AND $untilMs';
    this.#exceptions = database.prepare(
      `SELECT camera, trigger_ms, is_seen FROM event_seen WHERE user_id = $userId AND ${ofExtent}`,
    );
    this.#setException = database.prepare(
      `INSERT INTO event_seen (user_id, camera, trigger_ms, is_seen) VALUES ($userId, $camera, $triggerMs, $isSeen)
       ON CONFLICT (user_id, camera, trigger_ms) DO UPDATE SET is_seen = excluded.is_seen`,
    );
    this.#clearExceptions = database.prepare(
      'DELETE FROM event_seen WHERE user_id = $userId AND trigger_ms < $untilMs',
    );
    this.#notes = database.prepare(
      `SELECT camera, trigger_ms, text, author, at_ms FROM event_note WHERE ${ofExtent}`,
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

  /** What somebody remembers of these events. Read all at once: one by one takes most of the time of a list of hundreds. */
  of(userId: number, events: readonly EventKey[]): MarksOfEvents {
    const extent = extentOf(events);
    const seenUntilMs = this.#seenUntil.get({ userId })?.until_ms ?? 0;
    const exceptions = new Map(
      this.#exceptions.all({ userId, ...extent }).map((found) => [keyOf(found), found.is_seen === 1]),
    );
    const notes = new Map(
      this.#notes
        .all(extent)
        .map((found) => [
          keyOf(found),
          { text: found.text, author: found.author, atWallMs: found.at_ms as WallMs },
        ]),
    );
    return {
      isSeen: (event) => exceptions.get(keyOf(keyRow(event))) ?? event.triggerWallMs < seenUntilMs,
      note: (event) => notes.get(keyOf(keyRow(event))),
    };
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

interface KeyRow {
  readonly camera: string;
  readonly trigger_ms: number;
}

function keyRow({ camera, triggerWallMs }: EventKey): KeyRow {
  return { camera, trigger_ms: Math.round(triggerWallMs) };
}

function keyOf({ camera, trigger_ms }: KeyRow): string {
  return `${trigger_ms}:${camera}`;
}

function row({ camera, triggerWallMs }: EventKey) {
  return { camera, triggerMs: Math.round(triggerWallMs) };
}

/** Among which cameras and triggers some events lie; without any, among none. */
function extentOf(events: readonly EventKey[]) {
  const triggersMs = events.map(({ triggerWallMs }) => Math.round(triggerWallMs));
  return {
    cameras: JSON.stringify([...new Set(events.map(({ camera }) => camera))]),
    fromMs: triggersMs.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER),
    untilMs: triggersMs.reduce((a, b) => Math.max(a, b), 0),
  };
}
