import { expect, test } from 'vitest';
import { Steering } from './steering.ts';

/** What is done with a packet each 20 ms, all as late as this. */
function steps(lateSeconds: number, count: number) {
  const steering = new Steering();
  return Array.from({ length: count }, (_, i) => steering.next(i * 0.02, lateSeconds));
}

test('leaves sound alone that is within a few milliseconds of its time', () => {
  expect(new Set(steps(0.002, 200).map(({ kind }) => kind))).toEqual(new Set(['on']));
});

test('stretches sound by half a hundredth at most, once a second', () => {
  const stretched = steps(0.03, 151).filter((step) => step.kind === 'stretch');
  expect(stretched.length).toBeGreaterThanOrEqual(2);
  expect(stretched.length).toBeLessThanOrEqual(4);
  for (const { bySeconds } of stretched) expect(bySeconds).toBeLessThanOrEqual(0.005);
});

test('fills what is missing, and begins anew where more than two seconds are', () => {
  expect(steps(0.5, 1)).toEqual([{ kind: 'fill', seconds: 0.5 }]);
  expect(steps(2.5, 1)).toEqual([{ kind: 'anew' }]);
  expect(steps(-2.5, 1)).toEqual([{ kind: 'anew' }]);
});

test('leaves out sound of a time for which there was sound, until it is in step', () => {
  const steering = new Steering();
  const kinds = [-0.06, -0.04, -0.02, 0, -0.02].map((late, i) => steering.next(i, late).kind);
  expect(kinds).toEqual(['leave-out', 'leave-out', 'leave-out', 'on', 'on']);
});

test('a packet that comes out of step alone changes nothing', () => {
  const steering = new Steering();
  const kinds = Array.from({ length: 100 }, (_, i) => steering.next(i * 0.02, i === 50 ? 0.03 : 0).kind);
  expect(new Set(kinds)).toEqual(new Set(['on']));
});
