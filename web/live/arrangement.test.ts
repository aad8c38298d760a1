import { expect, test } from 'vitest';
import { camerasOf, moved, rearranged, withLayout, withoutLayout } from './arrangement.ts';

const ARRANGED = {
  order: ['door', 'gone', 'yard'],
  layouts: [{ name: 'Front', cameras: ['yard', 'gone'] }],
};

test('cameras that are new come behind those that were arranged, and those that are gone nowhere', () => {
  expect(camerasOf(ARRANGED, undefined, ['yard', 'garage', 'door'])).toEqual(['door', 'yard', 'garage']);
  expect(camerasOf(ARRANGED, 'Front', ['yard', 'garage', 'door'])).toEqual(['yard']);
});

test('a layout that is no more shows all', () => {
  expect(camerasOf(ARRANGED, 'Back', ['yard', 'door'])).toEqual(['door', 'yard']);
});

test('a camera is put into the place of another one', () => {
  const cameras = ['a', 'b', 'c', 'd'];
  expect(moved(cameras, 'a', 'c')).toEqual(['b', 'c', 'a', 'd']);
  expect(moved(cameras, 'd', 'b')).toEqual(['a', 'd', 'b', 'c']);
  expect(moved(cameras, 'a', undefined)).toBe(cameras);
  expect(moved(cameras, 'x', 'a')).toBe(cameras);
});

test('what is rearranged is the layout that is shown, and nothing else', () => {
  expect(rearranged(ARRANGED, 'Front', ['door'])).toEqual({
    order: ARRANGED.order,
    layouts: [{ name: 'Front', cameras: ['door'] }],
  });
  expect(rearranged(ARRANGED, undefined, ['yard'])).toEqual({ ...ARRANGED, order: ['yard'] });
});

test('saving under a name that there is replaces it', () => {
  const saved = withLayout(ARRANGED, { name: 'Front', cameras: ['door'] });
  expect(saved.layouts).toEqual([{ name: 'Front', cameras: ['door'] }]);
  expect(withoutLayout(saved, 'Front').layouts).toEqual([]);
});
