import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera, type FakeCameraOptions } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { startHostileServer, type HostileKind } from '../fake-camera/hostile-server.ts';
import { makeFolder, PrerollProcess, writeConfig, type Ended } from './preroll-process.ts';
import { filesBelow, recordingsOf } from './recordings.ts';

/** A quiet yard: a loop too short for anyone to pass. */
const QUIET = { ...TINY, loopSeconds: 4 };
/** Someone passes from second 6 to 13. */
const BUSY = { ...TINY, loopSeconds: 14 };

const HOSTILE: readonly HostileKind[] = [
  'blackhole',
  'close',
  'garbage',
  'drip',
  'endless-header',
  'huge-body',
  'http',
];

/** Must turn up nowhere; needs percent-encoding in a URL. */
const CANARY = 'canary/4711@"yellow%41';
const CANARY_USER = 'keeper';

const isLinux = process.platform === 'linux';

/** One recorder with a camera for each kind of trouble, and one that is well. */
const cleanup: AsyncDisposable[] = [];
let archive: string;
let folderPath: string;
let ended: Ended;
let stderr: string;
let commandLines = '';
let toldStatus = '';
let peakMemoryKib = 0;

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  folderPath = folder.path;
  archive = join(folder.path, 'archive');
  const tiny = await testClip(QUIET);
  const start = async (name: string, options: Partial<FakeCameraOptions> = {}) => {
    const camera = await FakeCamera.start({ clock: systemClock, main: tiny, name, ...options });
    cleanup.push(camera);
    return camera;
  };
  const cameras = {
    live: await start('live'),
    dropped: await start('dropped'),
    unplugged: await start('unplugged'),
    stalled: await start('stalled'),
    frozen: await start('frozen'),
    shuffled: await start('shuffled', { maxPacketBytes: 300 }),
    lossy: await start('lossy', { maxPacketBytes: 300 }),
    cut: await start('cut', { main: await testClip(BUSY), waitsForViewer: true }),
    locked: await start('locked', {
      authentication: { scheme: 'digest', username: CANARY_USER, password: 'another' },
    }),
    stale: await start('stale', {
      authentication: { scheme: 'digest', username: CANARY_USER, password: CANARY },
    }),
  };
  cameras.shuffled.set({ duplicateShare: 0.2, reorderShare: 0.2 });
  cameras.lossy.set({ lossShare: 0.01 });
  const hostile = await Promise.all(HOSTILE.map((kind) => startHostileServer(kind, systemClock)));
  const reflecting = await startReflectingServer();
  cleanup.push(...hostile, reflecting);

  const always = (url: string, more: object = {}) => ({
    url,
    mode: 'always',
    ...more,
  });
  const withUser = (url: string) =>
    url.replace('rtsp://', `rtsp://${CANARY_USER}:${encodeURIComponent(CANARY)}@`);
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    log: { level: 'debug' },
    cameras: {
      live: always(cameras.live.url),
      dropped: always(cameras.dropped.url),
      unplugged: always(cameras.unplugged.url),
      stalled: always(cameras.stalled.url),
      frozen: always(cameras.frozen.url),
      shuffled: always(cameras.shuffled.url, { transport: 'udp' }),
      lossy: always(cameras.lossy.url, { transport: 'udp' }),
      cut: { url: cameras.cut.url },
      locked: always(withUser(cameras.locked.url)),
      stale: always(cameras.stale.url, { username: CANARY_USER, password: CANARY }),
      reflecting: always(withUser(reflecting.url)),
      nobody: always(withUser('rtsp://127.0.0.1:9/')),
      ...Object.fromEntries(HOSTILE.map((kind, index) => [kind, always(hostile[index]?.url ?? '')])),
    },
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);

  const loses = (name: string) => preroll.says(new RegExp(`WARN +\\[${name}\\] .*trying again`));
  const isBack = (name: string) => preroll.says(`[${name}] recording to`, 2);
  const steps = [
    preroll.says('[live] recorded', 3),
    preroll.says('[shuffled] recorded', 2),
    preroll.says('[lossy] recorded', 2),
    ...[...HOSTILE, 'locked', 'reflecting', 'nobody'].map(loses),
    (async () => {
      await preroll.says('[dropped] recording to');
      cameras.dropped.dropClients();
      await isBack('dropped');
    })(),
    (async () => {
      await preroll.says('[unplugged] recording to');
      await cameras.unplugged.powerOff();
      // Once for the end of the stream, then for attempts to connect.
      await preroll.says(/WARN +\[unplugged\] .*trying again/, 2);
      await cameras.unplugged.powerOn();
      await isBack('unplugged');
    })(),
    ...(['stalled', 'frozen'] as const).map(async (name) => {
      await preroll.says(`[${name}] recording to`);
      cameras[name].set(name === 'stalled' ? { isStalled: true } : { isFrozen: true });
      await loses(name);
      cameras[name].heal();
      // An attempt that began before it healed would else wait for its answer.
      cameras[name].dropClients();
      await preroll.says(`[${name}] connected`, 2);
    }),
    (async () => {
      await preroll.says('[cut] recording to');
      cameras.cut.dropClients();
      await preroll.says('[cut] recorded');
      await preroll.says('[cut] connected', 2);
    })(),
    (async () => {
      await preroll.says('[stale] recording to');
      cameras.stale.renewNonce();
      cameras.stale.dropClients();
      await isBack('stale');
    })(),
  ];
  await Promise.all(steps);
  if (isLinux) {
    commandLines = await preroll.commandLines();
    const status = await readFile(`/proc/${preroll.pid}/status`, 'latin1');
    peakMemoryKib = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
  }
  toldStatus = (await PrerollProcess.run(['status', '--json'], { folder: folder.path })).stdout;
  preroll.signal('SIGTERM');
  ended = await preroll.ended;
  ({ stderr } = preroll);
});

afterAll(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

/** A server that wants a password and gives everything it gets back in its answers. */
async function startReflectingServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      const request = data.toString('latin1');
      const sequence = /CSeq: (\d+)/i.exec(request)?.[1] ?? '1';
      const authorization = /Authorization: ([^\r]+)/i.exec(request)?.[1];
      const status =
        authorization === undefined
          ? '401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"'
          : `500 I do not like ${authorization} nor ${decoded(authorization)}\r\nServer: ${decoded(authorization)}`;
      socket.write(
        `RTSP/1.0 ${status}\r\nCSeq: ${sequence}\r\nX: ${request.replaceAll(/\s+/g, ' ')}\r\n\r\n`,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not the path of a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    url: `rtsp://127.0.0.1:${port}/main`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function decoded(authorization: string): string {
  return Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('latin1');
}

test('a SIGTERM ends it with exit code 0, whatever the cameras are at', () => {
  expect(ended).toEqual({ code: 0, by: null });
  expect(stderr).not.toMatch(/ ERROR /);
});

test('the troubles of others cost a camera that is well not one picture', async () => {
  const recordings = await recordingsOf(archive, 'live');
  expect(recordings.flatMap(({ faults }) => faults)).toEqual([]);
  const report = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get('live/main');
  expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
  expect(stderr).not.toMatch(/WARN +\[live\]/);
});

describe('a camera that goes away and comes back', () => {
  test.each([
    ['dropped', /closed/],
    ['unplugged', /closed|reset/],
    ['stalled', /no media|silen/],
    ['frozen', /no media|silen/],
    ['stale', /closed/],
  ])('is recorded again (%s)', async (camera, reason) => {
    const recordings = await recordingsOf(archive, camera);
    expect(recordings.flatMap(({ faults }) => faults)).toEqual([]);
    const ends = recordings.map(({ sidecar }) => sidecar.endedBy ?? '');
    const brokenAt = ends.findIndex((end) => reason.test(end));
    expect(brokenAt, ends.join(' | ')).toBeGreaterThanOrEqual(0);
    const [before, after] = [recordings.slice(0, brokenAt + 1), recordings.slice(brokenAt + 1)];
    expect(after[0]?.sidecar.continues).toBeUndefined();
    for (const part of [before, after]) {
      const report = reportStamps(part.flatMap(({ stamps }) => stamps)).get(`${camera}/main`);
      expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
    }
    const all = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get(`${camera}/main`);
    expect(all).toMatchObject({ duplicated: 0, reordered: 0 });
  });

  test('has its event closed and kept up to the last picture', async () => {
    const [event] = await recordingsOf(archive, 'cut');
    expect(event?.faults).toEqual([]);
    // Which of the two is a matter of milliseconds between the last picture and the end of the connection.
    expect(event?.sidecar.endedBy).toMatch(/closed|the event ended/);
    expect(event?.sidecar.events).toHaveLength(1);
    const report = reportStamps(event?.stamps ?? []).get('cut/main');
    expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
    expect(report?.frames).toBeGreaterThan(20);
  });
});

describe('a network that', () => {
  test('doubles and swaps datagrams costs nothing', async () => {
    const recordings = await recordingsOf(archive, 'shuffled');
    expect(recordings.flatMap(({ faults }) => faults)).toEqual([]);
    const report = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get('shuffled/main');
    expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
  });

  test('loses datagrams costs the pictures they were part of, and no file', async () => {
    const recordings = await recordingsOf(archive, 'lossy');
    expect(recordings.map(({ mp4 }) => mp4.tornBy)).toEqual(recordings.map(() => undefined));
    const report = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get('lossy/main');
    expect(report).toMatchObject({ duplicated: 0, reordered: 0 });
    expect(report?.missing.length).toBeGreaterThan(0);
    expect(report?.missing.length).toBeLessThan((report?.frames ?? 0) / 2);
  });
});

describe('a hostile camera', () => {
  test.each([...HOSTILE, 'locked', 'reflecting', 'nobody'])(
    'leaves nothing in the archive (%s)',
    async (name) => {
      expect(await filesBelow(join(archive, name))).toEqual([]);
    },
  );

  test.runIf(isLinux)('does not fill the memory', () => {
    expect(peakMemoryKib).toBeGreaterThan(0);
    expect(peakMemoryKib).toBeLessThan(400 * 1024);
  });
});

describe('a password', () => {
  const forms = [
    CANARY,
    encodeURIComponent(CANARY),
    JSON.stringify(CANARY).slice(1, -1),
    Buffer.from(`${CANARY_USER}:${CANARY}`).toString('base64'),
    'yellow',
    'canary',
  ];
  const expectNone = (text: string) => expect(forms.filter((form) => text.includes(form))).toEqual([]);

  test('is written to no log and to no console, even when a camera gives it back', async () => {
    expectNone(stderr);
    const logs = await filesBelow(join(folderPath, 'logs'));
    expect(logs.length).toBeGreaterThan(0);
    for (const path of logs) expectNone(await readFile(path, 'utf8'));
  });

  test('is told to no other program, even when a camera gives it back', () => {
    expect(toldStatus).toContain('I do not like');
    expectNone(toldStatus);
  });

  test('is written to nothing in the archive', async () => {
    for (const path of await filesBelow(archive)) expectNone(`${path}${await readFile(path, 'latin1')}`);
  });

  test('is written to nothing in the index', async () => {
    const files = (await filesBelow(folderPath)).filter((path) => basename(path).startsWith('preroll.db'));
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) expectNone(await readFile(path, 'latin1'));
  });

  test.runIf(isLinux)('stands on no command line', () => {
    expect(commandLines).toContain('analyzer-main');
    expectNone(commandLines);
  });
});
