import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSource } from '../../archive/file-source.ts';
import { readSegment } from '../../archive/read-segment.ts';
import { writeIdentity } from '../../archive/volume-identity.ts';
import { silentLog } from '../../base/log.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import { wallMs } from '../../base/time.ts';
import type { Config } from '../../config/config.ts';
import { accessTo } from '../../db/index-access.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import type { PictureOrder } from '../../picture/messages.ts';
import { makeTestRun, writeTestSegment } from '../../playback/testing/test-run.ts';
import type { FootageJson } from '../api/footage.ts';
import { answerErrors } from '../error-answer.ts';
import { footageRoutes } from './footage.ts';

const START = Date.UTC(2026, 10, 28, 3, 0, 0);

let root = '';
let index: SqliteIndex;
let app: FastifyInstance;
let ordered: PictureOrder[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'preroll-footage-'));
  await mkdir(join(root, 'yard'));
  const volume = await writeIdentity(root);
  index = SqliteIndex.open(':memory:');
  const run = makeTestRun({ startWallMs: START, pictures: 30 });
  await writeTestSegment({ path: join(root, 'yard', '1.mp4'), run, from: 0, to: 30 });
  await using source = await FileSource.open(join(root, 'yard', '1.mp4'));
  const { segment } = await readSegment(source, { volume, path: 'yard/1.mp4' }, undefined);
  if (segment === undefined) throw new Error('no segment');
  index.apply([{ type: 'segment', segment }]);
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, silentLog);
  app.decorateRequest('audit', () => undefined);
  // All that the routes ask of it.
  const config = { archive: { volumes: [{ path: root }] } } as unknown as Config;
  const clock = new SimulatedClock(wallMs(START + 3_600_000));
  ordered = [];
  const pictures = {
    make: async (order: PictureOrder) => {
      ordered.push(order);
      return Uint8Array.of(0xff, 0xd8);
    },
  };
  await app.register(footageRoutes({ index: accessTo(index), config: () => config, clock, pictures }));
});
afterEach(async () => {
  await app.close();
  index.close();
  await rm(root, { recursive: true, force: true });
});

const get = async (path: string) => await app.inject(`/cameras/yard/footage${path}`);

describe('footage', () => {
  it('is told with everything needed to play it', async () => {
    const answer = await get(`?from=${START}&to=${START + 5_000}`);
    const json = answer.json<FootageJson>();
    expect(json).toMatchObject({
      fromMs: START,
      toMs: START + 5_000,
      nowMs: START + 3_600_000,
      previousMs: null,
      nextMs: null,
    });
    expect(json.segments).toHaveLength(1);
    expect(json.segments[0]).toMatchObject({
      id: String(START),
      runMs: START,
      endMs: START + 1_200,
      mime: 'video/mp4; codecs="avc1.64001e, mp4a.40.2"',
      hasSound: true,
    });
    const numbers = json.segments[0]?.fragments ?? [];
    expect([0, 4, 8].map((at) => [numbers[at], numbers[at + 1], numbers[at + 3]])).toEqual([
      [0, 400, 1],
      [400, 400, 1],
      [800, 400, 1],
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is given in the pieces that were told, to be kept by the browser of who is signed in', async () => {
    const [segment] = (await get(`?from=${START}&to=${START + 1}`)).json<FootageJson>().segments;
    const sizes = [2, 6, 10].map((at) => segment?.fragments[at] ?? 0);
    const init = await get(`/${segment?.id}/init`);
    const one = await get(`/${segment?.id}/fragments/1`);
    const more = await get(`/${segment?.id}/fragments/0-2`);
    expect(init.rawPayload.toString('latin1', 4, 8)).toBe('ftyp');
    expect(one.rawPayload.length).toBe(sizes[1]);
    expect(more.rawPayload.length).toBe(sizes.reduce((sum, size) => sum + size));
    expect(more.rawPayload.subarray(sizes[0], (sizes[0] ?? 0) + (sizes[1] ?? 0))).toEqual(one.rawPayload);
    for (const { headers } of [init, one, more]) {
      expect(headers['cache-control']).toBe('private, max-age=31536000, immutable');
      expect(headers['vary']).toBe('cookie');
    }
  });

  it('is given up to the picture of a moment', async () => {
    const whole = (await get(`/${START}/fragments/0-1`)).rawPayload;
    const lengthUntil = async (ms: number) => {
      const { rawPayload } = await get(`/${START}/fragments/0-1?until=${START + ms}`);
      expect(rawPayload).toEqual(whole.subarray(0, rawPayload.length));
      return rawPayload.length;
    };
    const lengths = await Promise.all([0, 400, 500, 520, 790, 5_000].map(lengthUntil));
    const [first = 0, key = 0, later = 0, next = 0, last = 0, after = 0] = lengths;
    // Of the fragment that holds the moment; the one before it is needed whole.
    expect(first).toBe(key);
    expect(key).toBeLessThan(later);
    expect(later).toBeLessThan(next);
    expect(next).toBeLessThan(last);
    expect(last).toBe(after);
    expect((await get(`/${START}/fragments/0?until=then`)).statusCode).toBe(400);
  });

  it('is given for a moment, with what it follows, to whom does not know what is recorded', async () => {
    const answer = await get(`/moment?at=${START + 500}`);
    expect(answer.headers).toMatchObject({
      'footage-fragments': `${START}/1-1`,
      'cache-control': 'private, max-age=300',
    });
    const { rawPayload: init } = await get(`/${START}/init`);
    const { rawPayload: fragments } = await get(`/${START}/fragments/1-1?until=${START + 500}`);
    expect(answer.rawPayload).toEqual(Buffer.concat([init, fragments]));
    const none = await get(`/moment?at=${START + 60_000}`);
    expect([none.statusCode, none.headers['footage-fragments']]).toEqual([204, undefined]);
  });

  it('is given as key pictures alone', async () => {
    const answer = await get(`/keys?from=${START + 500}&to=${START + 5_000}&every=300`);
    expect(answer.statusCode).toBe(200);
    const types: number[] = [];
    const bytes = answer.rawPayload;
    for (let at = 0; at < bytes.length; at += 16 + bytes.readUInt32BE(at + 4)) types.push(bytes[at] ?? 0);
    expect(types).toEqual([1, 3, 3]);
    expect((await get(`/keys?from=${START + 60_000}&to=${START + 60_001}`)).rawPayload).toHaveLength(0);
  });

  it('is given as a picture that the server decodes, with all that it refers to', async () => {
    const answer = await get(`/picture?at=${START + 500}&width=320`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'picture-time': String(START + 480),
      'cache-control': 'private, max-age=300',
    });
    expect(answer.rawPayload).toEqual(Buffer.of(0xff, 0xd8));
    const [order] = ordered;
    const numbers = order?.packets.map(({ data }) => Buffer.from(data).readUInt32BE());
    expect(numbers).toEqual([10, 11, 12]);
    expect(order).toMatchObject({ maxWidthPx: 320, shownPts: order?.packets.at(-1)?.pts });
    expect((await get(`/picture?at=${START + 60_000}`)).statusCode).toBe(404);
  });

  it('is answered whole, whatever parts a header asks for', async () => {
    const url = `/cameras/yard/footage/${START}/fragments/0`;
    const whole = (await app.inject(url)).rawPayload;
    for (const range of [
      'bytes=0-0',
      `bytes=${'0-1,'.repeat(1_000)}2-3`,
      'bytes=9-1',
      'bytes=-99999999999999999999',
    ]) {
      const answer = await app.inject({ url, headers: { range } });
      expect([range, answer.statusCode, answer.rawPayload.equals(whole)]).toEqual([range, 200, true]);
    }
  });

  it('that is not there is answered as such', async () => {
    const statusOf = async (path: string) => (await get(path)).statusCode;
    expect(await statusOf(`/${START + 1}/init`)).toBe(404);
    expect(await statusOf(`/${START}t/init`)).toBe(404);
    expect(await statusOf(`/${START}/fragments/3`)).toBe(404);
    expect(await statusOf(`/${START}/fragments/2-1`)).toBe(404);
    await rm(join(root, 'yard', '1.mp4'));
    const gone = await get(`/${START}/fragments/0`);
    expect(gone.statusCode).toBe(404);
    expect(gone.body).not.toContain(root);
    expect(await statusOf(`/keys?from=${START}&to=${START + 1}`)).toBe(200);
  });

  it.each([
    '?from=1',
    '?from=2&to=2',
    '?from=-1&to=2',
    '?from=1e99&to=2',
    '/..%2f..%2fetc%2fpasswd/init',
    '/x/init',
    `/${START}/fragments/a`,
    `/${START}/fragments/-1`,
    '/keys?from=1&to=2&every=0',
    // A year of segments would be read for one picture.
    '/keys?from=0&to=4503599627370496&every=86400000',
    '/keys?from=1&to=2&limit=1000',
    '/picture?at=then',
    '/moment?at=then',
    '/picture?at=1&width=1',
  ])('is not asked for by %s', async (path) => {
    expect((await get(path)).statusCode).toBe(400);
  });
});
