import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { Watchdog } from '../../base/watchdog.ts';
import { RtspSyntaxError } from '../error.ts';
import { InterleavedReader } from '../interleaved.ts';
import { formatResponse, type HeaderLine, type OutgoingResponse, type RtspRequest } from '../message.ts';
import type { Authenticator } from './authenticator.ts';
import { describeMedia } from './describe-media.ts';
import { InterleavedOutlet, UdpOutlet, type Outlet, type PacketFilter } from './outlet.ts';
import type { ServedStream } from './served-stream.ts';
import type { UdpPorts } from './udp-ports.ts';

/** What a test may put between a client and the server. */
export interface ServerHooks {
  /** Answers in the server's place, or leaves the client without an answer. */
  intercept?(request: RtspRequest): OutgoingResponse | 'silence' | undefined;
  /** Changes an answer of the server. */
  rewrite?(request: RtspRequest, response: OutgoingResponse): OutgoingResponse;
  /** Changes the packets that go to clients which set up their tracks while it is there. */
  readonly filter?: PacketFilter;
}

/** What all clients of a server share. */
export interface ClientContext {
  readonly clock: Clock;
  readonly authenticator: Authenticator | undefined;
  readonly sessionTimeoutMs: number;
  readonly udp: UdpPorts;
  readonly hooks: ServerHooks;
  /** The stream and track that a URL names. */
  find(uri: string): { readonly stream: ServedStream; readonly track: number | undefined } | undefined;
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN';
const SERVER_NAME = 'Preroll';
/** A client that asks on and on without reading is dropped; well above what media alone may pile up. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

interface ActiveSession {
  readonly id: string;
  readonly stream: ServedStream;
  readonly outlets: Map<number, Outlet>;
  readonly joined: Map<number, Disposable>;
}

/**
 * One RTSP connection (RFC 2326) and its session, which ends with it. Only requests keep a session alive, not receiver
 * reports: some cameras are as strict.
 */
export class ServerClient {
  readonly #socket: Socket;
  readonly #context: ClientContext;
  readonly #reader: InterleavedReader;
  #session: ActiveSession | undefined;
  #timeout: Watchdog | undefined;

  constructor(socket: Socket, context: ClientContext) {
    this.#socket = socket;
    this.#context = context;
    this.#reader = new InterleavedReader({
      onFrame: () => undefined,
      onMessage: (message) => {
        if (message.kind === 'request') this.#handle(message);
      },
      onResynchronised: () => undefined,
      isPlausibleFrame: (channel) => channel < 16,
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#feed(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#endSession());
    this.#restartTimeout();
  }

  /** Ends the connection at once. */
  drop(): void {
    this.#socket.destroy();
    this.#endSession();
  }

  #feed(bytes: Buffer): void {
    try {
      this.#reader.feed(bytes, bytes.length);
    } catch (error) {
      if (!(error instanceof RtspSyntaxError)) throw error;
      this.#socket.end(formatResponse({ status: 400, headers: [] }));
    }
  }

  #handle(request: RtspRequest): void {
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) {
      this.drop();
      return;
    }
    this.#restartTimeout();
    const intercepted = this.#context.hooks.intercept?.(request);
    if (intercepted === 'silence') return;
    const response = intercepted ?? this.#answer(request);
    const rewritten = this.#context.hooks.rewrite?.(request, response) ?? response;
    const sequence = request.headers.get('CSeq');
    const headers: HeaderLine[] = sequence === undefined ? [] : [['CSeq', sequence]];
    this.#socket.write(
      formatResponse({ ...rewritten, headers: [...headers, ['Server', SERVER_NAME], ...rewritten.headers] }),
    );
    // What was set up plays only once its answer is on the way.
    if (request.method === 'PLAY' && rewritten.status === 200) this.#join();
    if (request.method === 'TEARDOWN' && rewritten.status === 200) this.#endSession();
  }

  #answer(request: RtspRequest): OutgoingResponse {
    if (request.method === 'OPTIONS') return plain(200, [['Public', METHODS]]);
    const challenge = this.#context.authenticator?.challenge(request);
    if (challenge !== undefined) return plain(401, [challenge]);
    switch (request.method) {
      case 'DESCRIBE':
        return this.#describe(request);
      case 'SETUP':
        return this.#setUp(request);
      case 'PLAY':
      case 'PAUSE':
      case 'GET_PARAMETER':
      case 'SET_PARAMETER':
      case 'TEARDOWN':
        return this.#withSession(request);
      default:
        return plain(501, []);
    }
  }

  #describe(request: RtspRequest): OutgoingResponse {
    const found = this.#context.find(request.uri);
    if (found === undefined) return plain(404, []);
    const base = request.uri.endsWith('/') ? request.uri : `${request.uri}/`;
    return {
      status: 200,
      headers: [
        ['Content-Base', base],
        ['Content-Type', 'application/sdp'],
      ],
      body: Buffer.from(describeMedia(found.stream.path, found.stream.media), 'latin1'),
    };
  }

  #setUp(request: RtspRequest): OutgoingResponse {
    const found = this.#context.find(request.uri);
    if (found === undefined) return plain(404, []);
    const session = this.#session ?? {
      id: randomBytes(8).toString('hex'),
      stream: found.stream,
      outlets: new Map<number, Outlet>(),
      joined: new Map<number, Disposable>(),
    };
    if (session.stream !== found.stream) return plain(459, []);
    const track = found.track ?? session.outlets.size;
    if (track >= found.stream.media.length) return plain(404, []);
    const transport = this.#openOutlet(request.headers.get('Transport') ?? '', track);
    if (transport === undefined) return plain(461, []);
    session.outlets.set(track, transport.outlet);
    this.#session = session;
    return plain(200, [['Transport', transport.header], this.#sessionHeader(session)]);
  }

  /** Takes the first transport offered that we speak (RFC 2326 12.39). */
  #openOutlet(
    offers: string,
    track: number,
  ): { readonly outlet: Outlet; readonly header: string } | undefined {
    const filter = this.#context.hooks.filter;
    for (const offer of offers.split(',')) {
      if (/multicast/i.test(offer)) continue;
      if (/RTP\/AVP\/TCP/i.test(offer)) {
        const channel = Number(/interleaved=(\d{1,3})/i.exec(offer)?.[1] ?? track * 2);
        if (channel > 254) continue;
        return {
          outlet: new InterleavedOutlet(this.#socket, track, channel, filter),
          header: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
        };
      }
      const port = Number(/client_port=(\d{1,5})/i.exec(offer)?.[1] ?? 0);
      const address = this.#socket.remoteAddress;
      if (!/RTP\/AVP/i.test(offer) || port < 1 || port > 65_534 || address === undefined) continue;
      const { udp } = this.#context;
      return {
        outlet: new UdpOutlet(udp, track, { address, port }, filter),
        header: `RTP/AVP;unicast;client_port=${port}-${port + 1};server_port=${udp.rtpPort}-${udp.rtpPort + 1}`,
      };
    }
    return undefined;
  }

  #withSession(request: RtspRequest): OutgoingResponse {
    const session = this.#session;
    const isKeepAlive = request.method === 'GET_PARAMETER' || request.method === 'SET_PARAMETER';
    if (session === undefined)
      return plain(isKeepAlive ? 200 : request.method === 'TEARDOWN' ? 200 : 455, []);
    const named = request.headers.get('Session')?.split(';')[0]?.trim();
    if (named !== undefined && named !== session.id) return plain(454, []);
    if (request.method === 'PAUSE') this.#leave(session);
    const headers = [this.#sessionHeader(session)];
    if (request.method === 'PLAY')
      headers.push(['Range', 'npt=now-'], ['RTP-Info', this.#rtpInfo(request, session)]);
    return plain(200, headers);
  }

  #rtpInfo(request: RtspRequest, session: ActiveSession): string {
    const base = request.uri.endsWith('/') ? request.uri : `${request.uri}/`;
    return [...session.outlets.keys()]
      .map((track) => {
        const { sequence, timestamp } = session.stream.position(track, this.#context.clock.wallMs());
        const time = timestamp === undefined ? '' : `;rtptime=${timestamp}`;
        return `url=${base}trackID=${track};seq=${sequence}${time}`;
      })
      .join(',');
  }

  #sessionHeader(session: ActiveSession): HeaderLine {
    return ['Session', `${session.id};timeout=${Math.ceil(this.#context.sessionTimeoutMs / 1000)}`];
  }

  #join(): void {
    const session = this.#session;
    if (session === undefined || this.#socket.destroyed) return;
    for (const [track, outlet] of session.outlets) {
      if (!session.joined.has(track)) session.joined.set(track, session.stream.join(track, outlet));
    }
  }

  #leave(session: ActiveSession): void {
    for (const joined of session.joined.values()) joined[Symbol.dispose]();
    session.joined.clear();
  }

  #endSession(): void {
    if (this.#session !== undefined) this.#leave(this.#session);
    this.#session = undefined;
    if (this.#socket.destroyed) this.#timeout?.[Symbol.dispose]();
  }

  #restartTimeout(): void {
    this.#timeout?.[Symbol.dispose]();
    this.#timeout = new Watchdog(this.#context.clock, this.#context.sessionTimeoutMs, () => this.drop());
  }
}

function plain(status: number, headers: readonly HeaderLine[]): OutgoingResponse {
  return { status, headers };
}
