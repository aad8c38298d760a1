import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { KeptSocket } from './kept-socket.ts';
import { MomentPictures } from './moment-pictures.ts';

/** A page, and what it has received: the times of pictures, and how long their JPEG files were. */
let page: WebSocket;
let received: number[];
let server: Server;
let pictures: MomentPictures;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { socket: stream }) => {
    pictures = new MomentPictures(new KeptSocket(socket, stream, new SimulatedClock()));
  });
  page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  received = [];
  page.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return received.push(data.byteLength);
    const { picture } = JSON.parse(data.toString()) as { picture: { wallMs: number } };
    return received.push(picture.wallMs);
  });
  await Promise.all([once(page, 'open'), once(sockets, 'connection')]);
});
afterEach(() => {
  page.terminate();
  server.close();
});

function show(wallMs: number, sizeBytes: number): void {
  pictures.show({ wallMs, score: 0, neededScore: 1, isMotion: false, jpeg: new Uint8Array(sizeBytes) });
}

test('a page on a slow line gets all pictures, each with its JPEG file', async () => {
  page.pause();
  for (let at = 0; at < 60; at++) show(at, 250_000 + at);
  page.resume();
  await pictures.sent;
  const all = Array.from({ length: 60 }, (_, at) => [at, 250_000 + at]);
  await expect.poll(() => received).toEqual(all.flat());
});

test('what comes while very much waits is left out', async () => {
  for (const at of [1, 2, 3]) show(at, 15e6);
  await pictures.sent;
  show(4, 1);
  await expect.poll(() => received).toEqual([1, 15e6, 2, 15e6, 4, 1]);
});

test('who leaves is waited for no longer', async () => {
  page.pause();
  for (let at = 0; at < 60; at++) show(at, 250_000);
  page.terminate();
  await pictures.sent;
  expect(received).toEqual([]);
});
