/** A short message about what was just done, at the window's edge. */
export interface Toast {
  readonly id: number;
  readonly tone: 'plain' | 'error';
  readonly message: string;
}

/** The toasts on show; outside of React, for mutations and players tell of themselves too. */
export class ToastStore {
  #toasts: readonly Toast[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  readonly get = (): readonly Toast[] => this.#toasts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly show = (message: string, tone: Toast['tone'] = 'plain'): void => {
    const toast = { id: ++this.#lastId, tone, message };
    // The same again replaces the former.
    this.#set([...this.#toasts.filter((each) => each.message !== message), toast]);
  };

  readonly dismiss = (id: number): void => this.#set(this.#toasts.filter((each) => each.id !== id));

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}
