import { expect, test } from 'vitest';
import { browserName } from './browser-name.ts';

test('a browser and its system are told from what it says of itself', () => {
  expect(
    browserName('Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'),
  ).toBe('Firefox, Windows');
  expect(
    browserName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari, iOS');
  expect(
    browserName(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    ),
  ).toBe('Edge, Windows');
});

test('a program that is no browser has no name of one', () => {
  expect(browserName('curl/8.5.0')).toBeUndefined();
  expect(browserName('')).toBeUndefined();
});
