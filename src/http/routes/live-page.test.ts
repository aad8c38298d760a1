import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Accounts } from '../../account/accounts.ts';
import type { AuditedAct } from '../../account/audit-log.ts';
import { User, type Role } from '../../account/user.ts';
import { silentLog } from '../../base/log.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import type { Config } from '../../config/config.ts';
import { ControlApi } from '../../control/control-api.ts';
import { ControlServer } from '../../control/control-server.ts';
import { PretendedRecorder } from '../../control/testing/pretended-recorder.ts';
import { FollowedRecorder } from '../../live/followed-recorder.ts';
import { PretendedLink } from '../../live/testing/pretended-link.ts';
import { enforceAccess } from '../access.ts';
import { answerErrors } from '../error-answer.ts';
import { layoutRoutes } from './layouts.ts';
import { manualEventRoutes } from './manual-event.ts';
import { watchedAreaRoutes } from './watched-areas.ts';

let folder: string;
let app: FastifyInstance;
let accounts: Accounts;
let server: ControlServer;
let followed: FollowedRecorder;
let recorder: PretendedRecorder;
let audited: AuditedAct[];
/** Who asks. */
let id: number;
let role: Role;

const DOOR = {
  name: 'door',
  sensitivity: 50,
  polygon: [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ],
};

beforeEach(async () => {
  [id, role] = [1, 'operator'];
  audited = [];
  folder = await mkdtemp(join(tmpdir(), 'preroll-live-page-'));
  const address = { kind: 'file', path: join(folder, 'preroll.sock') } as const;
  const clock = new SimulatedClock();
  recorder = new PretendedRecorder('yard', 'vault');
  server = await ControlServer.start(new ControlApi(recorder), address, silentLog);
  const link = new PretendedLink();
  followed = new FollowedRecorder({ link, clock, log: silentLog });
  followed.start();
  link.changes[0]?.tell({ type: 'cameras', cameras: recorder.status() });
  accounts = Accounts.open({ path: ':memory:', clock });
  const insert = accounts.database.prepare(
    "INSERT INTO user (id, name, role, created_ms) VALUES ($id, $name, 'operator', 0)",
  );
  insert.run({ id: 1, name: 'ada' });
  insert.run({ id: 2, name: 'bob' });
  // All that the routes use of it.
  const config = { cameras: [{ name: 'yard', motion: { zones: [DOOR], masks: [DOOR.polygon] } }] };
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, silentLog);
  const credential = { kind: 'session', id: 1 } as const;
  enforceAccess(app, () => new User({ id, name: 'ada', role, cameras: ['yard', 'gone'], credential }));
  app.decorateRequest('audit', (act: AuditedAct) => void audited.push(act));
  await app.register(layoutRoutes({ accounts }));
  await app.register(manualEventRoutes({ followed, recorder: address }));
  await app.register(watchedAreaRoutes({ config: () => config as unknown as Config }));
  await app.ready();
});

afterEach(async () => {
  await app.close();
  await followed[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  accounts[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

describe('layouts', () => {
  const put = (payload: object) => app.inject({ method: 'PUT', url: '/layouts', payload });

  test('are kept for each user alone', async () => {
    const mine = { order: ['yard', 'door'], layouts: [{ name: 'Doors', cameras: ['door'] }] };
    expect((await put(mine)).statusCode).toBe(200);
    expect((await app.inject('/layouts')).json()).toEqual(mine);
    id = 2;
    expect((await app.inject('/layouts')).json()).toEqual({ order: [], layouts: [] });
  });

  test('have names, and not twice the same', async () => {
    const named = (...names: string[]) => ({
      order: [],
      layouts: names.map((name) => ({ name, cameras: [] })),
    });
    expect((await put(named('a', 'b'))).statusCode).toBe(200);
    expect((await put(named('a', ' a '))).statusCode).toBe(400);
    expect((await put(named(' '))).statusCode).toBe(400);
    expect((await app.inject('/layouts')).json()).toEqual(named('a', 'b'));
  });
});

describe('an event by hand', () => {
  const put = (camera: string, isOn: boolean) =>
    app.inject({ method: 'PUT', url: `/cameras/${camera}/manual-event`, payload: { isOn } });

  test('is held open by the recorder until it is ended', async () => {
    expect((await put('yard', true)).json()).toEqual({ isOn: true });
    expect(recorder.held('yard')).toHaveProperty('manual');
    expect((await put('yard', false)).json()).toEqual({ isOn: false });
    expect(recorder.held('yard')).toEqual({});
    expect(audited.map(({ action, what }) => [action, what.kind])).toEqual([
      ['changed', 'event-begun'],
      ['changed', 'event-ended'],
    ]);
  });

  test('that is over by itself may be ended', async () => {
    expect((await put('yard', false)).statusCode).toBe(200);
  });

  test('is for operators, and for cameras that they see', async () => {
    expect((await put('vault', true)).statusCode).toBe(404);
    expect((await put('gone', true)).statusCode).toBe(404);
    role = 'viewer';
    expect((await put('yard', true)).statusCode).toBe(403);
    expect(recorder.held('yard')).toEqual({});
  });
});

test('zones and masks are told to who may see the camera', async () => {
  expect((await app.inject('/cameras/yard/areas')).json()).toEqual({
    zones: [{ name: 'door', polygon: DOOR.polygon }],
    masks: [DOOR.polygon],
  });
  expect((await app.inject('/cameras/vault/areas')).statusCode).toBe(404);
  expect((await app.inject('/cameras/gone/areas')).statusCode).toBe(404);
});
