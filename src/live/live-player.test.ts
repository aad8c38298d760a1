import { beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { ControlError } from '../control/control-error.ts';
import {
  h264BaselineTrack,
  h264HighTrack,
  h265Main10Track,
  monoTrack,
} from '../media/fmp4/testing/test-tracks.ts';
import type { VideoTrack } from '../media/packet.ts';
import { makePicture, makeSound } from '../media/testing/make-packet.ts';
import { LiveHub } from './live-hub.ts';
import { LivePlayer } from './live-player.ts';
import { LIVE_HEADER_BYTES, type LiveNotice, type LiveTrack, type PlayRequest } from './protocol.ts';
import { messageOf } from './testing/message-of.ts';
import { MEDIA_START_MS, PretendedLink, record } from './testing/pretended-link.ts';

/** A player's end of the connection. */
class Browser {
  readonly notices: LiveNotice[] = [];
  /** In order: what notices are called, and of binary messages kind, seq and flags. */
  readonly all: string[] = [];
  readonly bytes: Buffer[] = [];
  closed: string | undefined;
  acknowledges = true;
  player: LivePlayer | undefined;

  sendText(text: string): void {
    const notice = JSON.parse(text) as LiveNotice;
    this.notices.push(notice);
    this.all.push(notice.t === 'dropped' ? `dropped ${notice.frames}` : notice.t);
  }

  sendFrame(frame: Uint8Array): void {
    const message = messageOf(frame);
    this.bytes.push(message);
    const kind = ['', 'init', 'fragment', 'raw'][message[0] ?? 0];
    const flags = ['', ' key', ' after gap', ' key after gap', ' sound'][message[1] ?? 0];
    this.all.push(`${kind}${flags}`);
    if (this.acknowledges) this.player?.receive(JSON.stringify({ t: 'ack', seq: message.readUInt32BE(4) }));
  }

  close(reason: string): void {
    this.closed = reason;
  }

  get tracks(): LiveTrack[] {
    return this.notices.filter((notice) => notice.t === 'track');
  }

  captureMs(): number[] {
    return this.bytes.map((message) => message.readDoubleBE(8) - MEDIA_START_MS);
  }
}

let clock: SimulatedClock;
let link: PretendedLink;
let hub: LiveHub;
let audited: string[];

beforeEach(() => {
  clock = new SimulatedClock(MEDIA_START_MS);
  link = new PretendedLink();
  audited = [];
  const cameras = new Map([
    ['yard', true],
    ['door', false],
  ]);
  const hasSub = (camera: string) => cameras.get(camera);
  hub = new LiveHub({ link, hasSub, clock, log: silentLog });
});

function browser(request: Partial<PlayRequest> = {}): Browser {
  const socket = new Browser();
  const player = new LivePlayer({
    socket,
    streams: hub,
    mayWatch: (camera) => camera !== 'attic',
    onWatch: (camera) => audited.push(camera),
    clock,
  });
  socket.player = player;
  play(socket, request);
  return socket;
}

function play({ player }: Browser, request: Partial<PlayRequest> = {}): void {
  const usual = { t: 'play', cam: 'yard', stream: 'main', mode: 'mse', v: ['avc1'], a: ['mp4a'] };
  player?.receive(JSON.stringify({ ...usual, ...request }));
}

function tell(ms: number, isKey = false, track: VideoTrack = h264HighTrack): void {
  link.stream.tell(record(makePicture(ms, { track, isKey })));
}

/** What the recorder tells one who joins: a GOP of three pictures. */
function tellGop(track: VideoTrack = h264HighTrack): void {
  link.stream.tell({ kind: 'run' });
  for (const ms of [0, 40, 80]) tell(ms, ms === 0, track);
  link.stream.tell({ kind: 'caught-up' });
}

const watched = () =>
  link.streams.map(
    ({ watched: { camera, stream }, isOver }) => `${camera} ${stream}${isOver ? ' over' : ''}`,
  );

describe('LivePlayer', () => {
  test('tells a track, what is needed to decode it, the GOP so far, and what comes', () => {
    const socket = browser();
    tellGop();
    tell(120);
    expect(socket.all).toEqual(['track', 'init', 'fragment key', 'fragment', 'fragment', 'fragment']);
    const [track] = socket.tracks;
    expect(track).toMatchObject({
      stream: 'main',
      because: null,
      hasSub: true,
      mime: 'video/mp4; codecs="avc1.64001e"',
      audio: null,
      w: 640,
      h: 360,
      fps: 25,
    });
    const seqs = socket.bytes.map((message) => message.readUInt32BE(4));
    expect(seqs.filter((seq) => seq < (track?.liveFrom ?? 0))).toHaveLength(4 - 1);
    expect(socket.captureMs()).toEqual([0, 0, 40, 80, 120]);
    expect(socket.bytes.every((message) => message.readUInt16BE(2) === track?.gen)).toBe(true);
  });

  test('reads a stream once, however many play it, and not when nobody does', async () => {
    const sockets = [browser(), browser()];
    tellGop();
    const late = browser();
    expect(watched()).toEqual(['yard main']);
    expect(late.all).toEqual(['track', 'init', 'fragment key', 'fragment', 'fragment']);
    expect(late.bytes[1]).toEqual(sockets[0]?.bytes[1]);
    for (const { player } of [...sockets, late]) player?.[Symbol.dispose]();
    expect(watched()).toEqual(['yard main over']);
    browser();
    expect(watched()).toEqual(['yard main over', 'yard main']);
    await hub[Symbol.asyncDispose]();
    expect(watched().at(-1)).toBe('yard main over');
  });

  test('sends sound to those who want it only', () => {
    const [with_, without] = [browser(), browser({ a: [] })];
    link.stream.tell({ kind: 'run' });
    tell(0, true);
    link.stream.tell(record(makeSound(10, monoTrack)));
    tell(40);
    link.stream.tell({ kind: 'caught-up' });
    link.stream.tell(record(makeSound(33, monoTrack)));
    expect(with_.all).toEqual([
      'track',
      'init',
      'fragment key',
      'fragment sound',
      'fragment',
      'fragment sound',
    ]);
    expect(with_.tracks[0]).toMatchObject({
      mime: 'video/mp4; codecs="avc1.64001e, mp4a.40.2"',
      audioRateHz: 44_100,
      audioChannels: 1,
    });
    expect(without.all).toEqual(['track', 'init', 'fragment key', 'fragment']);
    expect(with_.bytes[0]?.byteLength).toBeGreaterThan(without.bytes[0]?.byteLength ?? 0);
  });

  test('begins another generation when there is sound, and when that has ceased', () => {
    const socket = browser();
    tellGop();
    link.stream.tell(record(makeSound(100, monoTrack)));
    tell(120, true);
    for (let ms = 160; ms <= 2_000; ms += 40) tell(ms, ms % 1_000 === 0);
    expect(socket.tracks.map(({ audio }) => audio)).toEqual([null, 'mp4a.40.2', null]);
  });

  test('begins another generation with another format, and with another run of the camera', () => {
    const socket = browser();
    tellGop();
    tell(120, true, h264BaselineTrack);
    link.stream.tell({ kind: 'away', reason: 'no media for 8 s' });
    link.stream.tell({ kind: 'run' });
    tell(10_000, true, h264BaselineTrack);
    expect(socket.all.slice(5)).toEqual([
      'track',
      'init',
      'fragment key',
      'away',
      'track',
      'init',
      'fragment key',
    ]);
    expect(socket.tracks.map(({ gen, video }) => [gen, video])).toEqual([
      [1, 'avc1.64001e'],
      [2, 'avc1.42c01e'],
      [3, 'avc1.42c01e'],
    ]);
    // One time line for all.
    expect(new Set(socket.tracks.map(({ epochUs }) => Math.round(epochUs / 1_000))).size).toBe(1);
  });

  test('tells where pictures are missing', () => {
    const socket = browser();
    tellGop();
    tell(1_000);
    expect(socket.all.slice(5)).toEqual(['gap', 'fragment after gap']);
    const late = browser();
    expect(late.all).toEqual([...socket.all]);
  });

  test('gives WebCodecs the access units themselves', () => {
    const socket = browser({ mode: 'wc' });
    link.stream.tell({ kind: 'run' });
    const picture = makePicture(0, { track: h264HighTrack, sizeBytes: 5_000 });
    link.stream.tell(record(picture));
    link.stream.tell(record(makeSound(10, monoTrack)));
    link.stream.tell({ kind: 'caught-up' });
    expect(socket.all).toEqual(['track', 'init', 'init sound', 'raw key', 'raw sound']);
    const [video, audio, raw] = socket.bytes.map((message) => message.subarray(LIVE_HEADER_BYTES));
    expect(video?.[0]).toBe(1);
    expect(audio).toEqual(Buffer.from(monoTrack.audioSpecificConfig));
    expect(raw).toEqual(Buffer.from(picture.data));
  });

  test.each([100, 1_000, 70_000])('frames a message of about %i bytes as a WebSocket does', (sizeBytes) => {
    const socket = browser({ mode: 'wc', a: [] });
    link.stream.tell({ kind: 'run' });
    link.stream.tell(record(makePicture(0, { track: h264HighTrack, sizeBytes })));
    link.stream.tell({ kind: 'caught-up' });
    expect(socket.bytes.at(-1)).toHaveLength(LIVE_HEADER_BYTES + sizeBytes);
  });

  test('plays the sub-stream where the browser does not play the codec of main, and says so', () => {
    const socket = browser({ stream: 'auto' });
    tellGop(h265Main10Track);
    expect(watched()).toEqual(['yard main over', 'yard sub']);
    tellGop();
    expect(socket.tracks).toMatchObject([{ stream: 'sub', because: 'codec', video: 'avc1.64001e' }]);
    tellGop(h265Main10Track);
    expect(socket.notices.at(-1)).toMatchObject({ t: 'error', code: 'codec' });
    expect(watched().every((stream) => stream.endsWith('over'))).toBe(true);
  });

  test('plays H.265 where the browser does', () => {
    const socket = browser({ v: ['avc1', 'hvc1'] });
    tellGop(h265Main10Track);
    expect(socket.tracks[0]?.mime).toContain('hvc1.2.4.');
  });

  test('drops for a slow link up to a key picture, and says so', async () => {
    const socket = browser();
    tellGop();
    socket.acknowledges = false;
    for (let ms = 120; ms <= 4_000; ms += 40) {
      tell(ms, ms % 1_000 === 0);
      await clock.advance(40);
    }
    const before = socket.all.length;
    socket.player?.receive(JSON.stringify({ t: 'ack', seq: socket.bytes.at(-1)?.readUInt32BE(4) }));
    expect(socket.all.slice(before, before + 2)).toEqual([
      expect.stringMatching(/^dropped \d+$/),
      'fragment key',
    ]);
    expect(socket.captureMs().at(-1)).toBeGreaterThanOrEqual(3_000);
    expect(watched()).toEqual(['yard main']);
  });

  test('falls back to the sub-stream for a slow link, and tries main again after a minute', async () => {
    const socket = browser({ stream: 'auto' });
    tellGop();
    socket.acknowledges = false;
    for (let ms = 120; ms <= 2_000 && watched().length === 1; ms += 40) {
      tell(ms);
      await clock.advance(40);
    }
    expect(watched()).toEqual(['yard main over', 'yard sub']);
    socket.player?.receive(JSON.stringify({ t: 'ack', seq: socket.bytes.at(-1)?.readUInt32BE(4) }));
    socket.acknowledges = true;
    tellGop();
    expect(socket.tracks.at(-1)).toMatchObject({ stream: 'sub', because: 'slow-link' });
    await clock.advance(61_000);
    tell(120);
    expect(watched()).toHaveLength(2);
    tell(160, true);
    expect(watched()).toEqual(['yard main over', 'yard sub over', 'yard main']);
    tellGop();
    expect(socket.tracks.at(-1)).toMatchObject({ stream: 'main', because: null });
  });

  test('plays main of a camera that has nothing else', () => {
    browser({ cam: 'door', stream: 'sub' });
    expect(watched()).toEqual(['door main']);
  });

  test('plays something else when it is told to, and nothing while paused', () => {
    const socket = browser();
    tellGop();
    play(socket, { cam: 'door' });
    tellGop();
    expect(watched()).toEqual(['yard main over', 'door main']);
    expect(audited).toEqual(['yard', 'door']);
    socket.player?.receive(JSON.stringify({ t: 'pause' }));
    expect(watched().at(-1)).toBe('door main over');
    play(socket);
    expect(watched().at(-1)).toBe('yard main');
  });

  test.each(['attic', 'cellar', '__proto__'])(
    'tells no more of a camera one may not watch than of none: %s',
    (cam) => {
      const socket = browser({ cam });
      expect(link.streams).toHaveLength(0);
      expect(audited).toEqual([]);
      expect(socket.notices).toEqual([
        { t: 'error', code: 'no-camera', message: `there is no camera "${cam}" that you may watch` },
      ]);
    },
  );

  test.each(['', 'null', '{', '{"t":"play"}', '{"t":"ack","seq":-1}', '{"t":"ack","seq":1e99}', '[]'])(
    'answers %s with an error and goes on',
    (text) => {
      const socket = browser();
      socket.player?.receive(text);
      expect(socket.notices).toMatchObject([{ t: 'error', code: 'bad-message' }]);
      tellGop();
      expect(socket.tracks).toHaveLength(1);
    },
  );

  test('says that the recorder or the camera is away, and goes on when it is back', async () => {
    const socket = browser();
    tellGop();
    link.stream.end(new ControlError('no-answer', 'gone'));
    await clock.advance(1_000);
    expect(socket.notices.at(-1)).toEqual({ t: 'away', reason: 'the recorder does not answer' });
    expect(watched()).toHaveLength(2);
    const late = browser();
    expect(late.notices).toEqual([{ t: 'away', reason: 'the recorder does not answer' }]);
    tellGop();
    expect([socket, late].map(({ tracks }) => tracks.at(-1)?.gen)).toEqual([2, 2]);
    link.stream.end(new ControlError('unknown', 'no such camera'));
    await clock.advance(10);
    expect(late.notices.at(-1)).toEqual({ t: 'away', reason: 'the camera is not being recorded' });
  });

  test('gives up a player that acknowledges nothing', async () => {
    const socket = browser();
    socket.acknowledges = false;
    tellGop();
    await clock.advance(31_000);
    tell(31_000, true);
    expect(socket.closed).toBe('nothing was acknowledged');
    expect(watched()).toEqual(['yard main over']);
  });
});
