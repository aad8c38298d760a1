import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLog } from '../base/log.ts';
import { ControlApi } from './control-api.ts';
import { askRecorder } from './control-client.ts';
import { ControlServer } from './control-server.ts';
import { PretendedRecorder } from './testing/pretended-recorder.ts';

let folder: string;
let path: string;
let recorder: PretendedRecorder;
const started: ControlServer[] = [];
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-control-'));
  path = join(folder, 'preroll.sock');
  recorder = new PretendedRecorder('yard');
});

afterEach(async () => {
  for (const server of started.splice(0)) await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start(): Promise<ControlServer> {
  const server = await ControlServer.start(new ControlApi(recorder), { kind: 'file', path }, silentLog);
  started.push(server);
  return server;
}

const status = () => askRecorder({ kind: 'file', path }, { method: 'GET', path: '/api/status' }, signal);

/** What the server answers to these bytes, until it closes the connection. */
async function answerTo(bytes: string | Uint8Array): Promise<string> {
  const socket = connect({ path });
  socket.on('error', () => undefined);
  socket.write(bytes);
  return await text(socket).catch(() => '');
}

/** Leaves the file of a socket behind as a process does that is killed. */
async function leaveStaleSocket(): Promise<void> {
  const server = createServer().listen({ path: `${path}.old` });
  await once(server, 'listening');
  await rename(`${path}.old`, path);
  await closed(server);
}

async function closed(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

describe.runIf(process.platform !== 'win32')('ControlServer', () => {
  test('answers on a socket that only its user can use, and takes it away when it stops', async () => {
    const server = await start();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['preroll.sock']);
    expect(await status()).toEqual({ status: 200, body: { cameras: recorder.status() } });
    await server[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
    await expect(status()).rejects.toMatchObject({ kind: 'no-answer' });
  });

  test('takes what a client sends', async () => {
    await start();
    const body = { cause: 'doorbell', duration: '30s' };
    const question = { method: 'POST', path: '/api/cameras/yard/event/start', body } as const;
    const answer = await askRecorder({ kind: 'file', path }, question, signal);
    expect(answer).toMatchObject({ status: 200, body: { camera: 'yard', held: ['doorbell'] } });
    expect(recorder.held('yard')).toEqual({ doorbell: 30_000 });
  });

  test('replaces the socket of a recorder that was killed', async () => {
    await leaveStaleSocket();
    await expect(status()).rejects.toMatchObject({ kind: 'no-answer' });
    await start();
    expect((await status()).status).toBe(200);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('leaves the socket of a recorder that runs to it', async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ kind: 'in-use' });
    expect((await status()).status).toBe(200);
  });

  test('leaves alone what is no socket', async () => {
    await writeFile(path, 'mine');
    await expect(start()).rejects.toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('left as it is'),
    });
    expect((await stat(path)).size).toBe(4);
  });

  test('does not take away a socket that has come to its place meanwhile', async () => {
    const first = await start();
    await rm(path);
    await start();
    await first[Symbol.asyncDispose]();
    expect((await status()).status).toBe(200);
  });

  test('says where it cannot be offered', async () => {
    path = join(folder, 'nowhere', 'preroll.sock');
    await expect(start()).rejects.toMatchObject({ kind: 'unusable', message: expect.stringContaining(path) });
  });

  test.skipIf(process.getuid?.() === 0)('says that a socket is of another user', async () => {
    await start();
    await chmod(path, 0);
    await expect(status()).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('refuses a body beyond 4 KiB, whether or not its size is told', async () => {
    await start();
    const head = 'POST /api/cameras/yard/event/start HTTP/1.1\r\nhost: x\r\n';
    const body = ' '.repeat(5_000);
    expect(await answerTo(`${head}content-length: 1000000\r\n\r\n${body}`)).toMatch(/^HTTP\/1.1 413 /);
    expect(await answerTo(`${head}transfer-encoding: chunked\r\n\r\n1388\r\n${body}\r\n`)).toMatch(
      /^HTTP\/1.1 413 /,
    );
    expect(recorder.held('yard')).toEqual({});
    expect((await status()).status).toBe(200);
  });

  test.each([
    ['nothing of HTTP', '\0\u0001\u0002\r\n\r\n', /^HTTP\/1.1 400 /],
    ['a head without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, /^HTTP\/1.1 431 /],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      /^HTTP\/1.1 400 /,
    ],
  ])('answers %s with an error and serves the next one', async (_, bytes, expected) => {
    await start();
    expect(await answerTo(bytes)).toMatch(expected);
    expect((await status()).status).toBe(200);
  });

  test('is not held up by clients that say nothing or leave', async () => {
    await start();
    const silent = Array.from({ length: 10 }, () => connect({ path }));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    silent[0]?.end('POST /api/cameras/yard/event/start HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{');
    expect((await status()).status).toBe(200);
    for (const socket of silent) socket.destroy();
    expect(recorder.held('yard')).toEqual({});
  });

  test('survives a fault of what it asks, and tells it', async () => {
    const error = vi.fn<(message: string) => void>();
    const faulty = Object.assign(recorder, {
      status: () => {
        throw new Error('canary');
      },
    });
    const log = { ...silentLog, error };
    started.push(await ControlServer.start(new ControlApi(faulty), { kind: 'file', path }, log));
    expect(await status()).toMatchObject({ status: 500 });
    expect(error.mock.calls).toEqual([['could not answer GET /api/status: canary']]);
  });
});

describe.runIf(process.platform !== 'win32')('askRecorder', () => {
  /** Somebody who answers with these bytes. */
  async function pretend(bytes: string): Promise<Server> {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.resume().end(bytes);
    }).listen({ path });
    await once(server, 'listening');
    return server;
  }

  test.each([
    ['no HTTP', 'hello\r\n'],
    ['no JSON', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{]'],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{"cam'],
    ['nothing', ''],
  ])('calls %s garbage', async (_, bytes) => {
    const server = await pretend(bytes);
    await expect(status()).rejects.toMatchObject({ kind: 'garbage' });
    await closed(server);
  });

  test('ends when its signal aborts', async () => {
    const server = createServer().listen({ path });
    await once(server, 'listening');
    const aborting = new AbortController();
    const asked = askRecorder({ kind: 'file', path }, { method: 'GET', path: '/' }, aborting.signal);
    const reason = new Error('enough');
    aborting.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await closed(server);
  });
});
