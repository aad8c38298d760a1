import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Accounts } from '../../account/accounts.ts';
import { User, type Role } from '../../account/user.ts';
import { silentLog } from '../../base/log.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import type { Config } from '../../config/config.ts';
import { accessTo } from '../../db/index-access.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { makeEvent, NOON } from '../../db/testing/records.ts';
import { enforceAccess } from '../access.ts';
import type { EventsAnswer } from '../api/events.ts';
import { answerErrors } from '../error-answer.ts';
import { eventRoutes } from './events.ts';

let folder: string;
let index: SqliteIndex;
let app: FastifyInstance;
let accounts: Accounts;
let recorder: Server;
let role: Role;
let visible: readonly string[] | null;
/** What the recorder was asked. */
let asked: string[];
let answered: { readonly status: number; readonly body: object };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'preroll-events-'));
  [role, visible, asked, answered] = ['operator', null, [], { status: 200, body: {} }];
  index = SqliteIndex.open(':memory:');
  for (let i = 0; i < 5; i++) {
    index.apply([
      { type: 'event', event: makeEvent(i * 60_000, i === 2 ? { causes: ['manual'], isKept: true } : {}) },
      { type: 'event', event: makeEvent(i * 60_000, { camera: 'door' }) },
    ]);
  }
  recorder = createServer((request, response) => {
    request.on('data', (bytes: Buffer) => asked.push(`${request.url} ${bytes.toString()}`));
    request.on('end', () => response.writeHead(answered.status).end(JSON.stringify(answered.body)));
  });
  const socket = join(folder, 'recorder.sock');
  await new Promise<void>((resolve) => recorder.listen(socket, resolve));
  accounts = Accounts.open({ path: ':memory:', clock: new SimulatedClock(NOON) });
  accounts.database
    .prepare("INSERT INTO user (id, name, role, created_ms) VALUES (1, 'ada', 'admin', 0)")
    .run();
  const config = { cameras: [{ name: 'yard' }], archive: { volumes: [] }, web: { folder } };
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, silentLog);
  app.decorateRequest('audit', () => undefined);
  enforceAccess(app, () => {
    const credential = { kind: 'session', id: 1 } as const;
    return new User({ id: 1, name: 'ada', role, cameras: visible, credential });
  });
  await app.register(
    eventRoutes({
      accounts,
      clock: new SimulatedClock(NOON),
      // All that the routes look at.
      config: () => config as unknown as Config,
      index: accessTo(index),
      pictures: { make: () => Promise.reject(new Error('no picture is made here')) } as never,
      recorder: { path: socket } as never,
    }),
  );
});
afterEach(async () => {
  await app.close();
  await new Promise((resolve) => recorder.close(resolve));
  accounts[Symbol.dispose]();
  index.close();
  rmSync(folder, { recursive: true });
});

/** Camera and minute after noon of each. */
async function list(query: string): Promise<{ readonly events: string[]; readonly next: string | null }> {
  const { events, next } = (await app.inject(`/events?${query}`)).json<EventsAnswer>();
  return { events: events.map(({ camera, triggerMs }) => `${camera} ${(triggerMs - NOON) / 60_000}`), next };
}

const put = (url: string, payload: object) => app.inject({ method: 'PUT', url, payload });

test('lists events page by page, the newest first', async () => {
  const first = await list('limit=3');
  expect(first.events).toEqual(['door 4', 'yard 4', 'door 3']);
  const second = await list(`limit=3&after=${encodeURIComponent(first.next ?? '')}`);
  expect(second.events).toEqual(['yard 3', 'door 2', 'yard 2']);
  const last = await list(`limit=100&after=${encodeURIComponent(second.next ?? '')}`);
  expect(last).toEqual({ events: ['door 1', 'yard 1', 'door 0', 'yard 0'], next: null });
});

test('filters by camera, time, cause, and whether they are kept', async () => {
  expect((await list('camera=door&camera=yard&limit=1')).events).toEqual(['door 4']);
  expect((await list(`camera=yard&from=${NOON + 60_000}&to=${NOON + 180_000}`)).events).toEqual([
    'yard 2',
    'yard 1',
  ]);
  expect((await list('cause=manual')).events).toEqual(['yard 2']);
  expect((await list('kept=true')).events).toEqual(['yard 2']);
  expect((await list('kept=false&camera=yard')).events).toHaveLength(4);
  expect((await app.inject('/events?camera=nowhere')).statusCode).toBe(404);
});

test('shows no moment that is not of the event', async () => {
  const before = await app.inject(`/events/yard/${NOON}/thumbnail?at=${NOON - 3_600_000}`);
  expect([before.statusCode, before.json()]).toEqual([
    400,
    {
      error: {
        message: 'The event shows nothing of that moment.',
        field: 'at',
        reason: { code: 'not-of-event' },
      },
    },
  ]);
});

test('a picture that is still to come is no error, one of an event long over is', async () => {
  const statusOf = async (camera: string) =>
    (await app.inject(`/events/${camera}/${NOON - 3_600_000}/thumbnail`)).statusCode;
  index.apply([{ type: 'event', event: makeEvent(-3_600_000) }]);
  expect(await statusOf('yard')).toBe(404);
  index.apply([{ type: 'event', event: makeEvent(-3_600_000, { camera: 'door', isOpen: true }) }]);
  expect(await statusOf('door')).toBe(204);
  const justOver = await app.inject(`/events/yard/${NOON}/thumbnail?at=${NOON}`);
  expect([justOver.statusCode, justOver.headers['cache-control']]).toEqual([204, 'no-store']);
});

test('remembers for each user what was seen', async () => {
  await put(`/events/yard/${NOON}/seen`, { seen: true });
  expect((await list('unseen=true&camera=yard')).events).toEqual(['yard 4', 'yard 3', 'yard 2', 'yard 1']);
  await app.inject({ method: 'POST', url: '/events/seen', payload: { until: NOON + 180_000 } });
  expect((await list('unseen=true')).events).toEqual(['door 4', 'yard 4', 'door 3', 'yard 3']);
  await put(`/events/yard/${NOON}/seen`, { seen: false });
  expect((await list('unseen=true&limit=5')).events.at(-1)).toBe('yard 0');
});

test('remembers nothing of an event that is not there: marks are kept', async () => {
  expect((await put(`/events/yard/${NOON + 1}/seen`, { seen: true })).statusCode).toBe(404);
  expect(accounts.database.prepare('SELECT * FROM event_seen').all()).toEqual([]);
});

test('notes are found again by their text, and taken away by an empty one', async () => {
  await put(`/events/yard/${NOON}/note`, { text: ' The Postman\n' });
  expect((await list('text=postman')).events).toEqual(['yard 0']);
  expect((await app.inject(`/events/yard/${NOON}`)).json()).toMatchObject({
    note: { text: 'The Postman', author: 'ada' },
    detail: expect.anything() as unknown,
  });
  await put(`/events/yard/${NOON}/note`, { text: '' });
  expect((await list('text=postman')).events).toEqual([]);
  expect((await put(`/events/yard/${NOON + 1}/note`, { text: 'x' })).statusCode).toBe(404);
});

test('keeps and deletes through the recorder, and passes on what that refuses', async () => {
  expect((await put(`/events/yard/${NOON}/kept`, { kept: true })).statusCode).toBe(200);
  expect((await app.inject({ method: 'DELETE', url: `/events/yard/${NOON}` })).statusCode).toBe(200);
  expect(asked).toEqual([
    `/api/events/keep {"camera":"yard","trigger":${NOON},"kept":true}`,
    `/api/events/delete {"camera":"yard","trigger":${NOON}}`,
  ]);
  answered = { status: 409, body: { error: { message: 'the event is still going on' } } };
  const refused = await app.inject({ method: 'DELETE', url: `/events/yard/${NOON}` });
  expect([refused.statusCode, refused.json()]).toEqual([
    409,
    { error: { message: 'The recorder refused: the event is still going on.' } },
  ]);
});

test('shows nothing of cameras that somebody may not see, and lets viewers change nothing', async () => {
  [role, visible] = ['viewer', ['door']];
  expect(new Set((await list('')).events.map((name) => name.split(' ')[0]))).toEqual(new Set(['door']));
  expect((await app.inject('/events?camera=yard')).statusCode).toBe(404);
  expect((await app.inject(`/events/yard/${NOON}`)).statusCode).toBe(404);
  expect((await put(`/events/door/${NOON}/kept`, { kept: true })).statusCode).toBe(403);
  expect((await app.inject({ method: 'DELETE', url: `/events/door/${NOON}` })).statusCode).toBe(403);
  expect((await put(`/events/door/${NOON}/seen`, { seen: true })).statusCode).toBe(200);
  expect(asked).toEqual([]);
});
