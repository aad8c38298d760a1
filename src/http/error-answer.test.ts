import { once } from 'node:events';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { NoPictureError } from '../live/take-snapshot.ts';
import { PictureError } from '../picture/picture-error.ts';
import { answerErrors } from './error-answer.ts';
import { signalOf } from './request-signal.ts';

async function answered(error: Error) {
  await using app = fastify();
  answerErrors(app, silentLog);
  app.get('/', async () => {
    throw error;
  });
  const answer = await app.inject('/');
  return { status: answer.statusCode, ...answer.json<{ readonly error: unknown }>() };
}

test('a picture that there is not is told with its reason, wherever it was asked for', async () => {
  expect(await answered(new NoPictureError('taking a picture of yard: it sends none at present'))).toEqual({
    status: 409,
    error: {
      message: 'The camera sends no picture at present: it is away or connecting.',
      reason: { code: 'no-picture' },
    },
  });
  expect(await answered(new PictureError('failed', 'making a picture: bad data'))).toEqual({
    status: 503,
    error: {
      message: 'The picture could not be made now. Try again in a moment.',
      reason: { code: 'picture-failed' },
    },
  });
});

test('who leaves before he was answered is no error of the log, other failures are', async () => {
  await using app = fastify();
  const errors: string[] = [];
  const log: Log = { ...silentLog, error: (message) => void errors.push(message) };
  answerErrors(app, log);
  const asked = new Promise<void>((resolve) =>
    app.get('/slow', async (request) => {
      const signal = signalOf(request);
      resolve();
      await once(signal, 'abort');
      signal.throwIfAborted();
    }),
  );
  const failed = new Promise<void>((resolve) => app.addHook('onError', async () => resolve()));
  app.get('/broken', async () => {
    throw new DOMException('aborted by something else', 'AbortError');
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const leaving = new AbortController();
  const answer = fetch(`${url}/slow`, { signal: leaving.signal }).catch(() => undefined);
  await asked;
  leaving.abort();
  await Promise.all([answer, failed]);
  expect((await fetch(`${url}/broken`)).status).toBe(500);
  expect(errors).toEqual(['GET /broken: aborted by something else']);
});
