import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../base/clock.ts';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { monotonicMs } from '../base/time.ts';
import type { Packet } from '../media/packet.ts';
import { RtspError } from './error.ts';
import { formatFrame } from './interleaved.ts';
import { StreamPace } from './stream-pace.ts';
import { openRtsp, type RtspOptions, type RtspSession } from './session.ts';
import { testClip } from '../../test/fake-camera/clips.ts';
import { packetizeH264 } from './packetize/h264.ts';
import { RtpWriter } from './packetize/rtp-writer.ts';
import { describeMedia } from './server/describe-media.ts';
import { AUDIO_SDP, respond, rtpPacket, ScriptedCamera } from './testing/scripted-camera.ts';

const NEVER = new AbortController().signal;
const DIGEST = ['WWW-Authenticate', 'Digest realm="cam", nonce="n1", qop="auth"'] as const;

function open(
  camera: ScriptedCamera,
  options: Partial<RtspOptions> = {},
  signal = NEVER,
): Promise<RtspSession> {
  const clock: Clock = new SimulatedClock();
  const url = camera.url();
  return openRtsp(
    { camera: 'yard', url, transport: 'tcp', audio: true, clock, log: silentLog, ...options },
    signal,
  );
}

/** Awaits a rejection and returns it. */
async function rejection(promise: Promise<unknown>): Promise<RtspError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RtspError) return error;
  throw new Error('expected an RtspError', { cause: error });
}

/** Plays in the background and lets a test wait for packets. */
class Player {
  readonly texts: string[] = [];
  readonly stop = new AbortController();
  readonly ended: Promise<void>;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(session: RtspSession) {
    this.ended = session.play((packet) => this.#take(packet), this.stop.signal);
    // The tests await it too; until then a rejection is not unhandled.
    this.ended.catch(() => {});
  }

  packets(count: number): Promise<void> {
    if (this.texts.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  #take(packet: Packet): void {
    this.texts.push(Buffer.from(packet.data).toString());
    for (const { count, resolve } of this.#waiting) if (this.texts.length >= count) resolve();
  }
}

function recordingLog(lines: string[]): Log {
  const write = (message: string) => void lines.push(message);
  const log: Log = { debug: write, info: write, warn: write, error: write, with: () => log };
  return log;
}

describe('openRtsp', () => {
  it('describes what the camera offers and why some of it is not played', async () => {
    const sdp =
      'v=0\r\ns=Cam\r\na=tool:T\r\n' +
      'm=video 0 RTP/AVP 26\r\nm=audio 0 RTP/AVP 8\r\nm=audio 0 RTP/AVP 0\r\nm=application 0 RTP/AVP 107\r\n';
    await using camera = await ScriptedCamera.start({
      DESCRIBE: () => ({ headers: [['Server', 'TestCam/1']], body: Buffer.from(sdp) }),
    });
    await using session = await open(camera);
    const { server, name, tool, methods, media } = session.description;
    expect({ server, name, tool }).toEqual({ server: 'TestCam/1', name: 'Cam', tool: 'T' });
    expect(methods).toContain('GET_PARAMETER');
    expect(media.map((one) => [one.media.encoding, one.isPlayed])).toEqual([
      ['JPEG', false],
      ['PCMA', true],
      ['PCMU', false],
      ['', false],
    ]);
  });

  it('refuses to play when nothing is supported, and says what there is', async () => {
    await using camera = await ScriptedCamera.start({
      DESCRIBE: () => ({ body: Buffer.from('v=0\r\nm=video 0 RTP/AVP 26\r\n') }),
    });
    await using session = await open(camera);
    const error = await rejection(session.play(() => {}, NEVER));
    expect(error.kind).toBe('unsupported');
    expect(error.message).toContain('video JPEG');
  });

  it('tells in an error which connection and what status', async () => {
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => ({ status: 404 }) });
    const error = await rejection(open(camera));
    expect(error).toMatchObject({ kind: 'refused', context: { camera: 'yard', status: 404 } });
    expect(error.context.connection).toMatchObject({ ordinal: 1, remote: `127.0.0.1:${camera.port}` });
    expect(error.message).toMatch(/DESCRIBE rtsp:.*expected 200, found 404 Not Found; is the path/);
  });

  it('says that no connection came about', async () => {
    const camera = await ScriptedCamera.start();
    const url = camera.url();
    await camera[Symbol.asyncDispose]();
    expect((await rejection(open(camera, { url }))).kind).toBe('connect');
  });

  it('refuses a URL that it does not speak without repeating it', async () => {
    await using camera = await ScriptedCamera.start();
    const error = await rejection(open(camera, { url: 'http://user:secret@cam/' }));
    expect(error.kind).toBe('unsupported');
    expect(String(error)).not.toContain('secret');
  });

  it('goes on when the camera does not know OPTIONS', async () => {
    await using camera = await ScriptedCamera.start({ OPTIONS: () => ({ status: 501 }) });
    await using session = await open(camera);
    expect(session.description.media).toHaveLength(1);
  });

  it('understands answers without CSeq, with bare line feeds and extra spaces', async () => {
    const body = AUDIO_SDP.replaceAll('\r', '');
    const answer = `RTSP/1.0  200  OK \ncontent-length :  ${body.length}\n\n${body}`;
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => Buffer.from(answer) });
    await using session = await open(camera);
    expect(session.description.media[0]?.media.encoding).toBe('PCMA');
  });

  it('ends within the time limit when the camera is silent', async () => {
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => 'nothing' });
    const clock = new SimulatedClock();
    const opening = rejection(open(camera, { clock }));
    await camera.received('DESCRIBE');
    await clock.advance(10_000);
    const error = await opening;
    expect(error.kind).toBe('timeout');
    expect(error.message).toMatch(/DESCRIBE: expected a whole answer within 10000 ms/);
  });

  it('does not wait longer for an answer that trickles in byte by byte', async () => {
    await using camera = await ScriptedCamera.start({ OPTIONS: () => 'nothing' });
    const clock = new SimulatedClock();
    const opening = rejection(open(camera, { clock }));
    await camera.received('OPTIONS');
    for (const byte of 'RTSP/1.0 2') {
      await camera.connection.send(byte);
      await clock.advance(1000);
    }
    expect((await opening).kind).toBe('timeout');
  });

  it.each([
    ['an endless header', `RTSP/1.0 200 OK\r\nX: ${'y'.repeat(100_000)}`],
    ['endless headers', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(100_000)}`],
    ['a huge body', 'RTSP/1.0 200 OK\r\nContent-Length: 999999999999\r\n\r\n'],
    ['a web page', 'HTTP/1.1 200 OK\r\n\r\n<html>'],
    ['garbage', '\x00\x01\x02garbage'],
    ['an empty description', 'RTSP/1.0 200 OK\r\n\r\n'],
  ])('ends with a protocol error on %s', async (_what, bytes) => {
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => Buffer.from(bytes) });
    const error = await rejection(open(camera));
    expect(error.kind).toBe('protocol');
    expect(error.context.positionBytes).toBeGreaterThan(0);
  });

  it.each([
    ['a web page', 'HTTP/1.1 200 OK\r\n\r\n<html>'],
    ['garbage', '\x00\x01\x02garbage'],
    ['garbage in capitals', 'QQQQQQQQ\x00\x01'],
  ])('tells that nobody speaks RTSP where all that ever comes is %s', async (_what, bytes) => {
    await using camera = await ScriptedCamera.start({ OPTIONS: () => Buffer.from(bytes) });
    const error = await rejection(open(camera));
    expect(error).toMatchObject({ kind: 'alien', context: { positionBytes: 0 } });
  });

  it('tells that the camera hung up', async () => {
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => 'close' });
    expect((await rejection(open(camera))).kind).toBe('closed');
    expect(camera.connections).toHaveLength(1);
  });

  it('rejects with the reason of the signal and closes the connection', async () => {
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => 'nothing' });
    const abort = new AbortController();
    const opening = open(camera, {}, abort.signal).catch((error: unknown) => error);
    await camera.received('DESCRIBE');
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await opening).toBe(reason);
    await camera.until(() => camera.connection.socket.destroyed);
  });
});

describe('credentials', () => {
  const credentials = { username: 'admin', password: 'p@ss:w/rd%' };

  it.each([
    ['Digest', 'Digest realm="cam", nonce="n1", qop="auth", algorithm=SHA-256'],
    ['Basic', 'Basic realm="cam"'],
  ])('are given by %s when the camera asks', async (scheme, challenge) => {
    await using camera = await ScriptedCamera.start({
      DESCRIBE: (request) =>
        request.headers.get('Authorization') === undefined
          ? { status: 401, headers: [['WWW-Authenticate', challenge]] }
          : {},
    });
    await using session = await open(camera, { url: camera.url('/main', 'admin:p@ss:w/rd%@') });
    expect(session.description.media).toHaveLength(1);
    const answered = camera.lastOf('DESCRIBE');
    expect(answered?.headers.get('Authorization')).toMatch(new RegExp(`^${scheme} `));
    expect(answered?.uri).toBe(camera.url());
  });

  it('are refused after one try, and appear in no message', async () => {
    await using camera = await ScriptedCamera.start({
      OPTIONS: () => ({ status: 401, headers: [DIGEST] }),
    });
    const error = await rejection(open(camera, { credentials }));
    expect(error).toMatchObject({ kind: 'auth', context: { status: 401 } });
    expect(camera.methods()).toEqual(['OPTIONS', 'OPTIONS']);
    expect(`${String(error)} ${JSON.stringify(error.fields)}`).not.toContain('p@ss');
  });

  it('are missed when the camera wants some', async () => {
    await using camera = await ScriptedCamera.start({ OPTIONS: () => ({ status: 401, headers: [DIGEST] }) });
    const error = await rejection(open(camera));
    expect(error.kind).toBe('auth');
    expect(error.message).toContain('none are configured');
  });

  it('are given once more when the nonce has expired', async () => {
    const nonces = ['n1', 'n2', 'n3'];
    await using camera = await ScriptedCamera.start({
      DESCRIBE: (request) => {
        if (request.headers.get('Authorization')?.includes('nonce="n3"') === true) return {};
        const nonce = nonces.shift() ?? 'n4';
        const stale = request.headers.get('Authorization') === undefined ? '' : ', stale=true';
        return { status: 401, headers: [['WWW-Authenticate', `Digest realm="c", nonce="${nonce}"${stale}`]] };
      },
    });
    const error = await rejection(open(camera, { credentials }));
    expect(error.kind).toBe('auth');
    expect(camera.methods().filter((method) => method === 'DESCRIBE')).toHaveLength(3);
    nonces.push('n3');
    await using session = await open(camera, { credentials });
    expect(session.description.media).toHaveLength(1);
  });

  it('survive a camera that hangs up after asking for them', async () => {
    await using camera = await ScriptedCamera.start({
      OPTIONS: (request, { socket }) => {
        if (request.headers.get('Authorization') !== undefined) return {};
        socket.end(respond(request, { status: 401, headers: [DIGEST] }));
        return 'nothing';
      },
    });
    await using session = await open(camera, { credentials });
    expect(session.description.media).toHaveLength(1);
    expect(camera.connections).toHaveLength(2);
  });
});

describe('redirects', () => {
  it('are followed on the same host', async () => {
    await using target = await ScriptedCamera.start();
    await using camera = await ScriptedCamera.start({
      DESCRIBE: () => ({ status: 302, headers: [['Location', target.url('/other')]] }),
    });
    await using session = await open(camera);
    expect(session.description.media).toHaveLength(1);
    expect(target.lastOf('DESCRIBE')?.uri).toBe(target.url('/other'));
  });

  it('are not followed to another host, which is named', async () => {
    await using camera = await ScriptedCamera.start({
      DESCRIBE: () => ({ status: 301, headers: [['Location', 'rtsp://u:p@10.9.8.7/x']] }),
    });
    const error = await rejection(open(camera));
    expect(error.kind).toBe('refused');
    expect(error.message).toContain('another host, 10.9.8.7');
  });

  it('are followed three times', async () => {
    await using camera: ScriptedCamera = await ScriptedCamera.start({
      DESCRIBE: () => ({ status: 302, headers: [['Location', camera.url('/again')]] }),
    });
    expect((await rejection(open(camera))).message).toContain('too often');
    expect(camera.connections).toHaveLength(4);
  });
});

describe('play', () => {
  it('hands out packets until it is aborted, and then says goodbye', async () => {
    await using camera = await ScriptedCamera.start();
    const session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1, 'one');
    await camera.connection.sendRtp(0, 2, 'two');
    await player.packets(2);
    player.stop.abort();
    await player.ended;
    await session[Symbol.asyncDispose]();
    await session[Symbol.asyncDispose]();
    expect(player.texts).toEqual(['one', 'two']);
    expect(camera.methods()).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'TEARDOWN']);
    expect(camera.lastOf('PLAY')?.headers.get('Session')).toBe('abc');
    expect(session.statistics).toMatchObject({ transport: 'tcp', packets: 2, lost: 0 });
    await camera.until(() => camera.connection.socket.destroyed);
  });

  it('hands out packets that come before and right behind the answer to PLAY', async () => {
    await using camera = await ScriptedCamera.start({
      PLAY: (request) =>
        Buffer.concat([
          formatFrame(0, rtpPacket(1, 'before')),
          respond(request),
          formatFrame(0, rtpPacket(2, 'behind')),
        ]),
    });
    await using session = await open(camera);
    const player = new Player(session);
    await player.packets(2);
    expect(player.texts).toEqual(['before', 'behind']);
    player.stop.abort();
    await player.ended;
  });

  it('leaves pictures that somebody holds as they came, and writes the memory of others anew', async () => {
    const { parameterSets } = await testClip({ loopSeconds: 2 });
    const body = Buffer.from(describeMedia('test', [{ kind: 'video', codec: 'h264', parameterSets }]));
    await using camera = await ScriptedCamera.start({ DESCRIBE: () => ({ body }) });
    await using session = await open(camera);
    const stop = new AbortController();
    const pictures: Packet[] = [];
    const held = new Set<Packet>();
    const seen = new Set<ArrayBufferLike>();
    let tell = () => {};
    const areSeen = new Promise<void>((resolve) => (tell = resolve));
    const ended = session.play((packet) => {
      expect(packet.data[1_000]).toBe(pictures.length);
      pictures.push(packet);
      seen.add(packet.data.buffer);
      if (pictures.length % 10 === 0) {
        packet.memory?.hold();
        held.add(packet);
      }
      if (pictures.length === 100) tell();
    }, stop.signal);
    await camera.received('PLAY');
    const writer = new RtpWriter({ payloadType: 96, ssrc: 1, sequence: 1, channel: 0 });
    for (let picture = 0; picture < 102; picture += 1) {
      // A slice that is a picture's first, of a key picture or another.
      const nal = new Uint8Array(40_000).fill(picture);
      nal.set([picture === 0 ? 0x65 : 0x41, 0x88, 0x84]);
      await camera.connection.send(packetizeH264(writer, [nal], picture * 3600, false).bytes);
    }
    await Promise.race([areSeen, ended]);
    stop.abort();
    await ended;
    for (const packet of held) {
      const picture = pictures.indexOf(packet);
      // Behind the length of the NAL unit and its first three bytes.
      expect(packet.data.subarray(7).every((byte) => byte === picture)).toBe(true);
    }
    expect(seen.size).toBeLessThanOrEqual(held.size + 3);
  });

  it('hands out nothing more once aborted from within a packet', async () => {
    await using camera = await ScriptedCamera.start({
      PLAY: (request) =>
        Buffer.concat([
          respond(request),
          ...[1, 2, 3].map((sequence) => formatFrame(0, rtpPacket(sequence))),
        ]),
    });
    await using session = await open(camera);
    const stop = new AbortController();
    let count = 0;
    await session.play(() => {
      count++;
      stop.abort();
    }, stop.signal);
    await camera.connection.sendRtp(0, 4);
    await session[Symbol.asyncDispose]();
    expect(count).toBe(1);
  });

  it('rejects with what the consumer throws', async () => {
    await using camera = await ScriptedCamera.start();
    await using session = await open(camera);
    const failure = new Error('disk full');
    const playing = session
      .play(() => {
        throw failure;
      }, NEVER)
      .catch((error: unknown) => error);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    expect(await playing).toBe(failure);
  });

  it('uses the channels that the camera names, and ignores others', async () => {
    await using camera = await ScriptedCamera.start({
      SETUP: () => ({ headers: [['Transport', 'RTP/AVP/TCP;unicast;interleaved=6-7']] }),
    });
    await using session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1, 'stray');
    await camera.connection.sendRtp(6, 1, 'ours');
    await player.packets(1);
    expect(player.texts).toEqual(['ours']);
    expect(session.statistics.strayFrames).toBe(1);
  });

  it('tries the other form of a control URL behind a query', async () => {
    await using camera = await ScriptedCamera.start({
      SETUP: ({ uri }) => (uri.endsWith('?channel=1') ? {} : { status: 404 }),
    });
    await using session = await open(camera, { url: camera.url('/live?channel=1') });
    const player = new Player(session);
    await camera.received('PLAY');
    player.stop.abort();
    await player.ended;
    expect(camera.lastOf('SETUP')?.uri).toBe(camera.url('/live/track1?channel=1'));
    expect(camera.lastOf('PLAY')?.uri).toBe(camera.url('/live?channel=1'));
  });

  it('sends an absolute control URL of another host as it is, over the same connection', async () => {
    const control = 'rtsp://192.168.77.1:1554/track1';
    await using camera = await ScriptedCamera.start({
      DESCRIBE: () => ({ body: Buffer.from(AUDIO_SDP.replace('track1', control)) }),
    });
    await using session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    player.stop.abort();
    await player.ended;
    expect(camera.lastOf('SETUP')?.uri).toBe(control);
    expect(camera.connections).toHaveLength(1);
  });

  describe('with a pace', () => {
    /** Long enough for the loop to read what lies in the socket, if it is going to. */
    const spin = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    };

    async function playPaced(camera: ScriptedCamera) {
      const clock = new SimulatedClock();
      const pace = new StreamPace(clock);
      const session = await open(camera, { clock, pace });
      const player = new Player(session);
      await camera.received('PLAY');
      // The answer to PLAY is read as it comes; turns begin behind it.
      await spin();
      await camera.connection.sendRtp(0, 1);
      await player.packets(1);
      // A pause begins when nothing more has come.
      await spin();
      return { clock, session, player, pace };
    }

    it('reads what came in a pause when that ends', async () => {
      await using camera = await ScriptedCamera.start();
      const { clock, session, player } = await playPaced(camera);
      await using _ = session;
      await camera.connection.sendRtp(0, 2);
      await camera.connection.sendRtp(0, 3);
      await spin();
      expect(player.texts).toHaveLength(1);
      await clock.advance(25);
      await player.packets(3);
      player.stop.abort();
      await player.ended;
    });

    it('reads what came in a pause at once when somebody gets into a hurry', async () => {
      await using camera = await ScriptedCamera.start();
      const { session, player, pace } = await playPaced(camera);
      await using _ = session;
      await camera.connection.sendRtp(0, 2);
      await spin();
      expect(player.texts).toHaveLength(1);
      using hurry = pace.hurry();
      await player.packets(2);
      await camera.connection.sendRtp(0, 3);
      await player.packets(3);
      hurry[Symbol.dispose]();
      player.stop.abort();
      await player.ended;
    });

    it('hears at the end of a pause that the camera hung up', async () => {
      await using camera = await ScriptedCamera.start();
      const { clock, session, player } = await playPaced(camera);
      await using _ = session;
      const error = rejection(player.ended);
      camera.connection.socket.end();
      await clock.advance(25);
      expect((await error).kind).toBe('closed');
    });

    it('hears at the end of a pause what came before the camera hung up, and that it did', async () => {
      await using camera = await ScriptedCamera.start();
      const { clock, session, player } = await playPaced(camera);
      await using _ = session;
      const error = rejection(player.ended);
      await camera.connection.sendRtp(0, 2);
      camera.connection.socket.end();
      await spin();
      expect(player.texts).toHaveLength(1);
      await clock.advance(25);
      await player.packets(2);
      expect((await error).kind).toBe('closed');
    });

    it('hands out what had come when it is to end, however much, and nothing that comes later', async () => {
      await using camera = await ScriptedCamera.start();
      const { session, player } = await playPaced(camera);
      await using _ = session;
      await camera.connection.sendRtp(0, 2);
      await camera.connection.sendRtp(0, 3, 'x'.repeat(50_000));
      await camera.connection.sendRtp(0, 4, 'y'.repeat(50_000));
      await camera.connection.sendRtp(0, 5);
      await spin();
      expect(player.texts).toHaveLength(1);
      player.stop.abort();
      await player.ended;
      expect(player.texts.map((text) => text.length)).toEqual([5, 5, 50_000, 50_000, 5]);
      await camera.connection.sendRtp(0, 6);
      await spin();
      expect(player.texts).toHaveLength(5);
    });

    it('ends though the camera never ceases to send', async () => {
      await using camera = await ScriptedCamera.start();
      const { session, player } = await playPaced(camera);
      await using _ = session;
      const { socket } = camera.connection;
      let sequence = 2;
      const pour = (): void => {
        for (let i = 0; i < 4; i++) socket.write(formatFrame(0, rtpPacket(sequence++, 'z'.repeat(60_000))));
        if (!socket.destroyed) setImmediate(pour);
      };
      pour();
      player.stop.abort();
      await player.ended;
      socket.destroy();
    });

    it('says goodbye without waiting for the end of a pause', async () => {
      await using camera = await ScriptedCamera.start();
      const { session, player } = await playPaced(camera);
      player.stop.abort();
      await player.ended;
      await session[Symbol.asyncDispose]();
      expect(camera.methods().at(-1)).toBe('TEARDOWN');
    });
  });

  it('ends with a stall within ten seconds without media', async () => {
    await using camera = await ScriptedCamera.start();
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    await clock.advance(6000);
    await camera.connection.sendRtp(0, 2);
    await player.packets(2);
    const beganMs = clock.monotonicMs();
    const error = rejection(player.ended);
    await clock.advance(10_000);
    expect((await error).kind).toBe('stall');
    expect(clock.monotonicMs() - beganMs).toBe(10_000);
    expect((await error).message).toMatch(/no media for 7000 ms/);
  });

  it('does not take for a stall that the process itself was held up', async () => {
    await using camera = await ScriptedCamera.start();
    const clock = new SimulatedClock();
    let heldUpMs = 0;
    const heldUp: Clock = {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => monotonicMs(clock.monotonicMs() + heldUpMs),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
    };
    await using session = await open(camera, { clock: heldUp });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    heldUpMs = 20_000;
    await clock.advance(1000);
    await camera.connection.sendRtp(0, 2);
    await player.packets(2);
    await clock.advance(5000);
    const error = rejection(player.ended);
    await clock.advance(5000);
    expect((await error).message).toMatch(/no media for 7000 ms/);
  });

  it('ends when the camera closes the connection', async () => {
    await using camera = await ScriptedCamera.start();
    await using session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    camera.connection.socket.end();
    const error = await rejection(player.ended);
    expect(error.kind).toBe('closed');
  });

  it('ends two seconds after a goodbye that nothing follows', async () => {
    await using camera = await ScriptedCamera.start();
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    const bye = Buffer.from(
      '80c80006 0000cafe 00000000 00000000 00000000 00000000 00000000 81cb0001 0000cafe'.replaceAll(' ', ''),
      'hex',
    );
    await camera.connection.send(Buffer.concat([formatFrame(1, bye), formatFrame(0, rtpPacket(1))]));
    const error = rejection(player.ended);
    await clock.advance(4000);
    expect((await error).message).toContain('ended the stream');
  });

  it('keeps the session alive at half its timeout, and plays on without an answer', async () => {
    await using camera = await ScriptedCamera.start({
      SETUP: () => ({ headers: [['Session', 'abc;timeout=4']] }),
      GET_PARAMETER: () => 'nothing',
    });
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    for (let turn = 1; turn <= 3; turn++) {
      await camera.connection.sendRtp(0, turn);
      await player.packets(turn);
      await clock.advance(2000);
      await camera.received('GET_PARAMETER', turn);
      await clock.advance(2000);
    }
    expect(camera.lastOf('GET_PARAMETER')?.headers.get('Session')).toBe('abc');
    await camera.connection.sendRtp(0, 4, 'still here');
    await player.packets(4);
    expect(player.texts.at(-1)).toBe('still here');
  });

  it('keeps the session alive by OPTIONS when the camera refuses GET_PARAMETER', async () => {
    await using camera = await ScriptedCamera.start({
      SETUP: () => ({ headers: [['Session', 'abc;timeout=4']] }),
      GET_PARAMETER: () => ({ status: 400, headers: [['CSeq', '1']] }),
    });
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    await clock.advance(2000);
    await camera.received('GET_PARAMETER');
    await camera.connection.sendRtp(0, 2);
    await player.packets(2);
    await clock.advance(2000);
    await camera.received('OPTIONS', 2);
    expect(camera.methods().filter((method) => method === 'GET_PARAMETER')).toHaveLength(1);
  });

  it('reports back by RTCP every five seconds', async () => {
    await using camera = await ScriptedCamera.start();
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    await clock.advance(5000);
    await camera.until(() => camera.connection.frames.length > 0);
    const [report] = camera.connection.frames;
    expect(report?.channel).toBe(1);
    expect(report?.bytes[1]).toBe(201);
  });

  it('reads what has come before it writes, after a standstill', async () => {
    await using camera = await ScriptedCamera.start();
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    clock.standStill(40_000);
    await clock.advance(0);
    await camera.connection.sendRtp(0, 2);
    await player.packets(2);
    expect(camera.connection.frames).toEqual([]);
    await clock.advance(5_000);
    await camera.until(() => camera.connection.frames.length > 0);
  });

  it('answers requests of the camera', async () => {
    await using camera = await ScriptedCamera.start();
    await using session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    const answers: Buffer[] = [];
    camera.connection.socket.on('data', (bytes) => answers.push(bytes));
    for (const method of ['OPTIONS', 'ANNOUNCE', 'REDIRECT']) {
      await camera.connection.send(`${method} * RTSP/1.0\r\nCSeq: 9\r\n\r\n`);
    }
    await camera.connection.sendRtp(0, 1);
    await player.packets(1);
    await session[Symbol.asyncDispose]();
    const statuses = Buffer.concat(answers)
      .toString()
      .match(/RTSP\/1\.0 \d+/g);
    expect(statuses).toEqual(['RTSP/1.0 200', 'RTSP/1.0 200', 'RTSP/1.0 501']);
  });

  it('survives stray bytes between frames and counts them', async () => {
    await using camera = await ScriptedCamera.start();
    const lines: string[] = [];
    await using session = await open(camera, { log: recordingLog(lines) });
    const player = new Player(session);
    await camera.received('PLAY');
    await camera.connection.sendRtp(0, 1, 'one');
    await camera.connection.send(Buffer.alloc(33));
    await camera.connection.sendRtp(0, 2, 'two');
    await player.packets(2);
    expect(player.texts).toEqual(['one', 'two']);
    expect(session.statistics).toMatchObject({ junkBytes: 33, resynchronisations: 1 });
    expect(lines.filter((line) => line.includes('stray bytes'))).toHaveLength(1);
  });

  it('writes about lost packets at most every ten seconds', async () => {
    await using camera = await ScriptedCamera.start();
    const lines: string[] = [];
    const clock = new SimulatedClock();
    await using session = await open(camera, { clock, log: recordingLog(lines) });
    const player = new Player(session);
    await camera.received('PLAY');
    for (let turn = 1; turn <= 8; turn++) {
      await camera.connection.sendRtp(0, turn * 50);
      await player.packets(turn);
      await clock.advance(1000);
    }
    player.stop.abort();
    await player.ended;
    const losses = lines.filter((line) => line.includes('packets lost'));
    expect(losses).toHaveLength(2);
    expect(session.statistics.lost).toBe(7 * 49);
  });

  it('waits no more than half a second for the answer to TEARDOWN', async () => {
    await using camera = await ScriptedCamera.start({ TEARDOWN: () => 'nothing' });
    const clock = new SimulatedClock();
    const session = await open(camera, { clock });
    const player = new Player(session);
    await camera.received('PLAY');
    player.stop.abort();
    await player.ended;
    const disposing = session[Symbol.asyncDispose]();
    await camera.received('TEARDOWN');
    await clock.advance(500);
    await disposing;
    await camera.until(() => camera.connection.socket.destroyed);
  });

  it('resolves when it is aborted before the answer to PLAY', async () => {
    await using camera = await ScriptedCamera.start({ PLAY: () => 'nothing' });
    await using session = await open(camera);
    const player = new Player(session);
    await camera.received('PLAY');
    player.stop.abort();
    await player.ended;
    expect(player.texts).toEqual([]);
  });
});

describe('transport', () => {
  async function sendUdp(transport: string | undefined, payload: Buffer): Promise<void> {
    const port = Number(/client_port=(\d+)/.exec(transport ?? '')?.[1]);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.send(payload, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
    socket.close();
    await once(socket, 'close');
  }

  it('changes to UDP when the camera refuses TCP', async () => {
    await using camera = await ScriptedCamera.start({
      SETUP: (request) => (request.headers.get('Transport')?.includes('TCP') === true ? { status: 461 } : {}),
    });
    const lines: string[] = [];
    await using session = await open(camera, { log: recordingLog(lines), clock: systemClock });
    const player = new Player(session);
    await camera.received('PLAY');
    await sendUdp(camera.lastOf('SETUP')?.headers.get('Transport'), rtpPacket(1, 'by udp'));
    await player.packets(1);
    expect(player.texts).toEqual(['by udp']);
    expect(session.statistics.transport).toBe('udp');
    expect(lines.filter((line) => line.includes('trying udp'))).toHaveLength(1);
  });

  /** A simulated clock that tells when playing begins: PLAY has come to the camera then, and a timer of one second is set. */
  function watchedClock(camera: ScriptedCamera) {
    const clock = new SimulatedClock();
    let began: () => void = () => {};
    const playing = new Promise<void>((resolve) => {
      void camera.received('PLAY').then(() => (began = resolve));
    });
    const watched: Clock = {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      setTimer(delayMs, fire) {
        if (delayMs === 2_000) began();
        return clock.setTimer(delayMs, fire);
      },
    };
    return { clock, watched, playing };
  }

  it('changes to TCP when no media comes by UDP within three seconds, and says so once', async () => {
    await using camera = await ScriptedCamera.start();
    const lines: string[] = [];
    const { clock, watched, playing } = watchedClock(camera);
    await using session = await open(camera, { transport: 'udp', clock: watched, log: recordingLog(lines) });
    const player = new Player(session);
    await playing;
    await clock.advance(3000);
    await camera.received('PLAY', 2);
    await camera.connection.sendRtp(0, 1, 'by tcp');
    await player.packets(1);
    expect(player.texts).toEqual(['by tcp']);
    expect(camera.methods().filter((method) => method === 'TEARDOWN')).toHaveLength(1);
    expect(camera.connections).toHaveLength(2);
    expect(session.statistics.transport).toBe('tcp');
    expect(lines.filter((line) => line.includes('trying tcp'))).toHaveLength(1);
  });

  it('ends with what the camera said when it refuses both', async () => {
    await using camera = await ScriptedCamera.start({ SETUP: () => ({ status: 461 }) });
    await using session = await open(camera);
    const error = await rejection(session.play(() => {}, NEVER));
    expect(error).toMatchObject({ kind: 'refused', context: { status: 461, connection: { ordinal: 2 } } });
  });
});
