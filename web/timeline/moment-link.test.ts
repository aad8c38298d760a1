import { expect, test } from 'vitest';
import { momentLink, parseMomentLink } from './moment-link.ts';

const AT = Date.UTC(2026, 10, 28, 3, 44, 58, 123);

test('an address holds cameras, moment and zoom, and gives them back', () => {
  const link = { cameras: ['yard', 'side & gate'], atMs: AT, spanMs: 3_600_000 };
  const search = momentLink(link);
  expect(search).toBe('?camera=yard&camera=side+%26+gate&at=2026-11-28T03:44:58.123Z&span=3600');
  expect(parseMomentLink(search)).toEqual(link);
});

test.each([
  ['', { cameras: [], atMs: undefined, spanMs: undefined }],
  ['?at=yesterday&span=-5&camera=', { cameras: [], atMs: undefined, spanMs: undefined }],
  ['?span=1e99&camera=a&camera=a', { cameras: ['a'], atMs: undefined, spanMs: undefined }],
])('what makes no sense in %j is left out', (search, link) => {
  expect(parseMomentLink(search)).toEqual(link);
});
