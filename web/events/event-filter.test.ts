import { expect, test } from 'vitest';
import { filterQuery, filterSearch, isFiltered, parseFilter } from './event-filter.ts';

test('a filter is read from an address as it was written into it', () => {
  const filter = {
    cameras: ['front', 'back & side'],
    show: 'unseen',
    cause: 'motion',
    zone: 'drive',
    day: '2026-11-28',
    text: 'a post?',
  } as const;
  expect(parseFilter(filterSearch(filter))).toEqual(filter);
  expect(filterSearch(parseFilter(''))).toBe('');
  expect(isFiltered(parseFilter('?show=kept'))).toBe(true);
});

test('what makes no sense in an address is left out', () => {
  const filter = parseFilter('?camera=&show=everything&day=2026-13-99&text=%20&camera=a&camera=a');
  expect(filterSearch(filter)).toBe('?camera=a');
});

test('the server is asked for what the filter says', () => {
  const filter = parseFilter('?camera=a&show=unseen&day=2026-11-28&zone=drive');
  expect(filterQuery(filter, 2).toString()).toBe('camera=a&unseen=true&zone=drive&to=2');
});
