import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ask, socketUrlOf, urlOf } from './client.ts';

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

test('an error tells its kind, the message of the server and the field', async () => {
  answer(400, '{"error":{"message":"This name is taken.","field":"name"}}');
  await expect(ask('api/users')).rejects.toMatchObject({
    kind: 'refused',
    message: 'This name is taken.',
    field: 'name',
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
