import type { Database, Statement } from './database.ts';
import type { FileKey } from './records.ts';

/** Files that the index has given up and that are still to be deleted. */
export class GarbageTable {
  readonly #add: Statement<never>;
  readonly #delete: Statement<never>;
  readonly #all: Statement<FileKey>;

  constructor(database: Database) {
    this.#add = database.prepare(
      'INSERT INTO garbage (volume_id, path) VALUES ($volume_id, $path) ON CONFLICT DO NOTHING',
    );
    this.#delete = database.prepare('DELETE FROM garbage WHERE volume_id = $volume_id AND path = $path');
    this.#all = database.prepare(
      `SELECT identity AS volume, garbage.path AS path FROM garbage JOIN volume ON volume.id = volume_id
       ORDER BY identity, garbage.path`,
    );
  }

  add(volumeId: number, path: string): void {
    this.#add.run({ volume_id: volumeId, path });
  }

  /** It has been deleted, or is a segment again. */
  delete(volumeId: number, path: string): void {
    this.#delete.run({ volume_id: volumeId, path });
  }

  all(): readonly FileKey[] {
    return this.#all.all().map(({ volume, path }) => ({ volume, path }));
  }
}
