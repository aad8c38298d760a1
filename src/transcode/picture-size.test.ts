import { expect, test } from 'vitest';
import { pictureSize } from './picture-size.ts';

const source = { widthPx: 1279, heightPx: 719 };

test.each([
  [{}, [1278, 718]],
  [{ widthPx: 640 }, [640, 360]],
  [{ heightPx: 360 }, [640, 360]],
  [{ widthPx: 640, heightPx: 480 }, [640, 480]],
  [{ widthPx: 2560 }, [2560, 1440]],
])('%j makes %j of 1279x719', (wanted, [widthPx, heightPx]) => {
  const config = { widthPx: undefined, heightPx: undefined, ...wanted };
  expect(pictureSize(source, config)).toEqual({ widthPx, heightPx });
});

test('nothing becomes smaller than two pixels', () => {
  const flat = { widthPx: 4000, heightPx: 1 };
  expect(pictureSize(flat, { widthPx: 16, heightPx: undefined })).toEqual({ widthPx: 16, heightPx: 2 });
  expect(pictureSize(flat, { widthPx: undefined, heightPx: undefined })).toEqual({
    widthPx: 4000,
    heightPx: 2,
  });
});
