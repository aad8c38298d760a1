import { expect, test } from 'vitest';
import { selectionAround, selectionWith } from './selection.ts';

const sight = { spanMs: 100_000, presentMs: 1_000_000 };

test('a span is marked around a moment, of whole seconds and up to the present at most', () => {
  expect(selectionAround(500_400, sight)).toEqual({ fromMs: 490_000, toMs: 510_000 });
  expect(selectionAround(999_500, sight)).toEqual({ fromMs: 980_000, toMs: 1_000_000 });
});

test('one end is moved, and the other one only out of its way', () => {
  const before = { fromMs: 500_000, toMs: 510_000 };
  expect(selectionWith(before, 'from', 505_500, sight)).toEqual({ fromMs: 505_500, toMs: 510_000 });
  expect(selectionWith(before, 'from', 520_000, sight)).toEqual({ fromMs: 520_000, toMs: 540_000 });
  expect(selectionWith(before, 'to', 600_000, sight)).toEqual({ fromMs: 500_000, toMs: 600_000 });
  expect(selectionWith(before, 'to', 500_000, sight)).toEqual({ fromMs: 480_000, toMs: 500_000 });
  expect(selectionWith(undefined, 'from', 995_000, sight)).toEqual({ fromMs: 995_000, toMs: 1_000_000 });
});

test('nothing is marked that is still to come', () => {
  const before = { fromMs: 500_000, toMs: 510_000 };
  expect(selectionWith(before, 'from', 3_000_000, sight)).toEqual({ fromMs: 999_000, toMs: 1_000_000 });
  expect(selectionWith(before, 'to', 3_000_000, sight)).toEqual({ fromMs: 500_000, toMs: 1_000_000 });
});
