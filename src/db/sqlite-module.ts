import { createRequire } from 'node:module';

/*
 * The part of the `node:sqlite` API that the index uses, which two modules offer: Node's own, and
 * `@photostructure/sqlite` for a Node without one or with one that may lose commits.
 */

export type SqlValue = number | string | Uint8Array | null;

/** By the names of the statement's parameters, without their prefix. */
export type SqlParameters = Readonly<Record<string, SqlValue>>;

export interface SqliteStatement {
  run(parameters: SqlParameters): unknown;
  get(parameters: SqlParameters): unknown;
  all(parameters: SqlParameters): unknown[];
}

export interface SqliteConnection {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options: { readonly timeout: number }) => SqliteConnection;
}

/** The first release without the race in which a checkpoint resets a WAL that holds new commits. */
const SOUND_SQLITE = [3, 51, 3];

/** Node's own SQLite where it is sound, else the packaged one. Loaded when first asked for: it is native code. */
export function loadSqlite(): SqliteModule {
  const { sqlite: version } = process.versions;
  // The modules' own types differ in nothing that the index uses.
  if (version !== undefined && isAtLeast(version, SOUND_SQLITE)) {
    return process.getBuiltinModule('node:sqlite') as SqliteModule;
  }
  return createRequire(import.meta.url)('@photostructure/sqlite') as SqliteModule;
}

/** Whether a version such as `3.51.3` is one or a later one. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const differing = least.findIndex((part, place) => parts[place] !== part);
  return differing === -1 || (parts[differing] ?? 0) > (least[differing] ?? 0);
}
