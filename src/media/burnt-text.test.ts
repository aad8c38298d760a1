import { expect, test } from 'vitest';
import { burnText } from './burnt-text.ts';
import { createI420 } from './i420.ts';

test('burns light dots on a dark panel in the corner and touches nothing else', () => {
  const picture = createI420(640, 360);
  picture.y.fill(120);
  burnText(picture, '8');
  expect(picture.y[7 * 640 + 6]).toBe(205);
  expect(picture.y[6 * 640 + 6]).toBe(38);
  expect(picture.y[100 * 640 + 100]).toBe(120);
});

test('stays inside a picture too small for the text', () => {
  const picture = createI420(16, 16);
  burnText(picture, '00:00:00.0 000000');
  expect(picture.y.length).toBe(256);
});

test('stands where it is told, in dots of the size asked for', () => {
  const picture = createI420(64, 64);
  picture.y.fill(120);
  burnText(picture, 'I', { leftPx: 20, topPx: 30, dotPx: 2 });
  // The first row of an I is its middle three dots.
  expect([...picture.y.subarray(30 * 64 + 20, 30 * 64 + 30)]).toEqual([
    38,
    38,
    ...Array(6).fill(205),
    38,
    38,
  ]);
  expect(picture.y[31 * 64 + 22]).toBe(205);
  expect(picture.y[23 * 64 + 20]).toBe(120);
});
