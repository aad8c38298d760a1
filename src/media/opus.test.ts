import { expect, test } from 'vitest';
import { opusTicks } from './opus.ts';

test.each([
  // SILK, 20 ms, one frame.
  [[0b0000_1000], 960],
  // CELT, 2.5 ms, two frames.
  [[0b1000_0001], 240],
  // Hybrid, 20 ms, six frames in a packet that counts them: the longest there is.
  [[0b0110_1011, 6], 5_760],
  [[0b1111_1011, 0b1000_0010], 1_920],
  [[], 0],
])('tells how long a packet lasts that begins with %j', (bytes, ticks) => {
  expect(opusTicks(Uint8Array.from(bytes))).toBe(ticks);
});
