import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Clock } from '../../src/base/clock.ts';
import { seededRandom } from '../../src/demo/grain.ts';

/**
 * Things that listen on a camera's port and are none: `blackhole` (accepts, never says a word), `close` (hangs up at
 * once), `garbage` (random bytes), `drip` (an answer of one byte a second), `endless-header`, `huge-body` (declares
 * 4 GiB and sends on), `http` (a web server).
 */
export type HostileKind =
  'blackhole' | 'close' | 'garbage' | 'drip' | 'endless-header' | 'huge-body' | 'http';

export interface HostileServer extends AsyncDisposable {
  readonly url: string;
  /** Connections accepted so far. */
  connections(): number;
}

/** How much the talkative ones send before they hang up. */
const MAX_TALK_BYTES = 64 * 1024 * 1024;

/** Starts one on the loopback address, on a free port where none is given. */
export async function startHostileServer(
  kind: HostileKind,
  clock: Clock,
  wantedPort = 0,
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (kind === 'close') socket.destroy();
    else if (kind === 'blackhole') socket.resume();
    else socket.once('data', () => misbehave(kind, socket, clock));
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, '127.0.0.1', resolve));
  // Listening on TCP, so the address is not the path of a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    url: `rtsp://127.0.0.1:${port}/main`,
    connections: () => accepted,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function misbehave(kind: HostileKind, socket: Socket, clock: Clock): void {
  socket.resume();
  switch (kind) {
    case 'blackhole':
    case 'close':
      return;
    case 'http':
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
      return;
    case 'garbage':
      return talk(socket, '', garbage());
    case 'endless-header':
      return talk(socket, 'RTSP/1.0 200 OK\r\nCSeq: 1\r\n', Buffer.from(`X-Pad: ${'A'.repeat(6000)}\r\n`));
    case 'huge-body':
      return talk(
        socket,
        'RTSP/1.0 200 OK\r\nCSeq: 1\r\nContent-Length: 4294967295\r\n\r\n',
        Buffer.from('v=0\r\n'.repeat(4000)),
      );
    case 'drip':
      return drip(socket, Buffer.from(`RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: ${'A'.repeat(1000)}`), clock);
  }
}

function garbage(): Buffer {
  const random = seededRandom(7);
  return Buffer.from(Array.from({ length: 16_384 }, () => Math.floor(random() * 256)));
}

/** Repeats `chunk` as fast as it is read. */
function talk(socket: Socket, opening: string, chunk: Buffer): void {
  socket.write(opening);
  let sent = 0;
  const more = (): void => {
    while (!socket.destroyed && sent < MAX_TALK_BYTES) {
      sent += chunk.length;
      if (!socket.write(chunk)) return;
    }
    socket.end();
  };
  socket.on('drain', more);
  more();
}

function drip(socket: Socket, text: Buffer, clock: Clock, at = 0): void {
  if (socket.destroyed || at >= text.length) return;
  socket.write(text.subarray(at, at + 1));
  clock.setTimer(1000, () => drip(socket, text, clock, at + 1));
}
