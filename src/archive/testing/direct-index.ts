import type { IndexWrite } from '../../db/index-write.ts';
import type { FileKey } from '../../db/archive-index.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';

type OldestQuery = Parameters<SqliteIndex['oldestSegments']>[0];

/** The real index without its thread, for tests. */
export class DirectIndex implements Disposable {
  readonly index: SqliteIndex;
  /** What fails waits here, as it does in the recorder's client, until somebody flushes. */
  failure: Error | undefined;
  readonly #waiting: IndexWrite[] = [];

  constructor(path: string) {
    this.index = SqliteIndex.open(path);
  }

  apply(writes: readonly IndexWrite[]): Promise<void> {
    const { failure } = this;
    if (failure === undefined) {
      this.index.apply(writes);
      return Promise.resolve();
    }
    this.#waiting.push(...writes);
    return Promise.reject(failure);
  }

  flush(): Promise<void> {
    this.index.apply(this.#waiting.splice(0));
    return Promise.resolve();
  }

  usage() {
    return Promise.resolve(this.index.usage());
  }

  oldestSegments(query: OldestQuery) {
    return Promise.resolve(this.index.oldestSegments(query));
  }

  garbage(): Promise<readonly FileKey[]> {
    return Promise.resolve(this.index.garbage());
  }

  agedTo() {
    return Promise.resolve(this.index.agedTo());
  }

  [Symbol.dispose](): void {
    this.index.close();
  }
}
