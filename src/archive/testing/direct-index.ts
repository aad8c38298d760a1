import { accessTo, type IndexAccess } from '../../db/index-access.ts';
import type { IndexWrite } from '../../db/index-write.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';

/** The real index without its thread. What fails waits until somebody flushes, as it does in the recorder's client. */
export class DirectIndex implements Disposable {
  readonly index: SqliteIndex;
  readonly access: IndexAccess;
  failure: Error | undefined;
  readonly #waiting: IndexWrite[] = [];

  constructor(path: string) {
    this.index = SqliteIndex.open(path);
    this.access = accessTo(this.index);
  }

  async apply(writes: readonly IndexWrite[]): Promise<void> {
    if (this.failure === undefined) return await this.access.apply(writes);
    this.#waiting.push(...writes);
    throw this.failure;
  }

  async flush(): Promise<void> {
    await this.access.apply(this.#waiting.splice(0));
  }

  [Symbol.dispose](): void {
    this.index.close();
  }
}
