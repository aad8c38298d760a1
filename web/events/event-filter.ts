/** Which events are shown, as the page's address holds it. */
export interface EventFilter {
  readonly show: 'all' | 'unseen' | 'kept';
  /** Empty: all. */
  readonly camera: string;
  readonly cause: string;
  /** `yyyy-mm-dd`: that day and those before it; empty: up to now. */
  readonly day: string;
  readonly text: string;
}

export const ALL_EVENTS: EventFilter = { show: 'all', camera: '', cause: '', day: '', text: '' };

/** @param search of an address. What makes no sense is left out. */
export function parseEventFilter(search: string): EventFilter {
  const parameters = new URLSearchParams(search);
  const show = parameters.get('show');
  const day = parameters.get('day') ?? '';
  return {
    show: show === 'unseen' || show === 'kept' ? show : 'all',
    camera: parameters.get('camera') ?? '',
    cause: parameters.get('cause') ?? '',
    day: /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(startOfNextDay(day)) ? day : '',
    text: (parameters.get('text') ?? '').slice(0, 200),
  };
}

/** The search of an address, with its `?`; empty for all events. */
export function eventFilterSearch(filter: EventFilter): string {
  const parameters = new URLSearchParams();
  for (const name of ['show', 'camera', 'cause', 'day', 'text'] as const) {
    if (filter[name] !== ALL_EVENTS[name]) parameters.set(name, filter[name]);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** What `api/events` is asked. */
export function eventQuery({ show, camera, cause, day, text }: EventFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (show === 'unseen') query.set('unseen', 'true');
  if (show === 'kept') query.set('kept', 'true');
  if (camera !== '') query.set('camera', camera);
  if (cause !== '') query.set('cause', cause);
  if (day !== '') query.set('to', String(startOfNextDay(day)));
  if (text !== '') query.set('text', text);
  return query;
}

/** In the browser's time zone; NaN for no day. */
function startOfNextDay(day: string): number {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date.getTime();
}
