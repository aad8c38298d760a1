import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ControlApi } from './control-api.ts';
import { PretendedRecorder } from './testing/pretended-recorder.ts';

let recorder: PretendedRecorder;
let api: ControlApi;

beforeEach(() => {
  recorder = new PretendedRecorder('yard', 'front door');
  api = new ControlApi(recorder);
});

function post(path: string, body: unknown = '') {
  return api.handle({ method: 'POST', path, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function problem(asked: ReturnType<typeof post>): Promise<[number, string]> {
  const answer = await asked;
  const { error } = answer.body as { error: { message: string } };
  return [answer.status, error.message];
}

describe('ControlApi', () => {
  test('tells the state of every camera', async () => {
    expect(await api.handle({ method: 'GET', path: '/api/status?x=1', body: '' })).toEqual({
      status: 200,
      body: { cameras: recorder.status() },
    });
  });

  test('tells what has been counted of every camera', async () => {
    expect(await api.handle({ method: 'GET', path: '/api/meters', body: '' })).toEqual({
      status: 200,
      body: recorder.meters(),
    });
    expect((await post('/api/meters')).status).toBe(405);
  });

  test('starts an event with a cause and a duration, by hand and without end where none is said', async () => {
    expect(await post('/api/cameras/yard/event/start', { cause: 'doorbell', duration: '1m' })).toMatchObject({
      status: 200,
      body: { camera: 'yard', held: ['doorbell'] },
    });
    expect((await post('/api/cameras/yard/event/start')).status).toBe(200);
    expect((await post('/api/cameras/yard/event/start', { cause: 'x', duration: 5 })).status).toBe(200);
    expect(recorder.held('yard')).toEqual({ doorbell: 60_000, manual: undefined, x: 5_000 });
  });

  test('stops what was started, and says when there is nothing to stop', async () => {
    await post('/api/cameras/yard/event/start', { cause: 'doorbell' });
    expect(await problem(post('/api/cameras/yard/event/stop'))).toEqual([
      404,
      'yard: no event of the cause manual has been started, or it is over',
    ]);
    expect(await post('/api/cameras/yard/event/stop', { cause: 'doorbell' })).toMatchObject({
      status: 200,
      body: { held: [] },
    });
    expect((await post('/api/cameras/yard/event/stop', { cause: 'doorbell' })).status).toBe(404);
  });

  test('finds a camera whose name has other letters, and names the nearest of one that is not there', async () => {
    expect((await post('/api/cameras/front%20door/event/start')).status).toBe(200);
    expect(await problem(post('/api/cameras/frontdoor/event/start'))).toEqual([
      404,
      'no camera "frontdoor" is being recorded, did you mean front door?',
    ]);
  });

  test.each([
    ['a cause', { cause: 'a b' }, 'cause: expected a cause of 1 to 32 letters, digits, _ or -'],
    ['a cause that is text', { cause: 5 }, 'cause: expected a cause of 1 to 32 letters, digits, _ or -'],
    [
      'a cause of its own',
      { cause: 'motion' },
      'cause: expected a cause other than motion, unwatched, loud, schedule',
    ],
    ['a duration', { duration: '5 s' }, /^duration: expected a duration from 1s to 1d/],
    ['a duration that has a length', { duration: 0 }, /^duration: expected a duration from 1s to 1d/],
    ['known members', { cause: 'a', until: 1 }, 'unknown member "until"'],
    ['known members', '{"__proto__": {"cause": "a"}}', 'unknown member "__proto__"'],
    ['an object', [1], 'expected a JSON object'],
    ['an object', 'null', 'expected a JSON object'],
    ['JSON', '{"cause"', 'expected a body of JSON, found something else'],
  ])('wants %s: %j', async (_, body, expected) => {
    const [status, message] = await problem(post('/api/cameras/yard/event/start', body));
    expect([status, message]).toEqual([400, expect.stringMatching(expected) as unknown]);
    expect(recorder.held('yard')).toEqual({});
  });

  test('says when there are too many causes', async () => {
    expect(await problem(post('/api/cameras/yard/event/start', { cause: 'many' }))).toEqual([
      409,
      'yard: too many causes at once',
    ]);
  });

  test.each([
    ['GET', '/api/cameras/yard/event/start', 405],
    ['POST', '/api/status', 405],
    ['GET', '/', 404],
    ['GET', '/api', 404],
    ['POST', '/api/cameras/yard/event', 404],
    ['POST', '/api/cameras/yard/event/start/', 404],
    ['POST', '/api/cameras/yard/event/restart', 404],
    ['POST', '/api/cameras//event/start', 404],
    ['POST', '/api/cameras/%/event/start', 404],
    ['POST', '/api/cameras/..%2Fyard/event/start', 404],
    ['OPTIONS', '*', 404],
    ['GET', 'http://localhost/api/status', 404],
  ])('offers nothing for %s %s', async (method, path, status) => {
    expect((await problem(api.handle({ method, path, body: '' })))[0]).toBe(status);
  });

  test('keeps and deletes events, and says why it does not', async () => {
    const event = { camera: 'yard', trigger: 1_000 };
    expect(await post('/api/events/keep', { ...event, kept: true })).toEqual({ status: 200, body: {} });
    expect(await post('/api/events/delete', event)).toEqual({ status: 200, body: {} });
    expect(await problem(post('/api/events/delete', { ...event, trigger: 0 }))).toEqual([
      409,
      'the event is still going on',
    ]);
    expect(await problem(post('/api/events/delete', { ...event, camera: 'x' }))).toEqual([
      404,
      'there is no event of "x" with this trigger',
    ]);
    expect((await problem(post('/api/events/keep', event)))[1]).toBe('kept: expected true or false');
    expect((await problem(post('/api/events/delete', { camera: 'yard' })))[1]).toMatch(/^trigger: expected/);
    expect((await problem(post('/api/events/delete', { trigger: 1 })))[1]).toMatch(/^camera: expected/);
    expect((await problem(api.handle({ method: 'GET', path: '/api/events/keep', body: '' })))[0]).toBe(405);
  });

  test('answers garbage with an error', async () => {
    const paths = fc.oneof(
      fc.string(),
      fc.string().map((name) => `/api/cameras/${name}/event/start`),
      fc.constant('/api/cameras/yard/event/stop'),
    );
    const bodies = fc.oneof(fc.string(), fc.json());
    await fc.assert(
      fc.asyncProperty(fc.string(), paths, bodies, async (method, path, body) => {
        const { status } = await api.handle({ method, path, body });
        expect(status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 2_000 },
    );
  });
});
