import type { EventsAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import { compareEvents, eventOfKey, keyOf, type EventName } from './event-key.ts';

export interface EventListState {
  /** The newest first. */
  readonly events: readonly EventSummaryJson[];
  /** Whether the oldest is among them. */
  readonly isWhole: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
}

/** Asks for a page. @param after `next` of the page before; undefined for the newest. */
export type AskPage = (after: string | undefined) => Promise<EventsAnswer>;

/**
 * The events that a filter lets through, loaded page by page, and kept true at their newest end; those further down change only by
 * what is done to them here. A page costs what it holds, not what was loaded before.
 */
export class EventList {
  readonly #ask: AskPage;
  readonly #listeners = new Set<() => void>();
  /** What was changed here stays in sight, also where the filter would not let it through any more. */
  readonly #touched = new Set<string>();
  #next: string | undefined;
  #loading: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #isStale = false;
  #state: EventListState = { events: [], isWhole: false, isLoading: false, error: undefined };

  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  readonly state = (): EventListState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loads the next page, if there is one. Resolves when it has come, or the one that was on its way, or none. */
  async loadMore(): Promise<void> {
    if (this.#state.isWhole) return;
    this.#loading ??= this.#loadNext();
    await this.#loading;
  }

  /** Loads page by page as long as somebody listens. @returns the oldest event, if there is one and nothing failed. */
  async loadAll(): Promise<EventName | undefined> {
    while (!this.#state.isWhole) {
      // oxlint-disable-next-line no-await-in-loop -- a page tells where the next one begins.
      await this.loadMore();
      if (this.#state.error !== undefined || this.#listeners.size === 0) return undefined;
    }
    return this.#state.events.at(-1);
  }

  /** Asks for the newest page anew; asked again meanwhile, once more. A page that does not come is left for the next time. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    this.#refreshing ??= this.#refreshWhileStale();
    await this.#refreshing;
  }

  /** What is known of some to be another way now. */
  change(keys: ReadonlySet<string>, changed: Partial<EventSummaryJson>): void {
    for (const key of keys) this.#touched.add(key);
    this.#set({
      events: this.#state.events.map((event) => (keys.has(keyOf(event)) ? { ...event, ...changed } : event)),
    });
  }

  remove(keys: ReadonlySet<string>): void {
    this.#set({ events: this.#state.events.filter((event) => !keys.has(keyOf(event))) });
  }

  async #loadNext(): Promise<void> {
    this.#set({ isLoading: true, error: undefined });
    try {
      const { events, next } = await this.#nextPage();
      // The newest may have been refreshed meanwhile.
      const last = this.#state.events.at(-1);
      const further = events.filter((event) => last === undefined || compareEvents(event, last) > 0);
      this.#set({
        events: [...this.#state.events, ...further],
        isWhole: next === null,
        isLoading: false,
      });
    } catch (error) {
      this.#set({ isLoading: false, error });
    } finally {
      this.#loading = undefined;
    }
  }

  async #refreshWhileStale(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#merge(await this.#ask(undefined));
      }
    } catch {
      // The connection is told to be lost elsewhere, and all is asked anew when it is back.
    } finally {
      this.#refreshing = undefined;
    }
  }

  /**
   * A filter may let nothing through for so long that the server answers with an empty page first. Where the list has begun anew
   * meanwhile, another page is the next one.
   */
  async #nextPage(): Promise<EventsAnswer> {
    for (;;) {
      const from = this.#next;
      const page = await this.#ask(from);
      if (from !== this.#next) continue;
      this.#next = page.next ?? undefined;
      if (page.events.length > 0 || page.next === null || this.#listeners.size === 0) return page;
    }
  }

  #merge({ events: newest, next }: EventsAnswer): void {
    if (newest.length === 0 && next !== null) return;
    const known = new Set(newest.map(keyOf));
    const { events } = this.#state;
    const end = next === null ? undefined : eventOfKey(next);
    const found = events.findIndex((event) => end !== undefined && compareEvents(event, end) > 0);
    const firstFurther = found < 0 ? events.length : found;
    const stay = events
      .slice(0, firstFurther)
      .filter((event) => !known.has(keyOf(event)) && this.#touched.has(keyOf(event)));
    const near = [...newest, ...stay].toSorted(compareEvents);
    // With so much that is new that it does not reach to what is known, something may be missing in between.
    const beginsAnew = next === null || firstFurther === 0;
    if (beginsAnew) this.#next = next ?? undefined;
    this.#set(
      beginsAnew
        ? { events: near, isWhole: next === null }
        : { events: [...near, ...events.slice(firstFurther)] },
    );
  }

  #set(changed: Partial<EventListState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
