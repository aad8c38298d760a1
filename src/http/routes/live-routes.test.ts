import { once } from 'node:events';
import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { AuditedAct } from '../../account/audit-log.ts';
import { User, type Role } from '../../account/user.ts';
import { silentLog } from '../../base/log.ts';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import type { MotionJson } from '../../control/changes.ts';
import { PretendedRecorder } from '../../control/testing/pretended-recorder.ts';
import { accessTo } from '../../db/index-access.ts';
import { SqliteIndex } from '../../db/sqlite-index.ts';
import { makeSegment } from '../../db/testing/records.ts';
import { FollowedRecorder } from '../../live/followed-recorder.ts';
import type { LiveNotice } from '../../live/protocol.ts';
import { PretendedLink, record } from '../../live/testing/pretended-link.ts';
import { h264HighTrack } from '../../media/fmp4/testing/test-tracks.ts';
import { makePicture } from '../../media/testing/make-packet.ts';
import type { PictureOrder } from '../../picture/messages.ts';
import { PictureError } from '../../picture/picture-error.ts';
import type { PictureMaker } from '../../picture/picture-maker.ts';
import { enforceAccess } from '../access.ts';
import type { CamerasAnswer } from '../api/cameras.ts';
import type { ChangesNotice } from '../api/changes.ts';
import { answerErrors } from '../error-answer.ts';
import { cameraRoutes } from './cameras.ts';
import { changesRoutes } from './changes.ts';
import { explainedRoutes } from './explained.ts';
import { liveRoutes } from './live.ts';

let app: FastifyInstance;
let url: string;
let index: SqliteIndex;
let link: PretendedLink;
let followed: FollowedRecorder;
let clock: SimulatedClock;
let audited: AuditedAct[];
let makeJpeg: (order: PictureOrder) => Promise<Uint8Array>;
/** Who asks. */
let role: Role;
let visible: readonly string[] | null;

const recorder = new PretendedRecorder('yard', 'door');

beforeEach(async () => {
  [role, visible] = ['viewer', ['yard']];
  audited = [];
  clock = new SimulatedClock();
  link = new PretendedLink();
  followed = new FollowedRecorder({ link, clock, log: silentLog });
  followed.start();
  link.changes[0]?.tell({ type: 'cameras', cameras: recorder.status() });
  index = SqliteIndex.open(':memory:');
  makeJpeg = async () => Uint8Array.of(0xff, 0xd8);
  // All that the routes use of it.
  const pictures = { make: (order: PictureOrder) => makeJpeg(order) } as PictureMaker;
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, silentLog);
  await app.register(cookie);
  await app.register(websocket);
  const credential = { kind: 'session', id: 1 } as const;
  enforceAccess(app, () => new User({ id: 1, name: 'ada', role, cameras: visible, credential }));
  app.decorateRequest('audit', (act: AuditedAct) => void audited.push(act));
  const services = { followed, index: accessTo(index), link, pictures, clock, log: silentLog };
  await app.register(cameraRoutes(services));
  await app.register(liveRoutes(services));
  await app.register(changesRoutes(services));
  await app.register(explainedRoutes(services));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await app.close();
  await followed[Symbol.asyncDispose]();
  index.close();
});

/** A socket over a real connection, and what came on it. @throws Error with the status where it is refused. */
async function socketAt(path: string) {
  const texts: string[] = [];
  const bytes: Buffer[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`);
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) bytes.push(data);
    else texts.push(data.toString());
  });
  await once(socket, 'open');
  return { socket, texts, bytes };
}

describe('GET cameras', () => {
  test('tells the cameras that the user may see, with what is recorded of them', async () => {
    const segment = makeSegment(0);
    index.apply([{ type: 'segment', segment }]);
    const answer = (await app.inject('/cameras')).json<CamerasAnswer>();
    expect(answer.away).toBeNull();
    expect(answer.cameras).toMatchObject([
      { camera: 'yard', recorded: { fromMs: segment.startWallMs, toMs: segment.endWallMs } },
    ]);
    visible = null;
    const all = (await app.inject('/cameras')).json<CamerasAnswer>();
    expect(all.cameras.map(({ camera, recorded }) => [camera, recorded !== null])).toEqual([
      ['yard', true],
      ['door', false],
    ]);
  });
});

describe('GET cameras/:camera/snapshot', () => {
  test('is a picture of the stream and width asked for, and is audited', async () => {
    let made: PictureOrder | undefined;
    makeJpeg = async (order) => {
      made = order;
      return Uint8Array.of(0xff, 0xd8, 1);
    };
    const asked = app.inject('/cameras/yard/snapshot?stream=sub&width=320');
    await expect.poll(() => link.streams.length).toBe(1);
    expect(link.streams[0]?.watched).toEqual({ camera: 'yard', stream: 'sub' });
    link.stream.tell(record(makePicture(0)));
    link.stream.tell({ kind: 'caught-up' });
    const { statusCode, headers, rawPayload } = await asked;
    expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'image/jpeg',
      'no-store',
    ]);
    expect(rawPayload).toEqual(Buffer.of(0xff, 0xd8, 1));
    expect(made?.maxWidthPx).toBe(320);
    expect(audited).toEqual([{ action: 'saw', camera: 'yard', what: { kind: 'snapshot' } }]);
  });

  test('says why there is none', async () => {
    const asked = app.inject('/cameras/yard/snapshot');
    await expect.poll(() => link.streams.length).toBe(1);
    await clock.advance(10_000);
    expect((await asked).statusCode).toBe(409);
    makeJpeg = () => Promise.reject(new PictureError('busy', 'too many'));
    const second = app.inject('/cameras/yard/snapshot');
    await expect.poll(() => link.streams.length).toBe(2);
    link.stream.tell(record(makePicture(0)));
    link.stream.tell({ kind: 'caught-up' });
    expect((await second).statusCode).toBe(503);
    expect(audited).toEqual([]);
  });

  test.each(['door', 'cellar', '..%2Fyard', '%00', '%7Bfile:%2Fetc%2Fpasswd%7D'])(
    'there is none of %s, whether it exists or not',
    async (camera) => {
      const answer = await app.inject(`/cameras/${camera}/snapshot`);
      expect(answer.statusCode).toBe(404);
      expect(link.streams).toHaveLength(0);
    },
  );
});

describe('live', () => {
  test('plays a camera that the user may see, and no other', async () => {
    const { socket, texts, bytes } = await socketAt('/live');
    const notices = () => texts.map((text) => JSON.parse(text) as LiveNotice);
    const play = { t: 'play', stream: 'main', mode: 'mse', v: ['avc1'], a: [] };
    socket.send(JSON.stringify({ ...play, cam: 'door' }));
    await expect.poll(() => texts.length).toBe(1);
    expect(notices()).toMatchObject([{ t: 'error', code: 'no-camera' }]);
    socket.send(JSON.stringify({ ...play, cam: 'yard' }));
    await expect.poll(() => link.streams.length).toBe(1);
    link.stream.tell({ kind: 'run' });
    link.stream.tell(record(makePicture(0, { track: h264HighTrack })));
    link.stream.tell({ kind: 'caught-up' });
    await expect.poll(() => bytes.length).toBe(2);
    expect(notices().at(-1)).toMatchObject({ t: 'track', stream: 'main' });
    expect(audited).toEqual([{ action: 'saw', camera: 'yard', what: { kind: 'live' } }]);
    socket.terminate();
    await expect.poll(() => link.streams[0]?.isOver).toBe(true);
  });

  test.each(['/live', '/changes'])('%s without an upgrade says that there is a WebSocket', async (path) => {
    expect((await app.inject(path)).statusCode).toBe(426);
  });
});

describe('changes', () => {
  const types = (texts: readonly string[]) => texts.map((text) => (JSON.parse(text) as ChangesNotice).type);

  test('tells what changes of the cameras that the user may see', async () => {
    const { socket, texts } = await socketAt('/changes');
    await expect.poll(() => texts.length).toBe(1);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ type: 'cameras', cameras: [{ camera: 'yard' }] });
    const [yard, door] = recorder.status();
    if (yard === undefined || door === undefined) throw new Error('no cameras');
    const tell = link.changes[0]?.tell;
    tell?.({ type: 'camera', status: door });
    tell?.({ type: 'event', camera: 'door', change: 'begun', event: {} as never });
    tell?.({ type: 'configuration', problem: 'url: "rtsp://host"' });
    tell?.({ type: 'camera', status: yard });
    tell?.({ type: 'event', camera: 'yard', change: 'begun', event: {} as never });
    await expect.poll(() => texts.length).toBe(3);
    expect(types(texts)).toEqual(['cameras', 'camera', 'event']);
    socket.terminate();
  });

  test('tells admins what is wrong with the configuration', async () => {
    [role, visible] = ['admin', null];
    const { socket, texts } = await socketAt('/changes');
    link.changes[0]?.tell({ type: 'configuration', problem: 'line 3' });
    await expect.poll(() => texts.length).toBe(2);
    expect(JSON.parse(texts[1] ?? '')).toEqual({ type: 'configuration', problem: 'line 3' });
    socket.terminate();
  });

  test('tells motion of the cameras that a page asks for, while it does', async () => {
    const { socket, texts } = await socketAt('/changes');
    socket.send('{"t":"motion"');
    socket.send(JSON.stringify({ t: 'motion', cameras: ['yard', 'door', 'cellar'] }));
    await expect.poll(() => link.motion.length).toBe(1);
    link.motion[0]?.tell({ type: 'motion', camera: 'yard' } as MotionJson);
    await expect.poll(() => texts.length).toBe(2);
    expect(types(texts)).toEqual(['cameras', 'motion']);
    socket.send(JSON.stringify({ t: 'motion', cameras: [] }));
    await expect.poll(() => link.motion[0]?.isOver).toBe(true);
    socket.send(JSON.stringify({ t: 'motion', cameras: ['yard'] }));
    await expect.poll(() => link.motion.length).toBe(2);
    socket.terminate();
    await expect.poll(() => link.motion[1]?.isOver).toBe(true);
    expect(link.motion.map(({ camera }) => camera)).toEqual(['yard', 'yard']);
  });
});

describe('explained', () => {
  test('shows how the detector sees the camera, while somebody watches', async () => {
    const { socket, texts, bytes } = await socketAt('/cameras/yard/explained');
    await expect.poll(() => link.explained.length).toBe(1);
    const jpeg = Buffer.of(0xff, 0xd8, 2).toString('base64');
    link.explained[0]?.tell({ type: 'explained', wallMs: 5, score: 7, isMotion: true, jpeg });
    await expect.poll(() => bytes.length).toBe(1);
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
      { wallMs: 5, score: 7, isMotion: true },
    ]);
    expect(bytes).toEqual([Buffer.of(0xff, 0xd8, 2)]);
    expect(audited).toEqual([{ action: 'saw', camera: 'yard', what: { kind: 'live-motion' } }]);
    socket.terminate();
    await expect.poll(() => link.explained[0]?.isOver).toBe(true);
  });

  test('nothing of a camera that the user may not see', async () => {
    await expect(socketAt('/cameras/door/explained')).rejects.toThrow('404');
    expect(link.explained).toHaveLength(0);
  });
});
