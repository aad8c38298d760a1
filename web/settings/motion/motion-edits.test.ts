import { expect, test } from 'vitest';
import { areasOf, movedCorner, withChanged, withNewArea, withoutArea } from './areas.ts';
import { motionEdits, type MotionDraft } from './motion-edits.ts';

const POLYGON = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
];
const WRITTEN = [
  [0, 0],
  [1, 0],
  [0, 1],
];
const CAMERA = {
  name: 'yard',
  motion: {
    detector: 'current',
    sensitivity: 50,
    masks: [POLYGON],
    zones: [
      { name: 'door', polygon: POLYGON, sensitivity: 50 },
      { name: 'gate', polygon: POLYGON, sensitivity: 70 },
    ],
  },
};
const AREAS = areasOf(CAMERA.motion);
const MOTION = ['cameras', 'yard', 'motion'];

function edits(changed: Partial<MotionDraft>): unknown {
  return motionEdits(CAMERA, { detector: 'current', sensitivity: 50, areas: AREAS, ...changed });
}

test('what is as it was is not written', () => {
  expect(edits({})).toEqual([]);
});

test('detector and sensitivity are written for this camera', () => {
  expect(edits({ detector: 'adaptive', sensitivity: 60 })).toEqual([
    { kind: 'set', path: [...MOTION, 'detector'], value: 'adaptive' },
    { kind: 'set', path: [...MOTION, 'sensitivity'], value: 60 },
  ]);
});

test('masks are written together, and taken out with the last one', () => {
  expect(edits({ areas: withChanged(AREAS, 0, (mask) => movedCorner(mask, 2, { x: 0, y: 0.5 })) })).toEqual([
    { kind: 'set', path: [...MOTION, 'masks'], value: [[...WRITTEN.slice(0, 2), [0, 0.5]]] },
  ]);
  expect(edits({ areas: withoutArea(AREAS, 0) })).toEqual([{ kind: 'remove', path: [...MOTION, 'masks'] }]);
});

test('of a zone only what changed is written, below the name that it then has', () => {
  const zones = [...MOTION, 'zones'];
  expect(edits({ areas: withChanged(AREAS, 1, (zone) => ({ ...zone, name: ' way ' })) })).toEqual([
    { kind: 'rename', path: [...zones, 'door'], to: 'way' },
  ]);
  expect(
    edits({ areas: withChanged(AREAS, 1, (zone) => ({ ...zone, name: 'way', sensitivity: 80 })) }),
  ).toEqual([
    { kind: 'rename', path: [...zones, 'door'], to: 'way' },
    { kind: 'set', path: [...zones, 'way', 'sensitivity'], value: 80 },
  ]);
  expect(edits({ areas: withChanged(AREAS, 2, (zone) => ({ ...zone, sensitivity: undefined })) })).toEqual([
    { kind: 'remove', path: [...zones, 'gate', 'sensitivity'] },
  ]);
});

test('zones come and go, with the section when none is left', () => {
  const zones = [...MOTION, 'zones'];
  expect(edits({ areas: withoutArea(AREAS, 2) })).toEqual([{ kind: 'remove', path: [...zones, 'gate'] }]);
  expect(edits({ areas: withoutArea(withoutArea(AREAS, 1), 2) })).toEqual([{ kind: 'remove', path: zones }]);
  expect(edits({ areas: withNewArea(AREAS, 'zone', 'lawn') })).toMatchObject([
    {
      kind: 'set',
      path: [...zones, 'lawn'],
      value: {
        polygon: [
          [0.5, 0.5],
          [0.8, 0.5],
          [0.8, 0.8],
          [0.5, 0.8],
        ],
      },
    },
  ]);
});
