import { expect, test } from 'vitest';
import { pictureEdits } from './picture-edits.ts';

const yard = { name: 'yard', rotate: 0, mirror: false };

test('changes nothing of a picture that stays', () => {
  expect(pictureEdits(yard, { rotate: 0, mirror: false })).toEqual([]);
});

test('sets what is unusual, and takes out what is usual again', () => {
  expect(pictureEdits(yard, { rotate: 90, mirror: true })).toEqual([
    { kind: 'set', path: ['cameras', 'yard', 'rotate'], value: 90 },
    { kind: 'set', path: ['cameras', 'yard', 'mirror'], value: true },
  ]);
  expect(pictureEdits({ ...yard, rotate: 180 }, { rotate: 0, mirror: false })).toEqual([
    { kind: 'remove', path: ['cameras', 'yard', 'rotate'] },
  ]);
});
