import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { User } from '../../account/user.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import { silentLog } from '../../base/log.ts';
import type { Config } from '../../config/config.ts';
import { accessTo } from '../../db/index-access.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { makeEvent, makeSegment, NOON } from '../../db/testing/records.ts';
import { enforceAccess } from '../access.ts';
import type { TimelineAnswer } from '../api/timeline.ts';
import { answerErrors } from '../error-answer.ts';
import { timelineRoutes } from './timeline.ts';

let index: SqliteIndex;
let app: FastifyInstance;
/** The cameras that the user may see. */
let visible: readonly string[] | null;

beforeEach(async () => {
  visible = null;
  index = SqliteIndex.open(':memory:');
  index.apply([
    { type: 'segment', segment: makeSegment(0) },
    { type: 'segment', segment: makeSegment(0, { camera: 'removed', path: 'removed/a.mp4' }) },
    { type: 'event', event: makeEvent(20_000) },
    { type: 'event', event: makeEvent(10_000, { camera: 'removed' }) },
  ]);
  const config = { cameras: [{ name: 'yard' }, { name: 'new' }], archive: { timeZone: 'utc' } };
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, silentLog);
  enforceAccess(app, () => user());
  await app.register(
    timelineRoutes({
      // All that the routes look at.
      config: () => config as unknown as Config,
      index: accessTo(index),
      clock: new SimulatedClock(NOON + 60_000),
    }),
  );
});
afterEach(async () => {
  await app.close();
  index.close();
});

function user(): User {
  const credential = { kind: 'session', id: 1 } as const;
  return new User({ id: 1, name: 'ada', role: 'viewer', cameras: visible, credential });
}

const SPAN = `from=${NOON}&to=${NOON + 3_600_000}`;

async function namesAt(url: string): Promise<readonly string[]> {
  const answer = (await app.inject(url)).json<TimelineAnswer>();
  return answer.cameras.map(({ camera }) => camera);
}

test('tells of all cameras, those no longer configured too, or of those asked for', async () => {
  expect(await namesAt(`/timeline?${SPAN}`)).toEqual(['yard', 'new', 'removed']);
  expect(await namesAt(`/timeline?${SPAN}&camera=removed`)).toEqual(['removed']);
  expect(await namesAt(`/timeline?${SPAN}&camera=removed&camera=yard`)).toEqual(['removed', 'yard']);
});

test('a camera that somebody may not see is as one that is not there', async () => {
  visible = ['yard'];
  expect(await namesAt(`/timeline?${SPAN}`)).toEqual(['yard']);
  const forbidden = await app.inject(`/timeline?${SPAN}&camera=yard&camera=removed`);
  const unknown = await app.inject(`/timeline?${SPAN}&camera=nowhere`);
  expect([forbidden.statusCode, unknown.statusCode]).toEqual([404, 404]);
  expect(forbidden.body.replaceAll('removed', 'nowhere')).toBe(unknown.body);
  const neighbour = await app.inject(`/timeline/neighbour?at=${NOON}&direction=next&camera=removed`);
  expect(neighbour.statusCode).toBe(404);
});

test('finds the next event of the cameras that somebody may see', async () => {
  const url = `/timeline/neighbour?at=${NOON}&direction=next`;
  expect((await app.inject(url)).json()).toMatchObject({ camera: 'removed', triggerMs: NOON + 10_000 });
  visible = ['yard'];
  expect((await app.inject(url)).json()).toMatchObject({ camera: 'yard', triggerMs: NOON + 20_000 });
  expect((await app.inject(`/timeline/neighbour?at=${NOON}&direction=previous`)).json()).toBeNull();
});

test.each([
  [`from=${NOON}&to=${NOON}`, 'to'],
  [`from=${NOON}&to=${NOON + 3 * 86_400_000}`, 'resolution'],
  [`from=0&to=${NOON}&resolution=1000`, 'resolution'],
])('refuses %s and says which of it is wrong', async (query, field) => {
  const answer = await app.inject(`/timeline?${query}`);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ error: { field } });
});

test.each(['', 'from=a&to=b', `from=1e300&to=1e301`, `from=-1&to=5`, `${SPAN}&resolution=0.5`])(
  'refuses the question %j',
  async (query) => {
    expect((await app.inject(`/timeline?${query}`)).statusCode).toBe(400);
  },
);
