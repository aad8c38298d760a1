import type { ReadPacer } from './read-pacer.ts';

/** What can be read in turns. */
export interface PacedConnection {
  /** From now on reads in the pacer's turns, or at once what comes. */
  readInTurns(pacer: ReadPacer | undefined): void;
}

/**
 * How one stream is read, over all its connections: in the turns of its process, or as it comes while somebody waits
 * for its pictures.
 */
export class StreamPace {
  readonly #pacer: ReadPacer;
  #connection: PacedConnection | undefined;
  #waiting = 0;

  constructor(pacer: ReadPacer) {
    this.#pacer = pacer;
  }

  /** Reads as it comes until disposed of. */
  hurry(): Disposable {
    this.#waiting += 1;
    if (this.#waiting === 1) this.#apply();
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#apply();
      },
    };
  }

  /** Media flows over this connection from now on. */
  begin(connection: PacedConnection): void {
    this.#connection = connection;
    this.#apply();
  }

  /** No more media over that connection: what it still says is read as it comes. */
  end(connection: PacedConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    connection.readInTurns(undefined);
  }

  #apply(): void {
    this.#connection?.readInTurns(this.#waiting > 0 ? undefined : this.#pacer);
  }
}
