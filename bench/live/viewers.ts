import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { STAMP_UUID } from '../../src/demo/frame-stamp.ts';
import { ACK_EVERY, LIVE_KIND, type LiveNotice } from '../../src/live/protocol.ts';

/*
 * Players without a browser, in a process of their own: the variable VIEWERS
 * holds a `ViewersOrder`. They take what comes, and tell when each
 * picture came against when the camera sent it, which is stamped into the picture. Prints `ViewersReport` as JSON.
 */

export interface ViewersOrder {
  readonly kind: 'preroll' | 'go2rtc';
  readonly port: number;
  /** Lets in where one is asked for. */
  readonly token?: string;
  readonly camera: string;
  readonly stream: 'auto' | 'main' | 'sub';
  readonly count: number;
  /** Pictures that come before are not counted. */
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** What each connection lets through; undefined for all. */
  readonly bitRateBps?: number;
}

export interface ViewersReport {
  /** From the camera's sending to the viewer's having it, of all pictures of all viewers in the window. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** From opening the connection to the first picture, the slowest viewer's. */
  readonly firstMs: number;
  readonly picturesASecond: number;
  readonly dropped: number;
  /** The streams that were played in the end. */
  readonly streams: readonly string[];
}

/** What the system may take beyond what the link lets through, at each of a connection's ends. */
const SLICE_MS = 20;
const CODECS = 'avc1.640029,avc1.64002A,avc1.640033,hvc1.1.6.L153.B0,mp4a.40.2';

class Viewer {
  readonly latencies: number[] = [];
  firstMs = Number.POSITIVE_INFINITY;
  dropped = 0;
  stream = '';
  /** What it was told last, in words. */
  heard = 'nothing';
  readonly #order: ViewersOrder;
  readonly #openedAt = performance.now();
  readonly #socket: WebSocket;
  #liveFrom = 0;
  #pictures = 0;
  #bytes = 0;

  constructor(order: ViewersOrder, port: number) {
    this.#order = order;
    const path = order.kind === 'preroll' ? 'api/live' : `api/ws?src=${order.camera}`;
    const headers = order.token === undefined ? {} : { authorization: `Bearer ${order.token}` };
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, { headers });
    this.#socket.on('open', () => this.#ask());
    this.#socket.on('error', (error) => (this.heard = error.message));
    this.#socket.on('close', (code) => (this.heard += `, then the connection was closed (${code})`));
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#take(data);
      else this.#hear(data.toString());
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #ask(): void {
    const { kind, camera: cam, stream } = this.#order;
    const play = { t: 'play', cam, stream, mode: 'mse', v: ['avc1'], a: [] };
    this.#socket.send(JSON.stringify(kind === 'preroll' ? play : { type: 'mse', value: CODECS }));
  }

  #hear(text: string): void {
    this.heard = text;
    if (this.#order.kind !== 'preroll') return;
    const notice = JSON.parse(text) as LiveNotice;
    if (notice.t === 'track') {
      this.#liveFrom = notice.liveFrom;
      this.stream = notice.stream;
    }
    if (notice.t === 'dropped') this.dropped += notice.frames;
  }

  #take(data: Buffer): void {
    const isOurs = this.#order.kind === 'preroll';
    if (isOurs && data[0] !== LIVE_KIND.fragment) return;
    const isLive = !isOurs || data.readUInt32BE(4) >= this.#liveFrom;
    if (isOurs) this.#acknowledge(data);
    const nowMs = performance.timeOrigin + performance.now();
    for (let at = data.indexOf(STAMP_UUID); at >= 0; at = data.indexOf(STAMP_UUID, at + 1)) {
      this.firstMs = Math.min(this.firstMs, performance.now() - this.#openedAt);
      const seconds = data
        .subarray(at + 16, at + 216)
        .toString('latin1')
        .split(' ')[3];
      const isCounted = performance.now() - this.#openedAt > this.#order.warmUpMs;
      if (isLive && isCounted) this.latencies.push(nowMs - Number(seconds) * 1000);
    }
  }

  #acknowledge(data: Buffer): void {
    this.#pictures += 1;
    this.#bytes += data.byteLength;
    if (this.#pictures < ACK_EVERY.pictures && this.#bytes < ACK_EVERY.bytes) return;
    this.#pictures = 0;
    this.#bytes = 0;
    this.#socket.send(JSON.stringify({ t: 'ack', seq: data.readUInt32BE(4) }));
  }
}

/** Lets connections to a port through, each no faster than the rate. @returns its own port. */
async function slowLink(port: number, bitRateBps: number): Promise<number> {
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const socket of [near, far]) socket.on('error', () => [near, far].forEach((one) => one.destroy()));
    near.on('data', (bytes) => far.write(bytes));
    near.on('close', () => far.destroy());
    void trickle(far, near, (bitRateBps / 8_000) * SLICE_MS);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a slow link has no port');
  return address.port;
}

async function trickle(from: Socket, to: Socket, bytesASlice: number): Promise<void> {
  let waiting = Buffer.alloc(0);
  let dueMs = performance.now();
  from.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    if (waiting.byteLength > 4 * bytesASlice) from.pause();
  });
  while (!to.destroyed && !from.destroyed) {
    dueMs = Math.max(dueMs + SLICE_MS, performance.now() - 10 * SLICE_MS);
    await delay(Math.max(0, dueMs - performance.now()));
    to.write(waiting.subarray(0, bytesASlice));
    waiting = waiting.subarray(bytesASlice);
    if (waiting.byteLength <= 4 * bytesASlice) from.resume();
  }
}

const order = JSON.parse(process.env['VIEWERS'] ?? '') as ViewersOrder;
const port = order.bitRateBps === undefined ? order.port : await slowLink(order.port, order.bitRateBps);
const viewers = Array.from({ length: order.count }, () => new Viewer(order, port));
await delay(order.warmUpMs + order.windowMs);
const sorted = viewers.flatMap(({ latencies }) => latencies).toSorted((a, b) => a - b);
if (sorted.length === 0) {
  const heard = [...new Set(viewers.map((viewer) => viewer.heard))].join('\n');
  process.stderr.write(
    `no viewer had a picture in the ${order.windowMs} ms; they were told last:\n${heard}\n`,
  );
  process.exit(1);
}
const at = (share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const report: ViewersReport = {
  p50Ms: at(0.5),
  p95Ms: at(0.95),
  maxMs: at(1),
  firstMs: Math.max(...viewers.map(({ firstMs }) => firstMs)),
  picturesASecond: sorted.length / viewers.length / (order.windowMs / 1000),
  dropped: viewers.reduce((sum, { dropped }) => sum + dropped, 0),
  streams: [...new Set(viewers.map(({ stream }) => stream))],
};
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
