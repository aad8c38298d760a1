import { expect, test } from 'vitest';
import { languageOf, localeOf } from './language.ts';

test('the first of the wished languages that we have is taken, and English where we have none', () => {
  expect(languageOf('system', ['fr-FR', 'de-CH', 'en'])).toBe('de');
  expect(languageOf('system', ['ja'])).toBe('en');
  expect(languageOf('de', ['en-GB'])).toBe('de');
});

test('times and numbers follow the country that is wished with the language', () => {
  expect(localeOf('en', ['de', 'en-GB'])).toBe('en-GB');
  expect(localeOf('de', ['en-GB'])).toBe('de');
});
