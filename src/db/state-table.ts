import type { WallMs } from '../base/time.ts';
import type { Database, Statement } from './database.ts';

interface StateRow {
  readonly alive_at_ms: number | null;
  readonly is_leaving: number | null;
  readonly aged_to_ms: number | null;
}

/** What there is once. */
export class StateTable {
  readonly #putAlive: Statement<never>;
  readonly #putAged: Statement<never>;
  readonly #get: Statement<StateRow>;

  constructor(database: Database) {
    this.#putAlive = database.prepare(
      `INSERT INTO state (id, alive_at_ms, is_leaving) VALUES (1, $at_ms, $is_leaving)
       ON CONFLICT (id) DO UPDATE SET alive_at_ms = excluded.alive_at_ms, is_leaving = excluded.is_leaving`,
    );
    this.#putAged = database.prepare(
      `INSERT INTO state (id, aged_to_ms) VALUES (1, $to_ms)
       ON CONFLICT (id) DO UPDATE SET aged_to_ms = excluded.aged_to_ms`,
    );
    this.#get = database.prepare('SELECT alive_at_ms, is_leaving, aged_to_ms FROM state');
  }

  putAlive(atWallMs: WallMs, isLeaving: boolean): void {
    this.#putAlive.run({ at_ms: Math.round(atWallMs), is_leaving: isLeaving ? 1 : 0 });
  }

  putAged(toWallMs: WallMs): void {
    this.#putAged.run({ to_ms: Math.round(toWallMs) });
  }

  lastAlive(): { readonly atWallMs: WallMs; readonly isLeaving: boolean } | undefined {
    const { alive_at_ms: atMs = null, is_leaving: isLeaving } = this.#get.get() ?? {};
    return atMs === null ? undefined : { atWallMs: atMs as WallMs, isLeaving: isLeaving === 1 };
  }

  agedTo(): WallMs | undefined {
    return (this.#get.get()?.aged_to_ms ?? undefined) as WallMs | undefined;
  }
}
