import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestSite, type TestSite } from './testing/test-site.ts';
import { WebListener } from './web-listener.ts';

/*
 * What somebody may send who keeps to no protocol, over real connections: the server answers what it must, ends the rest, and
 * serves everybody else meanwhile.
 */

let site: TestSite;
let listener: WebListener;
let port: number;
let cookie: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  site = await startTestSite({ cameras: ['door', 'canary-yard'] });
  listener = new WebListener({
    server: site.app.server,
    encryption: 'never',
    certificate: undefined,
    isTrusted: (address) => address === '127.0.0.9',
  });
  port = await listener.listen('loopback', 0);
  ({ cookie = '' } = await site.signedIn('vera', { cameras: ['door'] }));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

function open(from = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** What comes back, all of it, until the server ends the connection. */
async function say(bytes: string | Buffer, socket = open()): Promise<string> {
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text));
  socket.write(bytes);
  // The last request asks for the end of the connection.
  if (!socket.closed) await once(socket, 'close');
  return heard;
}

const statuses = (heard: string) =>
  Array.from(heard.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => Number(status));

function request(line: string, headers: readonly string[] = [], body = ''): string {
  return [line, `Host: localhost:${port}`, ...headers, '', body].join('\r\n');
}

const END = 'Connection: close';

async function isServing(from = '127.0.0.1'): Promise<boolean> {
  return (
    statuses(await say(request('GET /api/session HTTP/1.1', [`Cookie: ${cookie}`, END]), open(from)))[0] ===
    200
  );
}

describe('one connection with several requests', () => {
  /** Would be a request of its own if the server took the first one to be shorter than a proxy in front of it does. */
  const HIDDEN = 'GET /api/cameras?hidden HTTP/1.1\r\nHost: x\r\nX: ';

  test.each([
    ['two lengths', ['Content-Length: 5', 'Content-Length: 0'], 'hello'],
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], '0\r\n\r\n'],
    ['an encoding that is none', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['an encoding twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n'],
    ['an encoding before a colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'],
    ['an encoding behind a line break alone', ['X: y\nTransfer-Encoding: chunked'], '0\r\n\r\n'],
    ['an encoding with a tab', ['Transfer-Encoding:\x0bchunked'], '0\r\n\r\n'],
    ['a signed length', ['Content-Length: +0'], ''],
    ['a length in hexadecimal', ['Content-Length: 0x0'], ''],
    ['a length with a comma', ['Content-Length: 0, 0'], ''],
    ['a folded line', ['X: y', ' Content-Length: 5'], ''],
    ['a header with a NUL', ['X: a\0b'], ''],
    ['a chunk with a size that is too large', ['Transfer-Encoding: chunked'], 'ffffffffffffffff0\r\n'],
    ['a chunk with a size that is none', ['Transfer-Encoding: chunked'], '-1\r\n'],
  ])('is ended at %s, and nothing behind it is answered', async (_, headers, body) => {
    const first = request('POST /api/session HTTP/1.1', ['Content-Type: application/json', ...headers], body);
    expect(statuses(await say(first + HIDDEN))).toEqual([400]);
    expect(await isServing()).toBe(true);
  });

  test('answers each in turn, and each for itself', async () => {
    const asking = request('GET /api/cameras HTTP/1.1', [`Cookie: ${cookie}`]);
    const nobody = request('GET /api/cameras HTTP/1.1');
    const withBody = request('GET /api/cameras HTTP/1.1', ['Content-Length: 4'], 'GET ');
    const last = request('GET /api/cameras HTTP/1.1', [END]);
    const heard = await say(asking + nobody + withBody + asking + last);
    expect(statuses(heard)).toEqual([200, 401, 401, 200, 401]);
    expect(heard).not.toContain('canary');
  });

  test('reads no more requests than it can answer: who does not listen is not served on', async () => {
    const ALL = 10_000;
    let answered = 0;
    site.app.server.on('request', () => (answered += 1));
    const socket = open();
    socket.pause();
    socket.write(request('GET /api/openapi.json HTTP/1.1', [`Cookie: ${cookie}`]).repeat(ALL));
    await expect.poll(() => answered).toBeGreaterThan(0);
    // The server runs in this very process: what it could still read it would have read in one of so many turns.
    for (let idleTurns = 0, before = answered; idleTurns < 1_000; before = answered) {
      await new Promise((resolve) => void setImmediate(resolve));
      idleTurns = answered === before ? idleTurns + 1 : 0;
    }
    expect(answered).toBeLessThan(ALL / 5);
    expect(await isServing()).toBe(true);
    // It goes on where he listens after all.
    const stopped = answered;
    socket.resume();
    await expect.poll(() => answered).toBeGreaterThan(stopped + 10);
  });
});

describe('a request', () => {
  test.each([
    ['headers that are too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, [431]],
    ['an address that is too long', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [431]],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
    ['a method that is none', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    [
      'a body that is announced as too large',
      'POST /api/session HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{',
      [413],
    ],
  ])('with %s is refused', async (_, bytes, expected) => {
    expect(statuses(await say(bytes))).toEqual(expected);
    expect(await isServing()).toBe(true);
  });

  test('whose body grows without end is ended before it is all there', async () => {
    const socket = open();
    socket.write(
      request('POST /api/session HTTP/1.1', ['Content-Type: application/json', 'Transfer-Encoding: chunked']),
    );
    let sent = 0;
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    while (!socket.closed && sent < 100 * 2 ** 20) {
      sent += chunk.length;
      if (!socket.write(chunk))
        await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    }
    expect(sent).toBeLessThan(50 * 2 ** 20);
    expect(await isServing()).toBe(true);
  });

  test.each([
    'GET http://elsewhere.example/api/cameras HTTP/1.1',
    'GET //api/cameras HTTP/1.1',
    'GET /./api/cameras HTTP/1.1',
    'GET /x/../api/cameras HTTP/1.1',
    'GET /%61pi/cameras HTTP/1.1',
    'GET /API/CAMERAS HTTP/1.1',
    'GET /api/cameras/ HTTP/1.1',
    'GET /api/cameras;x HTTP/1.1',
    'GET /api\\cameras HTTP/1.1',
    'GET /api/cameras%00 HTTP/1.1',
    'GET /api/cameras%2f..%2fcameras HTTP/1.1',
    'GET /api//cameras HTTP/1.1',
    'GET /api/cameras?x=%zz HTTP/1.1',
    'GET /%c0%af HTTP/1.1',
    'GET /api/%c0%ae%c0%ae/cameras HTTP/1.1',
    'TRACE /api/cameras HTTP/1.1',
    'CONNECT 127.0.0.1:22 HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'HEAD /api/cameras HTTP/1.1',
    'PROPFIND /api/cameras HTTP/1.1',
  ])('of nobody learns nothing: %s', async (line) => {
    const headers = [
      END,
      'X-HTTP-Method-Override: GET',
      'X-Original-URL: /api/cameras',
      'X-Forwarded-For: 127.0.0.1',
    ];
    const heard = await say(request(line, headers));
    expect(heard).not.toMatch(/canary|door/);
    // Where a page of the app is answered that is what everybody may see.
    if (statuses(heard)[0] === 200) expect(heard).toContain('<base href=');
    expect(await isServing()).toBe(true);
  });

  test('is given so much time and no more, and so is the next one of a connection', () => {
    const { server } = site.app;
    expect(server.requestTimeout).toBe(60_000);
    expect(server.headersTimeout).toBeGreaterThan(0);
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
    expect(server.keepAliveTimeout).toBeGreaterThan(0);
    expect(server.keepAliveTimeout).toBeLessThan(120_000);
  });
});

/** Other systems have one loopback address. */
const linuxTest = process.platform === 'linux' ? test : test.skip;

describe('many connections', () => {
  const MOST = 512;

  linuxTest('from one address are bounded, and nobody else is kept out by them', async () => {
    const held = Array.from({ length: MOST + 50 }, () => open('127.0.0.2'));
    const ended = new Set<Socket>();
    for (const socket of held) socket.once('close', () => ended.add(socket)).resume();
    await expect.poll(() => ended.size).toBe(50);
    expect(await isServing('127.0.0.1')).toBe(true);
    // Who leaves makes room.
    for (const socket of held) socket.destroy();
    await expect.poll(() => isServing('127.0.0.2').catch(() => false)).toBe(true);
  });

  linuxTest('of a trusted proxy, which brings everybody, are not', async () => {
    const held = Array.from({ length: MOST + 50 }, () => open('127.0.0.9'));
    await Promise.all(held.map(async (socket) => await once(socket, 'connect')));
    expect(await isServing('127.0.0.9')).toBe(true);
    expect(held.filter(({ closed }) => closed)).toEqual([]);
  });
});

describe('a WebSocket', () => {
  const lasting = ['/api/changes', '/api/live', '/api/cameras/door/explained'];
  const paths = [...lasting, '/api/cameras/door/moment?at=1'];

  async function openSocket(path: string): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      headers: { cookie, host: `localhost:${port}`, origin: `http://localhost:${port}` },
    });
    socket.on('error', () => undefined);
    await once(socket, 'open');
    return socket;
  }

  /** Until the other side has had enough. */
  async function flood(path: string, send: (socket: WebSocket) => void): Promise<void> {
    const socket = await openSocket(path);
    const ended = once(socket, 'close');
    for (let i = 0; i < 1_000 && socket.readyState === socket.OPEN; i += 1) send(socket);
    await ended;
    expect(await isServing()).toBe(true);
  }

  test.each(paths)('is ended that floods the server with messages: %s', async (path) => {
    await flood(path, (socket) => socket.send(JSON.stringify({ t: 'motion', cameras: ['door'] })));
    await flood(path, (socket) => socket.send(Buffer.alloc(10)));
    await flood(path, (socket) => socket.ping('x'.repeat(125)));
    await flood(path, (socket) => socket.pong());
  });

  test.each(paths)('is ended that sends a giant message, whole or in pieces: %s', async (path) => {
    for (const part of [2 ** 20, 1_024]) {
      const socket = await openSocket(path);
      const ended = once(socket, 'close');
      for (let sent = 0; sent < 2 ** 20 && socket.readyState === socket.OPEN; sent += part) {
        socket.send('x'.repeat(part), { fin: false });
      }
      await ended;
    }
    // Of which only the head is sent: 2 ** 62 bytes are announced.
    const socket = open();
    const hello = await new Promise<string>((resolve) => {
      socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
      const headers = [
        `Cookie: ${cookie}`,
        `Origin: http://localhost:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
      ];
      const handshake = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
      socket.write(request(`GET ${path} HTTP/1.1`, [...headers, ...handshake]));
    });
    expect(statuses(hello)).toEqual([101]);
    const ended = once(socket.resume(), 'close');
    socket.write(Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    await ended;
    expect(await isServing()).toBe(true);
  });

  test.each(lasting)('takes what is no message of it without harm: %s', async (path) => {
    const socket = await openSocket(path);
    const deep = '['.repeat(30_000);
    const odd = [
      '',
      'null',
      '[]',
      '{}',
      '{"t":"play"}',
      '{"__proto__":{"t":"play"}}',
      deep,
      '{"t":"ack","seq":1e999}',
    ];
    const named = ['__proto__', 'constructor', '../x', 'canary-yard', '\u0000'].flatMap((name) => [
      `{"t":"motion","cameras":["${name}"]}`,
      `{"t":"play","cam":"${name}","stream":"main","mode":"mse","v":["avc1"],"a":[]}`,
    ]);
    let heard = '';
    socket.on('message', (data: Buffer) => (heard += data.toString()));
    for (const text of [...odd, ...named]) socket.send(text);
    const answered = once(socket, 'pong');
    socket.ping();
    await answered;
    // What was asked for is repeated to who asked.
    expect(heard.replaceAll('there is no camera \\"canary-yard\\"', '')).not.toContain('canary');
    expect(socket.readyState).toBe(socket.OPEN);
    socket.terminate();
  });
});
