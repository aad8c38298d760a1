import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaTicks } from '../base/time.ts';
import { DtsEstimator } from './dts.ts';

const FRAME = 3_600;

function estimate(depth: number | undefined, frames: readonly number[]): number[] {
  const estimator = new DtsEstimator();
  estimator.declareDepth(depth);
  return frames.map((frame, at) => estimator.next(mediaTicks(frame * FRAME), at === 0) / FRAME);
}

/** Decoding order of pictures 0, 1, 2, … with a pyramid of three B pictures between the others: reorder depth 2. */
function pyramid(groups: number): number[] {
  const frames = [0];
  for (let group = 0; group < groups; group += 1) {
    const at = 4 * group;
    frames.push(at + 4, at + 2, at + 1, at + 3);
  }
  return frames;
}

test('gives a stream without B pictures its presentation times', () => {
  expect(estimate(0, [0, 1, 2, 3])).toEqual([0, 1, 2, 3]);
  expect(estimate(undefined, [0, 1, 2, 3])).toEqual([0, 1, 2, 3]);
});

test('gives a stream of declared depth its presentation times in order, so many pictures late', () => {
  const dts = estimate(2, pyramid(3));
  expect(dts.slice(2)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(dts[0]).toBeLessThan(dts[1] ?? 0);
  expect(dts[1]).toBeLessThan(0);
});

test('learns an undeclared depth and is exact from the next group on', () => {
  const dts = estimate(undefined, pyramid(4));
  expect(dts.slice(8)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14]);
});

test('goes on by single ticks when times repeat or the clock steps back at a key picture', () => {
  const estimator = new DtsEstimator();
  const next = (pts: number, isKey: boolean) => estimator.next(mediaTicks(pts), isKey);
  expect([next(0, true), next(3600, false), next(3600, false), next(1000, true), next(4600, false)]).toEqual([
    0, 3600, 3601, 3602, 4600,
  ]);
});

test('keeps decoding times increasing and near, whatever the presentation times', () => {
  const step = fc.record({ pts: fc.integer({ min: -450_000, max: 450_000 }), isKey: fc.boolean() });
  const property = fc.property(
    fc.array(step, { maxLength: 200 }),
    fc.option(fc.nat(16), { nil: undefined }),
    (steps, depth) => {
      const estimator = new DtsEstimator();
      estimator.declareDepth(depth);
      let last = Number.NEGATIVE_INFINITY;
      for (const { pts, isKey } of steps) {
        const dts = estimator.next(mediaTicks(pts), isKey);
        expect(dts).toBeGreaterThan(last);
        expect(Math.abs(pts - dts)).toBeLessThanOrEqual(900_000 + 16 * 3_000 + steps.length);
        last = dts;
      }
    },
  );
  fc.assert(property);
});

test('never passes a presentation time when the declared depth is true', () => {
  const property = fc.property(
    fc.integer({ min: 0, max: 6 }),
    fc.array(fc.record({ wait: fc.integer({ min: 1, max: 9_000 }), delay: fc.nat(6) }), { maxLength: 120 }),
    (depth, pictures) => {
      const pts: number[] = [];
      for (const { wait } of pictures) pts.push((pts.at(-1) ?? 0) + wait);
      // Any decoding order that begins with the picture shown first and in which at most `depth` pictures precede one that is shown before them.
      const waiting = [...pts];
      const decoding: number[] = [];
      const overtaken = new Map<number, number>();
      for (const { delay } of pictures) {
        let choice = decoding.length === 0 ? 0 : Math.min(delay, waiting.length - 1);
        while (waiting.slice(0, choice).some((picture) => (overtaken.get(picture) ?? 0) >= depth))
          choice -= 1;
        for (const picture of waiting.slice(0, choice))
          overtaken.set(picture, (overtaken.get(picture) ?? 0) + 1);
        decoding.push(...waiting.splice(choice, 1));
      }
      const estimator = new DtsEstimator();
      estimator.declareDepth(depth);
      let last = Number.NEGATIVE_INFINITY;
      for (const [at, picture] of decoding.entries()) {
        const dts = estimator.next(mediaTicks(picture), at === 0);
        expect(dts).toBeGreaterThan(last);
        expect(dts).toBeLessThanOrEqual(picture);
        last = dts;
      }
    },
  );
  fc.assert(property);
});
