import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { ControlApi, ControlRequest, ControlResponse } from './control-api.ts';
import { offerSocket, type OfferedSocket } from './offered-socket.ts';
import type { SocketAddress } from './socket-address.ts';

const LONGEST_BODY_BYTES = 4_096;
const LONGEST_HEAD_BYTES = 8_192;
const MOST_CONNECTIONS = 32;
/** For a whole request, and for the next one on the same connection. */
const PATIENCE_MS = 10_000;

/**
 * Offers the API over HTTP on a socket of the file system, which only the recorder's own user may use; there is no
 * password. It is never on a network.
 */
export class ControlServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #socket: OfferedSocket;

  private constructor(server: Server, socket: OfferedSocket) {
    this.#server = server;
    this.#socket = socket;
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
      read(request, response, (asked) => {
        try {
          return api.handle(asked);
        } catch (error) {
          log.error(`could not answer ${asked.method} ${asked.path}: ${describeError(error)}`);
          return {
            status: 500,
            body: { error: { message: 'the recorder could not answer; its log says why' } },
          };
        }
      });
    });
    return new ControlServer(server, await offerSocket(server, address));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await this.#socket[Symbol.asyncDispose]();
  }
}

/** Who leaves amid his request gets no answer. */
function read(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: ControlRequest) => ControlResponse,
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
    send(response, answer({ method, path, body: Buffer.concat(pieces).toString('utf8') }));
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
