import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import { textPanel } from '../media/burnt-text.ts';
import { Label, labelText, type Planes } from './label.ts';

const WIDTH = 200;
const HEIGHT = 100;
const STRIDE = 256;

/** A green picture with padding beside its rows. */
function greenPlanes(kind: 'planar' | 'pairs'): Planes {
  const luma = new Uint8Array(STRIDE * HEIGHT).fill(120);
  const chroma = kind === 'planar' ? [STRIDE / 2, STRIDE / 2] : [STRIDE];
  return {
    widthPx: WIDTH,
    heightPx: HEIGHT,
    data: [luma, ...chroma.map((stride) => new Uint8Array((stride * HEIGHT) / 2).fill(60))],
    strides: [STRIDE, ...chroma],
  };
}

test('tells the camera and the second, in UTC or in the time of this machine', () => {
  const wall = wallMs(Date.UTC(2026, 10, 28, 13, 5, 7, 900));
  expect(labelText('yard_2', wall, 'utc')).toBe('YARD_2 2026-11-28 13:05:07');
  const local = new Date(2026, 10, 28, 13, 5, 7, 900);
  expect(labelText('yard_2', wallMs(local.getTime()), 'local')).toBe('YARD_2 2026-11-28 13:05:07');
});

test.each(['planar', 'pairs'] as const)(
  'lies over the lower left corner, without colour, and nowhere else (%s)',
  (kind) => {
    const planes = greenPlanes(kind);
    new Label().burn('YARD 1', planes);
    const panel = textPanel('YARD 1', 1);
    const [luma, ...chroma] = planes.data;
    const top = HEIGHT - panel.heightPx - 2;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < STRIDE; x++) {
        const [column, row] = [x - 2, y - top];
        const isInside = column >= 0 && column < panel.widthPx && row >= 0 && row < panel.heightPx;
        const wanted = isInside ? panel.y[row * panel.widthPx + column] : 120;
        if (luma?.[y * STRIDE + x] !== wanted) throw new Error(`luma at ${x}, ${y} is not ${wanted}`);
      }
    }
    for (const plane of chroma) {
      const neutral = plane.filter((value) => value === 128).length;
      expect(neutral * chroma.length).toBe((panel.widthPx * panel.heightPx) / 2);
      expect(plane.filter((value) => value === 60).length).toBe(plane.length - neutral);
    }
  },
);

test('is cut off in a picture that is too small for it', () => {
  const planes = { ...greenPlanes('planar'), widthPx: 16, heightPx: 8 };
  new Label().burn('A CAMERA WITH A LONG NAME', planes);
  const [luma = new Uint8Array(0)] = planes.data;
  expect(luma.subarray(8 * STRIDE).every((value) => value === 120)).toBe(true);
  expect(luma.subarray(16, STRIDE).every((value) => value === 120)).toBe(true);
  expect(luma[2]).toBe(38);
});

test('changes with its text', () => {
  const planes = greenPlanes('planar');
  const label = new Label();
  label.burn('1', planes);
  const before = Uint8Array.from(planes.data[0] ?? []);
  label.burn('2', planes);
  expect(planes.data[0]).not.toEqual(before);
});
