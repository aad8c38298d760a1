import { expect, test } from 'vitest';
import { changed, historyOf, redone, settled, undone } from './history.ts';

test('changes are taken back and made again one by one', () => {
  const two = changed(changed(historyOf('a'), 'b', undefined), 'c', undefined);
  expect(undone(two).present).toBe('b');
  expect(undone(undone(two)).present).toBe('a');
  expect(undone(undone(undone(two))).present).toBe('a');
  expect(redone(undone(two)).present).toBe('c');
  expect(redone(two)).toEqual(two);
});

test('all moves of one drag are taken back at once, those of the next one are not', () => {
  const dragged = changed(changed(historyOf('a'), 'b', 'drag'), 'c', 'drag');
  expect(undone(dragged).present).toBe('a');
  expect(undone(changed(settled(dragged), 'd', 'drag')).present).toBe('c');
});

test('what was taken back is gone after another change', () => {
  const other = changed(undone(changed(historyOf('a'), 'b', undefined)), 'c', undefined);
  expect(redone(other).present).toBe('c');
  expect(undone(other).present).toBe('a');
});

test('what changes nothing is no change', () => {
  const history = historyOf('a');
  expect(changed(history, 'a', undefined)).toBe(history);
});
