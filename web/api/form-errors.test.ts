import { expect, test } from 'vitest';
import { fieldOf } from './form-errors.ts';

const FIELDS = ['web.port', 'web.trustedProxies', 'cameras.front', 'cameras.front.url'];

test.each([
  ['web.port', 'web.port'],
  ['web.trustedProxies.1', 'web.trustedProxies'],
  ['cameras.front.url', 'cameras.front.url'],
])('what is wrong with %s is told at the field %s', (named, field) => {
  expect(fieldOf(named, FIELDS)).toBe(field);
});

test.each(['cameras.front.subUrl', 'web', undefined])('%s is none of the fields', (named) => {
  expect(fieldOf(named, FIELDS)).toBeUndefined();
});
