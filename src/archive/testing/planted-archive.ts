import { join } from 'node:path';
import type { FileKey, SegmentRecord, VolumeRecord } from '../../db/records.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { loadSqlite } from '../../db/sqlite-module.ts';
import { allSegments } from '../index-rows.ts';
import { accessTo } from '../../db/index-access.ts';
import { forgotten } from '../settle-recording.ts';

/** An archive of one volume at which nobody is at work, to be damaged. */
export class PlantedArchive {
  readonly indexPath: string;
  readonly volume: VolumeRecord;

  constructor(indexPath: string, volume: VolumeRecord) {
    this.indexPath = indexPath;
    this.volume = volume;
  }

  /** The absolute path of a file. */
  readonly at = (path: string): string => join(this.volume.path, path);

  /** The recordings that the index knows, in order. */
  async recordings(): Promise<SegmentRecord[]> {
    return await this.#withIndex(async (index) => {
      const found: SegmentRecord[] = [];
      for await (const row of allSegments(accessTo(index))) found.push(row);
      return found;
    });
  }

  /** Takes the row of a recording out, and nothing else. */
  async forget(path: string): Promise<void> {
    await this.#withIndex((index) => index.apply(forgotten(this.#key(path))));
  }

  /** Leaves a recording for deletion. */
  async discard(path: string): Promise<void> {
    await this.#withIndex((index) =>
      index.apply([{ type: 'discard', files: [this.#key(path)], cause: 'retention' }]),
    );
  }

  /** Writes the row of a recording with something else in it; under another path if that is changed. */
  async change(path: string, change: (row: SegmentRecord) => Partial<SegmentRecord>): Promise<void> {
    await this.#withIndex((index) => {
      const row = index.segment(this.#key(path));
      if (row === undefined) throw new Error(`the index does not know ${path}`);
      index.apply([{ type: 'segment', segment: { ...row, ...change(row) } }]);
    });
  }

  /** Changes the database behind the index's back. */
  readonly sql = (sql: string): void => {
    const connection = new (loadSqlite().DatabaseSync)(this.indexPath, { timeout: 1_000 });
    connection.exec(sql);
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    connection.close();
  };

  #key(path: string): FileKey {
    return { volume: this.volume.id, path };
  }

  async #withIndex<T>(work: (index: SqliteIndex) => T | Promise<T>): Promise<T> {
    const index = SqliteIndex.open(this.indexPath);
    try {
      return await work(index);
    } finally {
      index.close();
    }
  }
}
