import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../base/log.ts';
import { PASSWORD, startTestSite, type TestSite, type TestSiteOptions } from './testing/test-site.ts';

const CANARY = 'canary-Pa55word';

let site: TestSite;
let logged: string[];

const log: Log = {
  debug: (...parts) => void logged.push(JSON.stringify(parts)),
  info: (...parts) => void logged.push(JSON.stringify(parts)),
  warn: (...parts) => void logged.push(JSON.stringify(parts)),
  error: (...parts) => void logged.push(JSON.stringify(parts)),
  with: () => log,
};

const opened: TestSite[] = [];

/** Another one, in the place of the one before. */
async function open(options: TestSiteOptions = {}): Promise<void> {
  site = await startTestSite({ log, ...options });
  opened.push(site);
}

beforeEach(async () => {
  logged = [];
  await open();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

const signIn = async (name: string, password: string, headers: Record<string, string> = {}) =>
  await site.inject({ method: 'POST', url: '/api/session', payload: { name, password }, headers });

async function addUser(name: string): Promise<void> {
  await site.accounts.addUser({ name, password: PASSWORD }, { role: 'admin', cameras: null });
}

describe('the cookie of a session', () => {
  test('is for no script, no other site, and stays encrypted where there is encryption', async () => {
    await open({ trustedProxies: ['127.0.0.1'] });
    await addUser('ada');
    const plain = await signIn('ada', PASSWORD);
    expect(plain.headers['set-cookie']).toMatch(
      /^preroll-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const proxied = await signIn('ada', PASSWORD, {
      'x-forwarded-proto': 'https',
      'x-forwarded-prefix': '/cameras/',
    });
    expect(proxied.headers['set-cookie']).toMatch(/; Path=\/cameras\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  test('is worth nothing once its user has signed out everywhere', async () => {
    await addUser('ada');
    const cookies = [await signIn('ada', PASSWORD), await signIn('ada', PASSWORD)].map(
      ({ headers }) => String(headers['set-cookie']).split(';')[0] ?? '',
    );
    const origin = { origin: 'http://localhost', host: 'localhost' };
    const headersOf = (at: number) => ({ ...origin, cookie: cookies[at] ?? '' });
    const out = await site.inject({ method: 'DELETE', url: '/api/sessions', headers: headersOf(0) });
    expect(out.statusCode).toBe(204);
    for (const at of [0, 1]) {
      expect((await site.inject({ url: '/api/session', headers: headersOf(at) })).statusCode).toBe(401);
    }
  });
});

test('a WebSocket ends when its user may no longer what he could', async () => {
  const headers = await site.signedIn('vera');
  const socket = await site.openSocket('/api/changes', headers, () => undefined);
  const isOpen = () => socket.readyState === socket.OPEN;
  site.openSockets.endUnless((user) => site.accounts.isStill(user));
  await new Promise((resolve) => void setImmediate(resolve));
  expect(isOpen()).toBe(true);
  site.accounts.users.setRights(site.accounts.users.get('vera'), { role: 'viewer', cameras: ['door'] });
  const ended: string[] = [];
  site.openSockets.endUnless((user) => {
    const isStill = site.accounts.isStill(user);
    if (!isStill) ended.push(user.name);
    return isStill;
  });
  expect(ended).toEqual(['vera']);
});

test('whose WebSockets may stay is asked once for each session, however many it has', async () => {
  const [vera, ben] = [await site.signedIn('vera'), await site.signedIn('ben')];
  for (const headers of [vera, vera, ben, vera]) {
    await site.openSocket('/api/changes', headers, () => undefined);
  }
  const asked: string[] = [];
  site.openSockets.endUnless(({ name }) => {
    asked.push(name);
    return true;
  });
  expect(asked).toEqual(['vera', 'ben']);
});

test('wrong passwords are throttled over HTTP, with the time to wait; others sign in meanwhile', async () => {
  await open({ trustedProxies: ['127.0.0.1'] });
  await addUser('ada');
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const statuses: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    statuses.push((await signIn('ada', `wrong ${i}`, from('203.0.113.9'))).statusCode);
  }
  expect(statuses).toEqual([400, 400, 400, 400, 400, 429, 429, 429, 429, 429, 429, 429]);
  const throttled = await signIn('ada', PASSWORD, from('203.0.113.9'));
  expect(throttled.statusCode).toBe(429);
  expect(throttled.headers['retry-after']).toBe('1');
  expect((await signIn('ada', PASSWORD, from('192.0.2.7'))).statusCode).toBe(200);
});

test('whoever changes his password is told that the present one is wrong, at its field', async () => {
  const headers = await site.signedIn('vera');
  const payload = { password: 'wrong', newPassword: 'another horse 8' };
  const refused = await site.inject({ method: 'PUT', url: '/api/session/password', headers, payload });
  expect([refused.statusCode, refused.json()]).toEqual([
    400,
    {
      error: {
        message: 'The present password is wrong.',
        field: 'password',
        reason: { code: 'wrong-present-password' },
      },
    },
  ]);
});

test('who forges X-Forwarded-For is throttled by his own address', async () => {
  await addUser('ada');
  const statuses = new Set<number>();
  for (let i = 0; i < 10; i += 1) {
    statuses.add((await signIn('ada', 'wrong', { 'x-forwarded-for': `203.0.113.${i}` })).statusCode);
  }
  expect(statuses.has(429)).toBe(true);
});

test('passwords appear in no log and no answer, whatever goes wrong with them', async () => {
  const headers = await site.signedIn('root', { role: 'admin' });
  const token = CANARY;
  const bodies = [
    { name: 'ada', password: CANARY },
    { name: CANARY, password: CANARY },
    { name: 'ada', password: CANARY, role: 'king', cameras: null },
    { name: 'ada', password: CANARY, role: 'viewer', cameras: null },
    { name: 'ada', password: CANARY, more: CANARY },
    { name: 'ada', password: [CANARY] },
    { password: CANARY, newPassword: CANARY },
    { token, name: 'ada', password: CANARY },
    { password: CANARY },
    CANARY,
    `{"password":"${CANARY}`,
  ];
  for (const { method, url } of site.app.routeTable) {
    if (method === 'GET' || method === 'HEAD') continue;
    for (const payload of bodies) {
      const answer = await site.inject({
        method: method as 'POST',
        url: url.replaceAll(/:\w+/g, 'root').replace('*', ''),
        headers: { ...headers, 'content-type': 'application/json' },
        payload,
      });
      // The name of an account may be whatever its maker likes.
      const told = answer.body.replaceAll(`"name":"${CANARY}"`, '');
      expect([method, url, told.includes(CANARY)]).toEqual([method, url, false]);
    }
  }
  expect(logged.join('\n')).not.toContain(CANARY);
  const audit = await site.inject({
    url: '/api/audit?limit=500',
    headers: await site.signedIn('other', { role: 'admin' }),
  });
  expect(audit.statusCode).toBe(200);
  expect(audit.body).not.toContain(CANARY);
});

test('an error that nobody expected is told to the log, not to whoever asked', async () => {
  await open({
    moreRoutes: [
      async (app) => {
        app.get('/broken', { config: { access: 'public' } }, async () => {
          throw new Error('secret inside');
        });
      },
    ],
  });
  const { statusCode, body } = await site.inject({ url: '/api/broken' });
  expect(statusCode).toBe(500);
  expect(body).toBe(
    '{"error":{"message":"Something went wrong in the server. Its log tells what.","reason":{"code":"server-failed"}}}',
  );
  expect(logged.join('\n')).toContain('secret inside');
});

describe('below a path of a proxy', () => {
  test.each([
    ['cut off by it', { trustedProxies: ['127.0.0.1'] }, '', { 'x-forwarded-prefix': '/nvr' }],
    ['told and left in', { trustedProxies: ['127.0.0.1'] }, '/nvr', { 'x-forwarded-prefix': '/nvr' }],
    ['set in the configuration', { basePath: '/nvr' }, '/nvr', {}],
  ])('that is %s the app and its API are found', async (_, options, prefix, headers) => {
    await open(options);
    expect((await site.inject({ url: `${prefix}/api/setup`, headers })).json()).toEqual({ isNeeded: true });
    const pages: [string, string][] = [
      ['/', './'],
      ['/live', './'],
      ['/live/front.door', '../'],
      ['/timeline/a/b', '../../'],
    ];
    for (const [page, up] of pages) {
      const { body } = await site.inject({ url: prefix + page, headers });
      expect([page, body]).toEqual([page, `<html><base href="${up}" /></html>`]);
    }
  });

  test('that nobody who is trusted tells is not believed', async () => {
    const { headers } = await site.inject({
      url: '/nvr/api/setup',
      headers: { 'x-forwarded-prefix': '/nvr' },
    });
    expect(headers['content-type']).toBe('text/html');
  });
});

describe('files of the app', () => {
  test('with a hash in their name are kept for good, and compressed', async () => {
    const { headers, rawPayload } = await site.inject({
      url: '/assets/main-1.js',
      headers: { 'accept-encoding': 'gzip, br' },
    });
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-encoding']).toBe('br');
    expect(rawPayload.length).toBeLessThan(100);
  });

  test('without one are asked for again, and not sent twice', async () => {
    const first = await site.inject({ url: '/favicon.svg' });
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await site.inject({
      url: '/favicon.svg',
      headers: { 'if-none-match': String(first.headers['etag']) },
    });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test.each(['/assets/gone-1.js', '/robots.txt', '/api/gone', '/api'])(
    '%s is not a page of the app',
    async (url) => {
      expect((await site.inject({ url })).statusCode).toBe(404);
    },
  );
});

test('the API describes itself to whoever has signed in', async () => {
  const { paths } = (
    await site.inject({ url: '/api/openapi.json', headers: await site.signedIn('vera') })
  ).json<{ paths: Record<string, object> }>();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/api/session', '/api/users/{name}', '/api/timeline']),
  );
});
