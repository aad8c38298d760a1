import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../../base/simulated-clock.ts';
import { wallMs } from '../../base/time.ts';
import { Authorizer, strongestChallenge } from '../auth.ts';
import { InterleavedReader } from '../interleaved.ts';
import { formatRequest, type HeaderLine, type RtspResponse } from '../message.ts';
import { parseRtcp } from '../rtcp.ts';
import { RtpPacket } from '../rtp.ts';
import { parseSdp } from '../sdp.ts';
import { RtspServer, type RtspServerOptions } from './rtsp-server.ts';
import type { ServedMedia } from './served-media.ts';
import type { ServedStream } from './served-stream.ts';

const VIDEO: ServedMedia = {
  kind: 'video',
  codec: 'h264',
  parameterSets: { codec: 'h264', sps: Uint8Array.of(0x67, 0x4d, 0x40, 0x1f), pps: [Uint8Array.of(0x68, 1)] },
};
const SOUND: ServedMedia = {
  kind: 'sound',
  audioSpecificConfig: Uint8Array.of(0x14, 0x08),
  sampleRateHz: 16_000,
  channels: 1,
};

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

async function start(options: Partial<RtspServerOptions> = {}) {
  const clock = new SimulatedClock();
  const server = await RtspServer.listen({ clock, ...options });
  cleanup.push(server);
  const stream = server.serve({ path: '/main', media: [VIDEO, SOUND] });
  const client = await Client.connect(server.urlOf(stream));
  cleanup.push(client);
  return { clock, server, stream, client };
}

function send(stream: ServedStream, timestamp: number, isKey: boolean, sizeBytes = 10) {
  const parts = [new Uint8Array(sizeBytes).fill(isKey ? 0x65 : 0x41)];
  stream.send({ track: 0, parts, timestamp, wallMs: wallMs(Date.UTC(2026, 0, 1) + timestamp / 90), isKey });
}

async function playInterleaved(client: Client, channels = '0-1') {
  const transport: HeaderLine = ['Transport', `RTP/AVP/TCP;unicast;interleaved=${channels}`];
  const setUp = await client.ask('SETUP', '/trackID=0', [transport]);
  const session: HeaderLine = ['Session', setUp.headers.get('Session')?.split(';')[0] ?? ''];
  const played = await client.ask('PLAY', '/', [session]);
  return { setUp, session, played };
}

describe('the RTSP server', () => {
  test('describes a stream so that our own parser understands it', async () => {
    const { client } = await start();
    const options = await client.ask('OPTIONS', '');
    expect(options.headers.get('Public')).toContain('GET_PARAMETER');
    const described = await client.ask('DESCRIBE', '');
    expect(described.headers.get('Content-Base')).toBe(`${client.url}/`);
    const { media } = parseSdp(Buffer.from(described.body).toString('latin1'));
    expect(media.map(({ encoding, clockRateHz, control }) => [encoding, clockRateHz, control])).toEqual([
      ['H264', 90_000, 'trackID=0'],
      ['MPEG4-GENERIC', 16_000, 'trackID=1'],
    ]);
    expect(media[0]?.fmtp.get('sprop-parameter-sets')).toBe('Z01AHw==,aAE=');
    expect(media[1]?.fmtp.get('config')).toBe('1408');
  });

  test('plays interleaved from the moment of PLAY, with a sender report first', async () => {
    const { client, stream } = await start();
    send(stream, 0, true);
    const { played } = await playInterleaved(client);
    send(stream, 6000, false);
    const report = await client.frame(1);
    const rtp = new RtpPacket();
    expect(rtp.parse(await client.frame(0))).toBe(true);
    expect(rtp.timestamp).toBe(6000);
    expect(played.headers.get('RTP-Info')).toContain(`seq=${rtp.sequence}`);
    const [sender] = parseRtcp(report);
    expect(sender).toMatchObject({ kind: 'sender-report', ssrc: rtp.ssrc, rtpTimestamp: 0 });
  });

  test('gives every client the same packets, on the channels each asked for', async () => {
    const { client, stream } = await start();
    const other = await Client.connect(client.url);
    cleanup.push(other);
    await playInterleaved(client);
    await playInterleaved(other, '6-7');
    send(stream, 3000, true, 3000);
    for (let packet = 0; packet < 3; packet++) {
      expect(Buffer.from(await client.frame(0)).equals(await other.frame(6))).toBe(true);
    }
    expect(stream.viewers).toBe(2);
  });

  test('plays by UDP', async () => {
    const { client, stream } = await start();
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const transport: HeaderLine = ['Transport', `RTP/AVP;unicast;client_port=${port}-${port + 1}`];
    const setUp = await client.ask('SETUP', '/trackID=0', [transport]);
    expect(setUp.headers.get('Transport')).toMatch(/server_port=\d+-\d+/);
    await client.ask('PLAY', '/', []);
    const arrived = once(socket, 'message');
    send(stream, 9000, true);
    const rtp = new RtpPacket();
    const [bytes] = (await arrived) as [Buffer];
    expect(rtp.parse(bytes)).toBe(true);
    expect(rtp.timestamp).toBe(9000);
    socket.close();
  });

  test('sends sender reports every five seconds of the stream', async () => {
    const { client, stream } = await start();
    await playInterleaved(client);
    for (let seconds = 0; seconds <= 11; seconds++) send(stream, seconds * 90_000, true);
    const times = [];
    for (let count = 0; count < 3; count++) {
      const [report] = parseRtcp(await client.frame(1));
      times.push(report?.kind === 'sender-report' ? report.rtpTimestamp / 90_000 : undefined);
    }
    expect(times).toEqual([0, 5, 10]);
  });

  test('stops sending on TEARDOWN and when the connection ends', async () => {
    const { client, stream } = await start();
    const { session } = await playInterleaved(client);
    expect(stream.viewers).toBe(1);
    expect((await client.ask('TEARDOWN', '/', [session])).status).toBe(200);
    expect(stream.viewers).toBe(0);
    await playInterleaved(client);
    await client[Symbol.asyncDispose]();
    await expect.poll(() => stream.viewers).toBe(0);
  });

  test('refuses what is not there or not possible', async () => {
    const { client } = await start();
    expect((await client.ask('DESCRIBE', 'x')).status).toBe(404);
    expect((await client.ask('SETUP', '/trackID=7', [['Transport', 'RTP/AVP/TCP']])).status).toBe(404);
    expect((await client.ask('SETUP', '/trackID=0', [['Transport', 'RAW/RAW/UDP']])).status).toBe(461);
    expect((await client.ask('PLAY', '/')).status).toBe(455);
    expect((await client.ask('RECORD', '/')).status).toBe(501);
    await playInterleaved(client);
    expect((await client.ask('PLAY', '/', [['Session', 'another']])).status).toBe(454);
  });

  test('drops a session without requests when its time is over', async () => {
    const { client, clock, stream } = await start({ sessionTimeoutMs: 10_000 });
    const { setUp, session } = await playInterleaved(client);
    expect(setUp.headers.get('Session')).toContain(';timeout=10');
    await clock.advance(9000);
    expect((await client.ask('GET_PARAMETER', '/', [session])).status).toBe(200);
    await clock.advance(9000);
    expect(stream.viewers).toBe(1);
    await clock.advance(1100);
    expect(stream.viewers).toBe(0);
    await client.closed;
  });

  test('hangs up on what is no RTSP', async () => {
    const { client } = await start();
    client.socket.write('\x16\x03\x01 hello');
    await client.closed;
  });

  test('hangs up on a client that asks on and on without reading', async () => {
    const { client } = await start();
    client.socket.pause();
    const questions = Buffer.from(`DESCRIBE ${client.url} RTSP/1.0\r\nCSeq: 1\r\n\r\n`.repeat(100_000));
    // A paused socket notices the end only when it writes.
    const ask = (error?: Error | null) => void (error ?? client.socket.write(questions, ask));
    ask();
    await client.closed;
  });

  test('holds little for a client that does not read, and resumes it with a key picture', async () => {
    const { client, stream } = await start();
    await playInterleaved(client);
    client.socket.pause();
    for (let frame = 0; frame < 2000; frame++) send(stream, frame * 3000, frame % 50 === 0, 50_000);
    client.socket.resume();
    // The answer queues behind all that waited.
    await client.ask('OPTIONS', '');
    const arrived = client.waiting(0);
    expect(arrived * 1400).toBeLessThan(16 * 1024 * 1024);
    for (let packet = 0; packet < arrived; packet++) await client.frame(0);
    send(stream, 6_000_000, false);
    send(stream, 6_003_000, true);
    const rtp = new RtpPacket();
    expect(rtp.parse(await client.frame(0))).toBe(true);
    expect(rtp.timestamp).toBe(6_003_000);
  });
});

describe('authentication by the server', () => {
  test('lets the right Basic credentials in and no others', async () => {
    const { client } = await start({ authentication: { scheme: 'basic', username: 'u', password: 'p:w' } });
    const refused = await client.ask('DESCRIBE', '');
    expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="Preroll"']);
    const wrong = `Basic ${Buffer.from('u:p').toString('base64')}`;
    expect((await client.ask('DESCRIBE', '', [['Authorization', wrong]])).status).toBe(401);
    const right = `Basic ${Buffer.from('u:p:w').toString('base64')}`;
    expect((await client.ask('DESCRIBE', '', [['Authorization', right]])).status).toBe(200);
  });

  test.each([
    { algorithm: 'MD5', hasQop: false },
    { algorithm: 'MD5', hasQop: true },
    { algorithm: 'SHA-256', hasQop: true },
  ] as const)('accepts what our client answers to Digest %o, until the nonce is stale', async (kind) => {
    const login = { username: 'admin', password: 'p@ss:w/rd%' };
    const { client, server } = await start({ authentication: { scheme: 'digest', ...login, ...kind } });
    const authorizer = new Authorizer(login);
    const authorized = (): HeaderLine => [
      'Authorization',
      authorizer.authorization('DESCRIBE', client.url) ?? '',
    ];
    const challengeOf = (response: RtspResponse) => {
      const challenge = strongestChallenge(response.headers.all('WWW-Authenticate'));
      if (challenge?.scheme !== 'digest') throw new Error(`no Digest challenge in ${response.status}`);
      return challenge;
    };
    authorizer.accept(challengeOf(await client.ask('DESCRIBE', '')));
    expect((await client.ask('DESCRIBE', '', [authorized()])).status).toBe(200);
    server.renewNonce();
    const stale = challengeOf(await client.ask('DESCRIBE', '', [authorized()]));
    expect(stale.isStale).toBe(true);
    authorizer.accept(stale);
    expect((await client.ask('DESCRIBE', '', [authorized()])).status).toBe(200);
    const wrong = new Authorizer({ ...login, password: 'guess' });
    wrong.accept(stale);
    const refused = wrong.authorization('DESCRIBE', client.url) ?? '';
    expect(challengeOf(await client.ask('DESCRIBE', '', [['Authorization', refused]])).isStale).toBe(false);
  });
});

/** A minimal client that keeps all it receives by channel. */
class Client implements AsyncDisposable {
  readonly url: string;
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  readonly #responses = new Inbox<RtspResponse>();
  readonly #frames = new Map<number, Inbox<Uint8Array>>();
  #sequence = 0;

  private constructor(url: string, socket: Socket) {
    this.url = url;
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    const reader = new InterleavedReader({
      onFrame: (channel, bytes, from, to) =>
        this.#inbox(channel).put(Uint8Array.from(bytes.subarray(from, to))),
      onMessage: (message) => {
        if (message.kind === 'response') this.#responses.put(message);
      },
      onResynchronised: () => undefined,
      isPlausibleFrame: () => true,
    });
    socket.on('data', (bytes: Buffer) => reader.feed(bytes, bytes.length));
    socket.on('error', () => undefined);
  }

  static async connect(url: string): Promise<Client> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new Client(url, socket);
  }

  ask(method: string, suffix: string, headers: readonly HeaderLine[] = []): Promise<RtspResponse> {
    const cseq: HeaderLine = ['CSeq', String(++this.#sequence)];
    this.socket.write(formatRequest({ method, uri: this.url + suffix, headers: [cseq, ...headers] }));
    return this.#responses.take();
  }

  frame(channel: number): Promise<Uint8Array> {
    return this.#inbox(channel).take();
  }

  /** Frames that arrived and were not taken. */
  waiting(channel: number): number {
    return this.#inbox(channel).size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }

  #inbox(channel: number): Inbox<Uint8Array> {
    const inbox = this.#frames.get(channel) ?? new Inbox<Uint8Array>();
    this.#frames.set(channel, inbox);
    return inbox;
  }
}

class Inbox<T> {
  readonly #items: T[] = [];
  readonly #takers: ((item: T) => void)[] = [];

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  take(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => this.#takers.push(resolve)) : Promise.resolve(item);
  }
}
