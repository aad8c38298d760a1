import { expect, test } from 'vitest';
import { clockText } from './burnt-clock.ts';

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
