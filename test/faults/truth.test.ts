import { expect, test } from 'vitest';
import { wallMs } from '../../src/base/time.ts';
import { Truth, type Fate, type FatedSpan } from './truth.ts';

function account(...parts: readonly (readonly [number, number, Fate])[]): FatedSpan[] {
  return parts.map(([from, to, fate]) => ({ startWallMs: wallMs(from), endWallMs: wallMs(to), fate }));
}

const errors = (truth: Truth, spans: readonly FatedSpan[]) =>
  truth.errorsIn(spans, 2).map(({ startWallMs, endWallMs, fate }) => [startWallMs, endWallMs, fate]);

test('an account is right within the tolerance', () => {
  const truth = new Truth();
  truth.from(0, 'starting', 'recorded');
  truth.from(10, 'recorded');
  truth.from(50, 'stalled');
  truth.until(100);
  expect(errors(truth, account([0, 12, 'starting'], [12, 48, 'recorded'], [48, 100, 'stalled']))).toEqual([]);
  expect(errors(truth, account([0, 13, 'starting'], [13, 47, 'recorded'], [47, 100, 'stalled']))).toEqual([
    [12, 13, 'starting'],
    [47, 48, 'stalled'],
  ]);
});

test('time that was gone through twice was as it was the second time', () => {
  const truth = new Truth();
  truth.from(0, 'recorded');
  truth.jump(20, 1000);
  truth.jump(1020, 40);
  truth.from(60, 'unreachable');
  truth.until(80);
  const told = account(
    [0, 20, 'recorded'],
    [20, 40, 'clock'],
    [40, 60, 'recorded'],
    [60, 80, 'unreachable'],
    [80, 1000, 'clock'],
    [1000, 1020, 'recorded'],
  );
  expect(errors(truth, told)).toEqual([]);
  expect(errors(truth, account([30, 70, 'clock'], [70, 80, 'unaccounted']))).toEqual([
    [42, 70, 'clock'],
    [70, 80, 'unaccounted'],
  ]);
});

test('another cause may be right too for what was missing, and not for what was recorded', () => {
  const truth = new Truth();
  truth.from(0, 'stalled');
  truth.from(30, 'recorded');
  truth.from(50, 'unreachable');
  truth.from(60, 'recorded');
  truth.until(80);
  truth.orFrom(20, 'crash');
  const told = account([0, 20, 'stalled'], [20, 30, 'crash'], [30, 50, 'recorded'], [50, 60, 'crash']);
  expect(errors(truth, told)).toEqual([]);
  expect(errors(truth, account([10, 20, 'crash'], [60, 80, 'crash']))).toEqual([
    [10, 18, 'crash'],
    [62, 80, 'crash'],
  ]);
});
