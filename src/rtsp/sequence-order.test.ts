import { expect, test } from 'vitest';
import { DUPLICATE, LATE, RESYNCHRONIZED, SequenceOrder } from './sequence-order.ts';

function accept(sequences: readonly number[]): number[] {
  const order = new SequenceOrder();
  return sequences.map((sequence) => order.accept(sequence));
}

test('counts what is missing, across the wrap', () => {
  expect(accept([65_534, 65_535, 0, 3, 4])).toEqual([0, 0, 0, 2, 0]);
});

test('tells a duplicate from a packet that was given up', () => {
  expect(accept([10, 11, 14, 11, 12, 14])).toEqual([0, 0, 2, DUPLICATE, LATE, DUPLICATE]);
});

test('follows a jump far away either way', () => {
  expect(accept([10, 5_000, 5_001, 10, 11])).toEqual([0, RESYNCHRONIZED, 0, RESYNCHRONIZED, 0]);
});

test('follows a camera that starts its numbers again just behind', () => {
  const restarted = Array.from({ length: 102 }, (_, at) => 500 + at);
  const answers = accept([600, ...restarted]);
  expect(answers[100]).toBe(LATE);
  expect(answers[101]).toBe(RESYNCHRONIZED);
  expect(answers[102]).toBe(0);
});

test('forgets the numbers of the round before', () => {
  const order = new SequenceOrder();
  for (let sequence = 0; sequence < 2_000; sequence += 1) order.accept(sequence);
  order.accept(2_010);
  expect(order.accept(2_005)).toBe(LATE);
});
