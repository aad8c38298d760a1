import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { PATIENCE_MS } from '../patience.ts';

const WEB = join(process.cwd(), 'dist', 'web');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export interface StubAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Answers by `METHOD path` without its query, such as `GET api/session`; what is not there is 404. */
export type StubAnswers = Map<string, StubAnswer | ((body: unknown) => StubAnswer)>;

/** The built app on a server without a recorder, whose answers a test makes up: states that are hard to bring about. */
export interface StubSite extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  readonly answers: StubAnswers;
  /** To all pages that listen for changes, as soon as there is one. */
  sendChange(change: object): Promise<void>;
  /** Ends the sockets there are and refuses further ones, or takes them again. */
  refuseSockets(areRefused: boolean): void;
  /** Takes requests and never answers them, or answers further ones again. */
  fallSilent(isSilent: boolean): void;
}

/** @param basePath where the app lies, as behind a reverse proxy: `/` or `/some/path/`. */
export async function startStubSite(answers: StubAnswers, basePath = '/'): Promise<StubSite> {
  const sockets = new Set<WebSocket>();
  /** The server knows sockets no more that were to be upgraded. */
  const unanswered = new Set<Duplex>();
  const socketServer = new WebSocketServer({ noServer: true });
  let isSilent = false;
  const server = createServer((request, response) => {
    if (isSilent) return undefined;
    const { pathname } = new URL(request.url ?? '/', 'http://stub');
    if (!pathname.startsWith(basePath)) return send(response, 404, 'text/plain', 'outside of the base path');
    const path = pathname.slice(basePath.length);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!path.startsWith('api/')) {
        void sendFile(response, path);
        return;
      }
      const text = Buffer.concat(chunks).toString();
      const answer = answers.get(`${request.method} ${path}`);
      const { status, body } = (typeof answer === 'function'
        ? answer(text === '' ? undefined : JSON.parse(text))
        : answer) ?? {
        status: 404,
        body: { error: { message: `The stub has no ${request.method} ${path}.` } },
      };
      send(response, status, 'application/json', body === undefined ? '' : JSON.stringify(body));
    });
  });
  let areRefused = false;
  server.on('upgrade', (request, socket, head) => {
    if (isSilent) {
      unanswered.add(socket);
      return;
    }
    if (areRefused) {
      socket.destroy();
      return;
    }
    socketServer.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.add(webSocket);
      webSocket.on('close', () => sockets.delete(webSocket));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${basePath}`,
    answers,
    async sendChange(change) {
      await vi.waitUntil(() => sockets.size > 0, { timeout: PATIENCE_MS });
      for (const socket of sockets) socket.send(JSON.stringify(change));
    },
    refuseSockets(refused) {
      areRefused = refused;
      if (refused) for (const socket of sockets) socket.terminate();
    },
    fallSilent(silent) {
      isSilent = silent;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      for (const socket of unanswered) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Files of the app; every other path is one of its pages. */
async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const type = TYPES[extname(path)];
  if (type !== undefined && !path.includes('..')) {
    const content = await readFile(join(WEB, path)).catch(() => undefined);
    return content === undefined ? send(response, 404, 'text/plain', '') : send(response, 200, type, content);
  }
  const html = await readFile(join(WEB, 'index.html'), 'utf8');
  const up = '../'.repeat(path.split('/').length - 1) || './';
  send(response, 200, 'text/html; charset=utf-8', html.replace('<base href="./"', `<base href="${up}"`));
}

function send(response: ServerResponse, status: number, type: string, content: string | Buffer): void {
  response.writeHead(status, { 'content-type': type }).end(content);
}
