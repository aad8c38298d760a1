const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const MOST_REMEMBERED = 20_000;

/**
 * Wall clocks of a place. A local time is counted in ms as if it were UTC, so that its days and hours are found by
 * dividing; in autumn an hour of them comes twice, in spring one is left out.
 */
export class LocalTime {
  readonly timeZone: string;
  readonly #parts: Intl.DateTimeFormat;
  /** By quarter of an hour, since all changes lie on these; `Intl` takes microseconds each time. */
  readonly #offsets = new Map<number, number>();

  /** @param timeZone an IANA name. @throws RangeError for one that the browser does not know. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** How far local time is ahead of UTC. */
  offsetAt(ms: number): number {
    const quarter = Math.floor(ms / QUARTER_MS);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    if (this.#offsets.size >= MOST_REMEMBERED) this.#offsets.clear();
    const offset = this.#read(quarter * QUARTER_MS);
    this.#offsets.set(quarter, offset);
    return offset;
  }

  /** What clocks show. */
  localOf(ms: number): number {
    return ms + this.offsetAt(ms);
  }

  /** When clocks show this: once, twice in autumn, or never in spring. */
  momentsOf(localMs: number): readonly number[] {
    const offsets = new Set([this.offsetAt(localMs - DAY_MS), this.offsetAt(localMs + DAY_MS)]);
    return [...offsets]
      .map((offset) => localMs - offset)
      .filter((ms) => this.localOf(ms) === localMs)
      .toSorted((a, b) => a - b);
  }

  /** When the day begins in which this moment lies. */
  startOfDay(ms: number): number {
    const localMs = Math.floor(this.localOf(ms) / DAY_MS) * DAY_MS;
    // Where midnight is left out, the day begins where clocks go on.
    return this.momentsOf(localMs)[0] ?? localMs - this.offsetAt(localMs - DAY_MS);
  }

  /** When clocks were changed in a span, and by how much. */
  changes(fromMs: number, untilMs: number): readonly { readonly ms: number; readonly byMs: number }[] {
    const changes: { readonly ms: number; readonly byMs: number }[] = [];
    for (let ms = fromMs; ms < untilMs; ms += DAY_MS) {
      const endMs = Math.min(untilMs, ms + DAY_MS);
      const byMs = this.offsetAt(endMs) - this.offsetAt(ms);
      if (byMs !== 0) changes.push({ ms: this.#changeWithin(ms, endMs), byMs });
    }
    return changes;
  }

  #changeWithin(fromMs: number, untilMs: number): number {
    let [before, after] = [Math.floor(fromMs / QUARTER_MS), Math.ceil(untilMs / QUARTER_MS)];
    const offset = this.offsetAt(before * QUARTER_MS);
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetAt(middle * QUARTER_MS) === offset) before = middle;
      else after = middle;
    }
    return after * QUARTER_MS;
  }

  #read(ms: number): number {
    const found = new Map(this.#parts.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? 0;
    const localMs = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return localMs - ms;
  }
}
