import { expect, test } from 'vitest';
import { errors } from '../text/de/errors.ts';
import { makeFormat } from '../text/format.ts';
import { ApiError, type ToldReason } from './api-error.ts';
import { errorText } from './error-text.ts';

const GERMAN = makeFormat('de-DE');

function told(reason: ToldReason): string {
  return errorText(new ApiError('refused', "the server's words", { reason }), errors, GERMAN);
}

test('a reason is told in the language of the page, with what it says of this case', () => {
  expect(told({ code: 'password-length', least: 10, most: 200 })).toBe(
    'Ein Passwort hat 10 bis 200 Zeichen.',
  );
  expect(told({ code: 'throttled', waitMs: 64_000 })).toContain('in 1 min 4 s');
  expect(told({ code: 'expected-duration', leastMs: 500, mostMs: 300_000 })).toBe(
    'Erlaubt sind 0,5 s bis 5 min.',
  );
});

test('what has no reason, or one that the page does not know, is told in the words of the server', () => {
  expect(errorText(new ApiError('refused', 'Expected a port.'), errors, GERMAN)).toBe('Expected a port.');
  // As of a server that is newer than the page.
  const reason = { code: 'of-tomorrow' } as unknown as ToldReason;
  expect(told(reason)).toBe("the server's words");
});
