/** Which events are shown. What is undefined lets all through. */
export interface EventFilter {
  readonly cameras: readonly string[];
  readonly show: 'all' | 'unseen' | 'kept';
  readonly cause: string | undefined;
  readonly zone: string | undefined;
  /** `2026-11-28`, where the cameras are: that day and those before it. */
  readonly day: string | undefined;
  /** In the note. */
  readonly text: string | undefined;
}

const SHOWN = ['unseen', 'kept'] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** @param search of an address. What makes no sense is left out. */
export function parseFilter(search: string): EventFilter {
  const parameters = new URLSearchParams(search);
  const get = (name: string): string | undefined => parameters.get(name)?.trim() || undefined;
  const day = get('day');
  return {
    cameras: [...new Set(parameters.getAll('camera').filter((camera) => camera !== ''))],
    show: SHOWN.find((one) => one === parameters.get('show')) ?? 'all',
    cause: get('cause'),
    zone: get('zone'),
    day: day !== undefined && DAY.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined,
    text: get('text'),
  };
}

/** The search of an address, with its `?`; empty where all are shown. */
export function filterSearch({ cameras, show, cause, zone, day, text }: EventFilter): string {
  const parameters = new URLSearchParams(cameras.map((camera) => ['camera', camera]));
  if (show !== 'all') parameters.set('show', show);
  for (const [name, value] of Object.entries({ cause, zone, day, text })) {
    if (value !== undefined && value !== '') parameters.set(name, value);
  }
  const search = parameters.toString();
  return search === '' ? '' : `?${search}`;
}

export function isFiltered(filter: EventFilter): boolean {
  return filterSearch(filter) !== '';
}

/** The query of `api/events`. @param dayEndMs when the chosen day ends, if one is chosen. */
export function filterQuery(filter: EventFilter, dayEndMs: number | undefined): URLSearchParams {
  const { cameras, show, cause, zone, text } = filter;
  const query = new URLSearchParams(cameras.map((camera) => ['camera', camera]));
  if (show === 'unseen') query.set('unseen', 'true');
  if (show === 'kept') query.set('kept', 'true');
  if (cause !== undefined) query.set('cause', cause);
  if (zone !== undefined) query.set('zone', zone);
  if (text !== undefined) query.set('text', text);
  if (dayEndMs !== undefined) query.set('to', String(dayEndMs));
  return query;
}
