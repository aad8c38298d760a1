import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Duplex } from 'node:stream';
import {
  LIVE_PROTOCOL,
  type ControlApi,
  type ControlRequest,
  type ControlResponse,
  type Telling,
} from './control-api.ts';
import { offerSocket, type OfferedSocket } from './offered-socket.ts';
import { PacketSender } from './packet-sender.ts';
import type { SocketAddress } from './socket-address.ts';

const LONGEST_BODY_BYTES = 4_096;
const LONGEST_HEAD_BYTES = 8_192;
/** Each stream that is watched has one of its own. */
const MOST_CONNECTIONS = 1_024;
/** For a whole request, and for the next one on the same connection. */
const PATIENCE_MS = 10_000;
/** Who follows changes and leaves so much unread is given up. */
const MAX_UNREAD_BYTES = 2 ** 20;

/**
 * Offers the API over HTTP on a socket of the file system, which only the recorder's own user may use; there is no
 * password. It is never on a network.
 */
export class ControlServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #socket: OfferedSocket;

  readonly #upgraded: ReadonlySet<Duplex>;

  private constructor(server: Server, socket: OfferedSocket, upgraded: ReadonlySet<Duplex>) {
    this.#server = server;
    this.#socket = socket;
    this.#upgraded = upgraded;
  }

  /** @throws ControlError `unusable`, `in-use`. */
  static async start(api: ControlApi, address: SocketAddress, log: Log): Promise<ControlServer> {
    const server = createServer({
      maxHeaderSize: LONGEST_HEAD_BYTES,
      headersTimeout: PATIENCE_MS,
      requestTimeout: PATIENCE_MS,
      keepAliveTimeout: PATIENCE_MS,
      connectionsCheckingInterval: PATIENCE_MS / 2,
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.on('request', (request, response) => {
      const telling = api.telling(questionOf(request));
      if (telling !== undefined) {
        tellLines(response, telling);
        return;
      }
      read(request, response, async (asked) => {
        try {
          return await api.handle(asked);
        } catch (error) {
          log.error(`could not answer ${asked.method} ${asked.path}: ${describeError(error)}`);
          return {
            status: 500,
            body: { error: { message: 'the recorder could not answer; its log says why' } },
          };
        }
      });
    });
    const upgraded = new Set<Duplex>();
    server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
      upgraded.add(socket);
      socket.on('close', () => upgraded.delete(socket));
      sendPackets(api, request, socket);
    });
    return new ControlServer(server, await offerSocket(server, address), upgraded);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await this.#socket[Symbol.asyncDispose]();
  }
}

/** Of one whose body is not needed. */
function questionOf({ method = '', url: path = '' }: IncomingMessage): ControlRequest {
  return { method, path, body: '' };
}

function tellLines(response: ServerResponse, telling: Telling): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const told = telling((line) => {
    response.write(`${JSON.stringify(line)}\n`);
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  });
  response.on('error', () => response.destroy());
  response.on('close', () => told[Symbol.dispose]());
}

function sendPackets(api: ControlApi, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const stream = request.headers.upgrade === LIVE_PROTOCOL ? api.live(questionOf(request)) : undefined;
  if (stream === undefined) {
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${LIVE_PROTOCOL}\r\n\r\n`,
  );
  const joined = stream.join(new PacketSender(socket));
  socket.on('close', () => joined[Symbol.dispose]());
  // He has nothing to say; that he leaves is noticed by reading.
  socket.on('end', () => socket.destroy());
  socket.resume();
}

/** Who leaves amid his request gets no answer. */
function read(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: ControlRequest) => Promise<ControlResponse>,
): void {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  request.on('error', () => response.destroy());
  request.on('data', (piece: Buffer) => {
    sizeBytes += piece.byteLength;
    if (sizeBytes <= LONGEST_BODY_BYTES) pieces.push(piece);
    else refuse(request, response);
  });
  request.on('end', () => {
    if (response.writableEnded) return;
    const { method = '', url: path = '' } = request;
    const asked = { method, path, body: Buffer.concat(pieces).toString('utf8') };
    // What goes wrong has become an answer.
    void answer(asked).then((answered) => send(response, answered));
  });
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (response.writableEnded) return;
  const message = `expected a body of at most ${LONGEST_BODY_BYTES} bytes`;
  response.setHeader('connection', 'close');
  response.on('finish', () => request.destroy());
  send(response, { status: 413, body: { error: { message } } });
}

function send(response: ServerResponse, { status, body }: ControlResponse): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
