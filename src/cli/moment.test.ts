import { expect, test } from 'vitest';
import { parseMoment } from './moment.ts';

test('reads moments of footage', () => {
  const texts = ['75', '75.5', '1:15', '1:02:03.25', '0', '90:00'];
  expect(texts.map(parseMoment)).toEqual([75_000, 75_500, 75_000, 3_723_250, 0, 5_400_000]);
});

test('refuses what is none', () => {
  const texts = ['', '-1', '1:2:3:4', 'noon', '1.', '12:00:00Z', ':5'];
  expect(texts.map(parseMoment)).toEqual(texts.map(() => undefined));
});
