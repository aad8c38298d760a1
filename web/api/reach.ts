/**
 * `opening`: for the first time; `sockets-refused`: the web server answers, but no WebSocket has come about since the page is open;
 * `server-lost`: the web server is not reached; `recorder-lost`: it is, the recorder behind it is not.
 */
export type Connection = 'opening' | 'fine' | 'sockets-refused' | 'server-lost' | 'recorder-lost';

export interface ReachOptions {
  /** Asks the server something by HTTP. */
  readonly isAnswering: () => Promise<boolean>;
  readonly tell: (connection: Connection) => void;
}

/** What a page reaches, by what becomes of its socket. */
export class Reach {
  readonly #options: ReachOptions;
  #hasOpened = false;

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  opened(): void {
    this.#hasOpened = true;
    this.#options.tell('fine');
  }

  async lost(): Promise<void> {
    const { isAnswering, tell } = this.#options;
    if (this.#hasOpened) tell('server-lost');
    // Also for its own sake: the socket may have been ended because nobody is signed in any more, or somebody who may less.
    const isThere = await isAnswering();
    if (!this.#hasOpened) tell(isThere ? 'sockets-refused' : 'server-lost');
  }

  recorder(isThere: boolean): void {
    this.#options.tell(isThere ? 'fine' : 'recorder-lost');
  }
}
