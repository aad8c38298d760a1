import type { TimelineEvent } from './archive-index.ts';
import type { Database, Statement } from './database.ts';
import { IndexError } from './index-error.ts';

/** What an event is about. */
export type Label = Pick<TimelineEvent, 'causes' | 'zones'>;

interface LabelRow {
  readonly causes: string;
  readonly zones: string;
}

/** There are few different ones, but where zones are renamed all the time. */
const MOST_REMEMBERED = 1_000;

/** Numbers what events are about. */
export class LabelTable {
  readonly #find: Statement<{ readonly id: number }>;
  readonly #add: Statement<never>;
  readonly #get: Statement<LabelRow>;
  readonly #with: Statement<{ readonly id: number }>;
  /** Rows never change, and only committed ones are asked for. */
  readonly #known = new Map<number, Label>();

  constructor(database: Database) {
    this.#find = database.prepare('SELECT id FROM label WHERE causes = $causes AND zones = $zones');
    this.#add = database.prepare('INSERT INTO label (causes, zones) VALUES ($causes, $zones)');
    this.#get = database.prepare('SELECT causes, zones FROM label WHERE id = $id');
    this.#with = database.prepare(
      `SELECT id FROM label WHERE ($cause IS NULL OR $cause IN (SELECT value FROM json_each(causes)))
       AND ($zone IS NULL OR $zone IN (SELECT value FROM json_each(zones)))`,
    );
  }

  /** Adds it where it is new. */
  labelId({ causes, zones }: Label): number {
    const row = { causes: JSON.stringify(causes), zones: JSON.stringify(zones) };
    const found = this.#find.get(row);
    if (found !== undefined) return found.id;
    this.#add.run(row);
    return this.labelId({ causes, zones });
  }

  /** The numbers of those that have this cause and this zone; null for any. */
  withBoth(cause: string | null, zone: string | null): readonly number[] {
    return this.#with.all({ cause, zone }).map(({ id }) => id);
  }

  /** The same objects for the same number, as long as it is remembered. @throws IndexError `damaged` where there is none. */
  get(id: number): Label {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#get.get({ id });
    if (row === undefined) throw new IndexError('damaged', `reading an event: its label ${id} is missing`);
    // As `labelId` wrote them.
    const label = {
      causes: JSON.parse(row.causes) as readonly string[],
      zones: JSON.parse(row.zones) as readonly string[],
    };
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(id, label);
    return label;
  }
}
