import { expect, test } from 'vitest';
import { burnText, textPanel } from './burnt-text.ts';
import { createI420 } from './i420.ts';

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

test('stands where it is told, in dots of the size asked for', () => {
  const picture = createI420(64, 64);
  picture.y.fill(120);
  burnText(picture, 'I', { leftPx: 20, topPx: 30, dotPx: 2 });
  // The first row of an I is its middle three dots.
  expect([...picture.y.subarray(30 * 64 + 20, 30 * 64 + 30)]).toEqual([
    38,
    38,
    ...Array(6).fill(205),
    38,
    38,
  ]);
  expect(picture.y[31 * 64 + 22]).toBe(205);
  expect(picture.y[23 * 64 + 20]).toBe(120);
});

test('a panel is as large as its text needs, in even sizes, and grey all over', () => {
  const panel = textPanel('A-1', 3);
  // Three letters of five dots, two gaps, and three dots on each side, times three, made even.
  expect([panel.widthPx, panel.heightPx]).toEqual([70, 40]);
  expect(new Set(panel.y)).toEqual(new Set([38, 205]));
  expect(new Set([...panel.u, ...panel.v])).toEqual(new Set([128]));
  // The dash: the middle one of seven rows, behind the A.
  expect(panel.y[(3 + 3) * 3 * 70 + (3 + 6 + 2) * 3]).toBe(205);
});
