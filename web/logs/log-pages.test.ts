import { expect, test } from 'vitest';
import type { LogLine } from '../../src/http/api/logs.ts';
import { linesOf, MOST_FOLLOWED_LINES, withNewer } from './log-pages.ts';

function line(offset: number): LogLine {
  return { place: `a-${offset}`, atMs: offset, level: 'info', camera: null, text: String(offset) };
}

const KNOWN = {
  pages: [
    { lines: [line(30), line(20)], older: 'a-20', newest: 'a-40' },
    { lines: [line(10)], older: null, newest: null },
  ],
  pageParams: [undefined, 'a-20'],
};

test('what is written meanwhile comes before the rest', () => {
  const now = withNewer(KNOWN, { lines: [line(50), line(40)], older: null, newest: 'a-60' });
  expect(linesOf(now).map(({ place }) => place)).toEqual(['a-50', 'a-40', 'a-30', 'a-20', 'a-10']);
  expect(now.pages[0]?.newest).toBe('a-60');
  expect(now.pages[0]?.older).toBe('a-20');
});

test('nothing new changes nothing', () => {
  expect(withNewer(KNOWN, { lines: [], older: null, newest: 'a-40' })).toBe(KNOWN);
  expect(withNewer(KNOWN, { lines: [], older: null, newest: 'a-45' }).pages[0]?.newest).toBe('a-45');
});

test('a log that is followed for long does not grow without end, and what was let go can be had again', () => {
  const many = Array.from({ length: MOST_FOLLOWED_LINES }, (_, i) => line(100_000 - i));
  const now = withNewer(KNOWN, { lines: many, older: null, newest: 'a-100001' });
  expect(linesOf(now)).toHaveLength(MOST_FOLLOWED_LINES);
  expect(now.pages).toHaveLength(1);
  expect(now.pages[0]?.older).toBe(many.at(-1)?.place);
});
