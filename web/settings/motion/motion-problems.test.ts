import { expect, test } from 'vitest';
import { ApiError } from '../../api/api-error.ts';
import { withChanged, withNewArea } from './areas.ts';
import { nameProblem, refusedPart } from './motion-problems.ts';

const AREAS = withNewArea(withNewArea(withNewArea([], 'zone', 'Door'), 'mask', ''), 'zone', 'door step');
const [door, mask, step] = AREAS;

test('a zone needs a name of its own', () => {
  const named = (name: string) => withChanged(AREAS, 2, (zone) => ({ ...zone, name }));
  const problem = (name: string) => named(name).map((area) => nameProblem(area, named(name)));
  expect(problem('lawn')).toEqual([undefined, undefined, undefined]);
  expect(problem('  ')).toEqual([undefined, undefined, 'missing']);
  expect(problem('door ')).toEqual(['taken', undefined, 'taken']);
});

test('what the server refuses is told where it is drawn', () => {
  const part = (field: string) =>
    refusedPart(new ApiError('refused', 'no', { field: `cameras.yard.motion.${field}` }), MOTION, AREAS);
  const MOTION = 'cameras.yard.motion';
  expect(part('masks.0.2')).toBe(mask);
  expect(part('zones.Door')).toBe(door);
  expect(part('zones.door step.polygon.1')).toBe(step);
  expect(part('sensitivity')).toBe('sensitivity');
  expect(part('rateFps')).toBeUndefined();
  expect(
    refusedPart(new ApiError('refused', 'no', { field: 'cameras.x.mode' }), MOTION, AREAS),
  ).toBeUndefined();
});
