import type { WallMs } from '../base/time.ts';
import type { AccountDatabase, AccountStatement } from './account-database.ts';

/** A span of cameras that somebody wants as files. */
export interface ExportOrder {
  /** Letters, digits, `-` and `_`: also the name of its folder. */
  readonly id: string;
  readonly userId: number;
  /** The account's name. */
  readonly user: string;
  readonly createdWallMs: WallMs;
  readonly cameras: readonly string[];
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
  readonly gaps: 'skip' | 'keep';
}

export interface ExportFile {
  /** In the export's folder. */
  readonly name: string;
  readonly camera: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly lengthMs: number;
}

/** What is missing of an export, or went wrong. The message tells it in English; the kind and what stands beside it, to pages in any language. */
export type ExportProblem =
  | {
      readonly kind: 'not-recorded';
      readonly camera: string;
      readonly fromMs: number;
      readonly toMs: number;
      readonly message: string;
    }
  /** As a `PlaybackError`, or `failed`. */
  | {
      readonly kind: 'nothing' | 'outside' | 'missing' | 'damaged' | 'changed' | 'failed';
      /** Undefined where it is of none. */
      readonly camera?: string;
      readonly message: string;
    };

export interface ExportOutcome {
  readonly state: 'done' | 'failed';
  readonly files: readonly ExportFile[];
  readonly problems: readonly ExportProblem[];
}

export interface ExportRecord extends Omit<ExportOrder, 'userId'> {
  /** Undefined when the account is gone, even if another one has its name. */
  readonly userId: number | undefined;
  /** Undefined while it waits or is made. */
  readonly outcome: ExportOutcome | undefined;
}

interface ExportRow {
  readonly id: string;
  readonly user_id: number | null;
  readonly user: string;
  readonly created_ms: number;
  readonly cameras: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly gaps: 'skip' | 'keep';
  readonly outcome: string | null;
}

/** Exports that were asked for. */
export class ExportTable {
  readonly #add: AccountStatement<never>;
  readonly #setOutcome: AccountStatement<never>;
  readonly #remove: AccountStatement<never>;
  readonly #all: AccountStatement<ExportRow>;

  constructor(database: AccountDatabase) {
    this.#add = database.prepare(
      `INSERT INTO export (id, user_id, user, created_ms, cameras, from_ms, to_ms, gaps)
       VALUES ($id, $userId, $user, $createdMs, $cameras, $fromMs, $toMs, $gaps)`,
    );
    this.#setOutcome = database.prepare('UPDATE export SET outcome = $outcome WHERE id = $id');
    this.#remove = database.prepare('DELETE FROM export WHERE id = $id');
    this.#all = database.prepare('SELECT * FROM export ORDER BY created_ms DESC, id');
  }

  add({ id, userId, user, createdWallMs, cameras, fromWallMs, toWallMs, gaps }: ExportOrder): void {
    this.#add.run({
      id,
      userId,
      user,
      createdMs: Math.round(createdWallMs),
      cameras: JSON.stringify(cameras),
      fromMs: Math.round(fromWallMs),
      toMs: Math.round(toWallMs),
      gaps,
    });
  }

  setOutcome(id: string, outcome: ExportOutcome): void {
    this.#setOutcome.run({ id, outcome: JSON.stringify(outcome) });
  }

  remove(id: string): void {
    this.#remove.run({ id });
  }

  /** The newest first. */
  all(): readonly ExportRecord[] {
    return this.#all.all().map((row) => ({
      id: row.id,
      userId: row.user_id ?? undefined,
      user: row.user,
      createdWallMs: row.created_ms as WallMs,
      // As `add` and `setOutcome` wrote them.
      cameras: JSON.parse(row.cameras) as readonly string[],
      fromWallMs: row.from_ms as WallMs,
      toWallMs: row.to_ms as WallMs,
      gaps: row.gaps,
      outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as ExportOutcome),
    }));
  }
}
