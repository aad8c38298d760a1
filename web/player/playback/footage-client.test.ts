import { expect, it, onTestFinished, vi } from 'vitest';
import { FootageError, footageClient } from './footage-client.ts';
import { readKeyStream } from './key-stream.ts';

const { signal } = new AbortController();

function pretend(answer: () => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetcher: typeof fetch = async (url) => {
    asked.push(url instanceof Request ? url.url : String(url));
    return await answer();
  };
  return { asked, client: footageClient('api/', 'back yard', fetcher) };
}
const problemOf = async (answer: () => Response | Promise<Response>) =>
  await pretend(answer)
    .client.init('1', signal)
    .then(
      () => undefined,
      (error: unknown) => (error instanceof FootageError ? error.problem : error),
    );

/** A record of `footage/keys`. */
function record(type: number, atMs: number, data: Uint8Array): number[] {
  const header = new DataView(new ArrayBuffer(16));
  header.setUint8(0, type);
  header.setUint32(4, data.length);
  header.setFloat64(8, atMs);
  return [...new Uint8Array(header.buffer), ...data];
}
const FORMAT = { codec: 'avc1.64001f', codedWidth: 4, codedHeight: 2, description: btoa('\u0001\u0002') };
const KEYS = Uint8Array.from([
  ...record(1, 0, new TextEncoder().encode(JSON.stringify(FORMAT))),
  ...record(3, 1_000.5, Uint8Array.of(7, 8)),
  ...record(3, 3_000.5, Uint8Array.of(9)),
]);

it('asks relative to the page, whatever a camera is called', async () => {
  const { asked, client } = pretend(() => new Response(Uint8Array.of(1, 2)));
  await client.fragments('17', 2, 4, signal);
  for await (const piece of client.fragmentsUntil('17', 2, 4, 1_234.9, signal)) expect(piece).toHaveLength(2);
  await client.init('17t', signal);
  await client.keys({ fromMs: 1.5, toMs: 2.5, everyMs: 0.2, limit: 3 }, signal);
  expect(asked).toEqual([
    'api/cameras/back%20yard/footage/17/fragments/2-4',
    'api/cameras/back%20yard/footage/17/fragments/2-4?until=1234',
    'api/cameras/back%20yard/footage/17t/init',
    'api/cameras/back%20yard/footage/keys?from=1&to=3&every=1&limit=3',
  ]);
});

it('is told what the server found for a moment', async () => {
  const headers = { 'footage-fragments': '17t/2-4' };
  const { asked, client } = pretend(() => new Response(Uint8Array.of(1, 2), { headers }));
  const { pieces, ...found } = await client.moment(1_234.9, signal);
  expect(found).toEqual({ segmentId: '17t', first: 2, last: 4 });
  for await (const piece of pieces) expect(piece).toHaveLength(2);
  expect(asked).toEqual(['api/cameras/back%20yard/footage/moment?at=1234']);
  const nothing = pretend(() => new Response(null, { status: 204 }));
  expect(await nothing.client.moment(1, signal)).toMatchObject({ segmentId: '' });
});

it('tells why it gets nothing', async () => {
  const body = JSON.stringify({ error: { message: 'gone' } });
  expect(await problemOf(() => new Response(body, { status: 404 }))).toEqual({
    kind: 'missing',
    detail: 'gone',
  });
  expect(await problemOf(() => new Response('', { status: 401 }))).toEqual({ kind: 'forbidden', detail: '' });
  expect(await problemOf(() => new Response('<html>', { status: 502 }))).toEqual({
    kind: 'network',
    detail: '',
  });
  expect(await problemOf(() => Promise.reject(new TypeError('offline')))).toEqual({
    kind: 'network',
    detail: '',
  });
});

it('takes a server that says nothing for one that is not reached', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const silent: typeof fetch = (_, request) =>
    new Promise((_resolve, reject) => {
      request?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
  const answer = footageClient('api/', 'yard', silent)
    .init('1', signal)
    .catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await answer).toMatchObject({ problem: { kind: 'network' } });
});

it('reads key pictures with how to decode them, without what was cut off', () => {
  const pictures = readKeyStream(KEYS);
  expect(pictures.map(({ atMs, data }) => [atMs, [...data]])).toEqual([
    [1_000.5, [7, 8]],
    [3_000.5, [9]],
  ]);
  expect(pictures[1]?.format).toEqual({ ...FORMAT, description: Uint8Array.of(1, 2) });
  expect(readKeyStream(KEYS.subarray(0, KEYS.length - 1))).toHaveLength(1);
  expect(readKeyStream(KEYS.subarray(0, 20))).toHaveLength(0);
});
