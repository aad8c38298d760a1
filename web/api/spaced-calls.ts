/** Calls something at once, and again after a while at the soonest: whatever is wanted meanwhile is one call then. */
export class SpacedCalls {
  readonly #spaceMs: number;
  readonly #waiting = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; next?: () => void }>();

  constructor(spaceMs: number) {
    this.#spaceMs = spaceMs;
  }

  /** @param name of what is called; others are called independently of it. */
  want(name: string, call: () => void): void {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) {
      waiting.next = call;
      return;
    }
    const timer = setTimeout(() => this.#goOn(name), this.#spaceMs);
    this.#waiting.set(name, { timer });
    call();
  }

  /** What is wanted still is not called any more. */
  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #goOn(name: string): void {
    const next = this.#waiting.get(name)?.next;
    this.#waiting.delete(name);
    if (next !== undefined) this.want(name, next);
  }
}
