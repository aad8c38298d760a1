/**
 * Does one thing at a time; of what is asked for meanwhile only the newest is done, as soon as what is under way ends. So a
 * pointer that moves faster than pictures come sees as many as the machine can show, and always the last one.
 */
export class NewestOnly<Request> {
  readonly #work: (request: Request) => Promise<void>;
  #next: { readonly request: Request } | undefined;
  #isBusy = false;

  /** @param work handles its own errors. */
  constructor(work: (request: Request) => Promise<void>) {
    this.#work = work;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  ask(request: Request): void {
    this.#next = { request };
    if (!this.#isBusy) void this.#run();
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.#next = undefined;
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#next; next !== undefined; next = this.#next) {
      this.#next = undefined;
      await this.#work(next.request);
    }
    this.#isBusy = false;
  }
}
