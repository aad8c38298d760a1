import { expect, test } from 'vitest';
import { ALL_EVENTS, eventFilterSearch, eventQuery, parseEventFilter } from './event-filter.ts';

test('an address holds the filter, and nothing for all events', () => {
  expect(eventFilterSearch(ALL_EVENTS)).toBe('');
  expect(parseEventFilter('')).toEqual(ALL_EVENTS);
  const filter = {
    show: 'kept',
    camera: 'front & back',
    cause: 'motion',
    day: '2026-11-28',
    text: 'ä',
  } as const;
  expect(parseEventFilter(eventFilterSearch(filter))).toEqual(filter);
});

test('what makes no sense in an address is left out', () => {
  expect(parseEventFilter('?show=x&day=2026-13-77')).toEqual(ALL_EVENTS);
  expect(parseEventFilter('?day=yesterday').day).toBe('');
});

test('asks the server for what the filter says, a day up to its end', () => {
  const filter = { ...ALL_EVENTS, show: 'unseen', camera: 'yard', day: '2026-11-28' } as const;
  const query = eventQuery(filter);
  expect(Object.fromEntries(query)).toEqual({
    unseen: 'true',
    camera: 'yard',
    to: String(new Date('2026-11-29T00:00:00').getTime()),
  });
});
