import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { COARSE_STEP_MS, COARSEST_STEP_MS, systemClock } from './clock.ts';

describe('a timer of the host’s clock', () => {
  let fired: [string, number][];
  let startMs: number;
  const set = (name: string, delayMs: number) =>
    systemClock.setTimer(delayMs, () => fired.push([name, systemClock.monotonicMs() - startMs]));

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    fired = [];
    startMs = systemClock.monotonicMs();
  });
  afterEach(() => void vi.useRealTimers());

  test.each([0, 1, 25, 400, 999])('of %i ms ends then, and never before', (delayMs) => {
    set('short', delayMs);
    vi.advanceTimersByTime(2_000);
    const lateMs = (fired[0]?.[1] ?? Number.NaN) - delayMs;
    expect(fired).toHaveLength(1);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThanOrEqual(2.5);
  });

  test.each([
    { delays: { a: 1_000, b: 1_250, c: 1_990 }, stepMs: COARSE_STEP_MS },
    { delays: { a: 2_000, b: 5_000, c: 5_350, d: 60_000 }, stepMs: COARSEST_STEP_MS },
  ])('of $delays ms ends with others on a step of $stepMs ms, early or late', ({ delays, stepMs }) => {
    for (const [name, delayMs] of Object.entries(delays)) set(name, delayMs);
    vi.advanceTimersByTime(70_000);
    expect(fired.map(([name]) => name).toSorted()).toEqual(Object.keys(delays));
    const asked = new Map(Object.entries(delays));
    for (const [name, atMs] of fired) {
      const offMs = Math.abs(atMs - (asked.get(name) ?? Number.NaN));
      expect(offMs).toBeLessThanOrEqual(stepMs / 2 + 2.5);
    }
    const inStep = fired.map(([, atMs]) => (startMs + atMs) % stepMs);
    expect(Math.max(...inStep)).toBeLessThanOrEqual(2.5);
  });

  test('that is disposed of does not fire, and those that end with it do', () => {
    const [first] = [set('a', 1_000), set('b', 1_000), set('c', 1_000)];
    first?.[Symbol.dispose]();
    systemClock.setTimer(1_000, () => gone[Symbol.dispose]());
    const gone = set('d', 1_000);
    vi.advanceTimersByTime(2_000);
    expect(fired.map(([name]) => name)).toEqual(['b', 'c']);
    for (const timer of [set('e', 1_000)]) timer[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('set by another that ends goes on from there', () => {
    systemClock.setTimer(1_600, () => void set('next', 800));
    vi.advanceTimersByTime(4_000);
    expect(fired.map(([name]) => name)).toEqual(['next']);
  });
});
