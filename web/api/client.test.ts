import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask, askFile, socketUrlOf, urlOf } from './client.ts';

const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.stubGlobal('document', { baseURI: 'https://cameras.example/some/path/' });
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockReset();
});

function answer(status: number, body: string): void {
  fetched.mockResolvedValueOnce(new Response(body === '' ? null : body, { status }));
}

test('addresses lie below the path that a proxy has put the app under', () => {
  expect(urlOf('api/cameras')).toBe('https://cameras.example/some/path/api/cameras');
  expect(socketUrlOf('api/changes')).toBe('wss://cameras.example/some/path/api/changes');
});

test('what is sent is JSON, and an empty answer is undefined', async () => {
  answer(204, '');
  expect(await ask('api/users', { method: 'POST', body: { name: 'ben' } })).toBeUndefined();
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({
    method: 'POST',
    body: '{"name":"ben"}',
    headers: { 'content-type': 'application/json' },
  });
});

test('an error tells its kind, and of the server the message, the field and the reason', async () => {
  answer(400, '{"error":{"message":"This name is taken.","field":"name","reason":{"code":"name-taken"}}}');
  await expect(ask('api/users')).rejects.toMatchObject({
    kind: 'refused',
    message: 'This name is taken.',
    field: 'name',
    reason: { code: 'name-taken' },
  });
  answer(401, '{"error":{"message":"Nobody is signed in."}}');
  await expect(ask('api/users')).rejects.toMatchObject({ kind: 'signed-out', field: undefined });
});

test('an error page of a proxy is told by its status', async () => {
  answer(502, '<html>Bad gateway</html>');
  await expect(ask('api/users')).rejects.toMatchObject({
    kind: 'failed',
    message: 'The server answered with status 502.',
  });
});

test('no answer at all is another kind of error, unless the asker has left', async () => {
  fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await expect(ask('api/users')).rejects.toMatchObject({ kind: 'unreachable' });
  const leaving = AbortSignal.abort();
  fetched.mockRejectedValueOnce(leaving.reason);
  await expect(ask('api/users', { signal: leaving })).rejects.toBe(leaving.reason);
});

test('an answer that takes too long is given up, also one that has begun', async () => {
  const endless = (_: unknown, init?: RequestInit): Promise<never> =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
    });
  const error = { kind: 'unreachable', reason: { code: 'silent', limitMs: 1 } };
  fetched.mockImplementationOnce(endless);
  await expect(ask('api/users', { limitMs: 1 })).rejects.toMatchObject(error);
  fetched.mockImplementationOnce((url, init) => {
    const response = new Response('{');
    response.text = () => endless(url, init);
    return Promise.resolve(response);
  });
  await expect(ask('api/users', { limitMs: 1 })).rejects.toMatchObject(error);
});

test('a file is refused for the same reasons, which a page tells in its own language', async () => {
  answer(200, 'JPEG');
  expect(await (await askFile('api/cameras/yard/snapshot')).text()).toBe('JPEG');
  answer(404, '{"error":{"message":"There is no camera.","reason":{"code":"no-camera","camera":"yard"}}}');
  const reason = { code: 'no-camera', camera: 'yard' };
  await expect(askFile('api/cameras/yard/snapshot')).rejects.toMatchObject({ kind: 'missing', reason });
  fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
  await expect(askFile('x')).rejects.toMatchObject({ reason: { code: 'unreachable' } });
});
