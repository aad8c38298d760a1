import { expect, test } from 'vitest';
import { burnText, clockText } from './burnt-clock.ts';
import { createI420 } from './i420.ts';

test('tells hours, minutes, seconds, tenths and the frame', () => {
  expect(clockText(0, 15)).toBe('00:00:00.0 000000');
  expect(clockText(111, 15)).toBe('00:00:07.4 000111');
  expect(clockText((3600 + 62) * 25 + 5, 25)).toBe('01:01:02.2 091555');
});

test('shows the tenth that has begun, also where the division is not exact', () => {
  for (let frame = 0; frame < 300; frame++) {
    expect(clockText(frame, 30).slice(0, 10)).toBe(clockText(frame * 2, 60).slice(0, 10));
  }
});

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
