import type { LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOON, makeEvent, makeGap, makeSegment } from '../db/testing/records.ts';
import type { RouteEntry } from './access.ts';
import { startTestSite, type TestSite } from './testing/test-site.ts';

/*
 * Rows 6, 8, 9, 10 and 13 of what has gone wrong in other recorders, over all routes that there are: whoever adds one has it
 * tested here without a line.
 */

/** Of a camera that the user may not see; found again in whatever tells of it. */
const FOREIGN = 'canary-yard';

let site: TestSite;

beforeEach(async () => {
  site = await startTestSite({ cameras: ['door', FOREIGN] });
});
afterEach(async () => {
  await site[Symbol.asyncDispose]();
});

interface Ask {
  readonly headers?: Record<string, string>;
  /** In the place of parameters. */
  readonly values?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly payload?: object;
}

const isUpgraded = ({ isWebSocket }: RouteEntry) => isWebSocket;
const isPublic = ({ access }: RouteEntry) => access === 'public';
const roleOf = ({ access }: RouteEntry) => (access === 'public' ? undefined : access.role);
const cameraOf = ({ access }: RouteEntry) => (access === 'public' ? undefined : access.camera);

/** @returns the answer to a request, or the status with which a WebSocket was refused; 101 where it was not. */
async function ask(
  route: RouteEntry,
  { headers = {}, values = {}, query = '', payload }: Ask = {},
): Promise<number> {
  const url = urlOf(route, values) + query;
  if (!isUpgraded(route) || route.method !== 'GET') {
    return (await inject(route, { headers, values, query, ...(payload === undefined ? {} : { payload }) }))
      .statusCode;
  }
  try {
    const socket = await site.openSocket(url, headers, () => undefined);
    socket.terminate();
    return 101;
  } catch (error) {
    return Number(/\d{3}$/.exec(String(error))?.[0]);
  }
}

async function inject(
  route: RouteEntry,
  { headers = {}, values = {}, query = '', payload }: Ask,
): Promise<LightMyRequestResponse> {
  const answer = site.inject({
    // One of those that fastify knows.
    method: route.method as 'GET',
    url: urlOf(route, values) + query,
    headers,
    ...(payload === undefined ? {} : { payload }),
  });
  return await soon(answer);
}

/** Some wait for a recorder that does not answer: until their patience ends. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  const settled = answer.then(
    () => 'settled',
    () => 'settled',
  );
  const turn = () => new Promise<string>((resolve) => void setImmediate(resolve, 'turn'));
  for (let turns = 0; (await Promise.race([settled, turn()])) === 'turn'; turns += 1) {
    if (turns > 20) await site.clock.advance(1_000);
  }
  return await answer;
}

function urlOf({ url }: RouteEntry, values: Readonly<Record<string, string>>): string {
  return url.replaceAll(/:(\w+)/g, (_, name: string) => values[name] ?? '1').replace('*', values['*'] ?? '');
}

const nameOf = ({ method, url }: RouteEntry) => `${method} ${url}`;
const all = () => site.app.routeTable;
const restricted = () => all().filter((route) => !isPublic(route));
/** Whose body may be left out: the others are refused for that, which tells nothing of access. */
const withCamera = () => restricted().filter((route) => cameraOf(route) !== undefined);

test('few routes are public, and they are these', () => {
  const names = all()
    .filter(isPublic)
    .map(nameOf)
    .filter((name) => !name.startsWith('HEAD'));
  expect(names.toSorted()).toEqual(['GET /*', 'GET /api/setup', 'POST /api/session', 'POST /api/setup']);
});

test('a route that does not say who may use it keeps the server from starting', async () => {
  const moreRoutes = [async (app: TestSite['app']) => void app.get('/forgotten', async () => 'secrets')];
  await expect(startTestSite({ moreRoutes })).rejects.toThrow('/api/forgotten does not say who may use it');
});

describe('without an account', () => {
  test.each([
    ['nothing', {}],
    ['a wrong cookie', { cookie: `preroll-session=${'A'.repeat(43)}` }],
    ['a wrong token', { authorization: `Bearer preroll_${'A'.repeat(43)}` }],
    ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['a token in the cookie', { cookie: 'preroll-session=' }],
  ])('every route but the public ones answers 401: %s', async (_, headers) => {
    expect(restricted().length).toBeGreaterThan(20);
    expect(restricted().some(isUpgraded)).toBe(true);
    for (const route of restricted()) {
      const status = await ask(route, {
        headers: { ...headers, origin: 'http://localhost', host: 'localhost' },
      });
      expect([nameOf(route), status]).toEqual([nameOf(route), 401]);
    }
  });
});

describe('a role', () => {
  test.each(['viewer', 'operator'] as const)('%s is refused what is for a higher one', async (role) => {
    const headers = await site.signedIn(role, { role });
    const higher = role === 'viewer' ? ['operator', 'admin'] : ['admin'];
    const above = restricted().filter((route) => higher.includes(roleOf(route) ?? ''));
    expect(above.length).toBeGreaterThan(5);
    for (const route of above) {
      expect([nameOf(route), await ask(route, { headers, values: { camera: 'door' } })]).toEqual([
        nameOf(route),
        403,
      ]);
    }
  });

  test('what is for people with a password is refused to tokens', async () => {
    const headers = await site.withToken('root', { role: 'admin' });
    const forSessions = restricted().filter(({ access }) => access !== 'public' && access.session === true);
    expect(forSessions.map(nameOf)).toEqual(expect.arrayContaining(['GET /api/users', 'POST /api/tokens']));
    for (const route of forSessions) {
      expect([nameOf(route), await ask(route, { headers })]).toEqual([nameOf(route), 403]);
    }
  });
});

describe('a camera that the user may not see', () => {
  beforeEach(() => {
    site.index.apply([
      { type: 'segment', segment: makeSegment(0, { camera: FOREIGN }) },
      { type: 'event', event: makeEvent(10_000, { camera: FOREIGN, causes: ['canary-cause'] }) },
      { type: 'gap', gap: makeGap(60_000, 70_000, { camera: FOREIGN, detail: 'canary-detail' }) },
    ]);
  });

  test('is answered by every route like one that is not there', async () => {
    const headers = await site.signedIn('vera', { role: 'admin', cameras: ['door'] });
    expect(withCamera().length).toBeGreaterThan(5);
    for (const route of withCamera()) {
      const name = cameraOf(route) ?? '';
      if (isUpgraded(route)) {
        expect([nameOf(route), await ask(route, { headers, values: { [name]: FOREIGN } })]).toEqual([
          nameOf(route),
          404,
        ]);
        continue;
      }
      const foreign = await inject(route, { headers, values: { [name]: FOREIGN } });
      const none = await inject(route, { headers, values: { [name]: 'not-there' } });
      expect([nameOf(route), foreign.statusCode]).toEqual([nameOf(route), 404]);
      expect(foreign.body.replaceAll(FOREIGN, 'not-there')).toBe(none.body);
    }
  });

  test('appears in no answer, whatever is asked for', async () => {
    const some = await site.signedIn('vera', { cameras: ['door'] });
    const queries = [
      '',
      `?camera=${FOREIGN}`,
      `?camera=${FOREIGN}&camera=door&from=${NOON}&to=${NOON + 100_000}&resolution=1000`,
      `?cameras=${FOREIGN}&from=${NOON}&to=${NOON + 100_000}&resolution=0&limit=10`,
      `?from=${NOON}&to=${NOON + 100_000}&resolution=0&limit=10`,
      `?at=${NOON}&direction=next`,
      `?camera=${FOREIGN}&at=${NOON}&direction=next`,
    ];
    const told = async (headers: Record<string, string>) => {
      const bodies: [string, string][] = [];
      for (const route of restricted()) {
        if (route.method !== 'GET' || isUpgraded(route) || roleOf(route) !== 'viewer') continue;
        for (const query of queries) {
          const { body, statusCode } = await inject(route, { headers, values: { camera: 'door' }, query });
          // What was asked for may be repeated by who refuses it.
          if (statusCode < 400) bodies.push([nameOf(route) + query, body]);
        }
      }
      return bodies.filter(([, body]) => body.includes('canary')).map(([name]) => name);
    };
    expect(await told(some)).toEqual([]);
    // Who may see it is told: what the test looks for is there.
    expect((await told(await site.signedIn('alma'))).length).toBeGreaterThan(2);
  });

  test('is not told over a WebSocket either', async () => {
    const headers = await site.signedIn('vera', { cameras: ['door'] });
    const heard: string[] = [];
    const socket = await site.openSocket('/api/changes', headers, (text) => heard.push(text));
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    socket.terminate();
    expect(heard.join('')).toContain('door');
    expect(heard.join('')).not.toContain('canary');
  });
});

describe('a page of another origin', () => {
  const elsewhere = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8471' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];

  test('changes nothing and opens no WebSocket, with the cookie of somebody who may', async () => {
    const headers = await site.signedIn('root', { role: 'admin' });
    const risky = all().filter(
      (route) => !['GET', 'HEAD', 'OPTIONS'].includes(route.method) || isUpgraded(route),
    );
    expect(risky.length).toBeGreaterThan(10);
    for (const route of risky.filter(({ method }) => method !== 'HEAD')) {
      for (const theirs of elsewhere) {
        expect([nameOf(route), theirs, await ask(route, { headers: { ...headers, ...theirs } })]).toEqual([
          nameOf(route),
          theirs,
          403,
        ]);
      }
    }
  });

  test('is not allowed to read: no answer has a header that allows it', async () => {
    const headers = { ...(await site.signedIn('root', { role: 'admin' })), origin: 'https://evil.example' };
    for (const route of all().filter(({ method }) => method === 'GET')) {
      if (isUpgraded(route)) continue;
      const answer = await inject(route, { headers });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
    const asked = await site.inject({ method: 'OPTIONS', url: '/api/users', headers });
    expect(asked.statusCode).toBe(403);
  });

  test('may link to the app, and to nothing else of it', async () => {
    const headers = { ...(await site.signedIn('root')), 'sec-fetch-site': 'cross-site' };
    expect((await site.inject({ url: '/events/door', headers })).statusCode).toBe(200);
    expect((await site.inject({ url: '/api/cameras', headers })).statusCode).toBe(403);
  });

  test('an own page may, and so may a program with a token', async () => {
    const headers = await site.signedIn('root', { role: 'admin' });
    const remove = { method: 'DELETE', url: '/api/sessions/999' } as const;
    expect((await site.inject({ ...remove, headers })).statusCode).toBe(404);
    const { origin: _, ...withoutOrigin } = headers;
    expect((await site.inject({ ...remove, headers: withoutOrigin })).statusCode).toBe(403);
    const token = await site.withToken('program');
    expect((await site.inject({ url: '/api/session', headers: token })).statusCode).toBe(200);
  });
});

describe('a path that leads out', () => {
  const ways = [
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '..%5c..%5cetc%5cpasswd',
    '%2fetc%2fpasswd',
    'door%00.mp4',
    '....%2f%2fetc%2fpasswd',
    '%252e%252e%252fetc%252fpasswd',
  ];

  test('is refused in every parameter of every route', async () => {
    const headers = await site.signedIn('root', { role: 'admin' });
    for (const route of all().filter(({ url }) => url.includes(':'))) {
      for (const [, parameter = ''] of route.url.matchAll(/:(\w+)/g)) {
        for (const way of ways) {
          const answer = await ask(route, { headers, values: { camera: 'door', [parameter]: way } });
          // A body that is missing is told first where there has to be one.
          expect([nameOf(route), parameter, way, answer >= 400 && answer < 500]).toEqual([
            nameOf(route),
            parameter,
            way,
            true,
          ]);
        }
      }
    }
  });

  test('to a file of the app gives one of its pages or nothing', async () => {
    for (const way of [
      ...ways,
      '../../etc/passwd',
      'assets/..%2f..%2fpackage.json',
      'assets/../../package.json',
    ]) {
      const { body, statusCode } = await site.inject({ url: `/${way}` });
      if (statusCode === 200) expect(body).toMatch(/^<html><base href="[./]+" \/><\/html>$/);
      else expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(body).not.toContain('root:');
    }
  });
});

describe('a token in an address', () => {
  test('is refused by every route, also a valid one', async () => {
    const { authorization = '' } = await site.withToken('program', { role: 'admin' });
    const token = authorization.replace('Bearer ', '');
    for (const query of [`?token=${token}`, `?access_token=${token}`, `?x=${token}`, '?api_key=abc']) {
      for (const route of all().filter((one) => one.method !== 'HEAD')) {
        expect([nameOf(route), query, await ask(route, { query })]).toEqual([nameOf(route), query, 400]);
      }
    }
  });
});
