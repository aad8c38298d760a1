import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LivePlayer } from './live-player.ts';
import {
  EPOCH_MS,
  FakeMediaSource,
  FakeSocket,
  fakeBrowser,
  init,
  picture,
  track,
  type FakeBrowser,
} from './testing/fake-browser.ts';

let browser: FakeBrowser;
let player: LivePlayer;
beforeEach(() => {
  browser = fakeBrowser();
});
afterEach(() => {
  player.dispose();
  FakeMediaSource.supported = /avc1|mp4a/;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets the fake browser append what it was given. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function start(): FakeSocket {
  player = new LivePlayer({
    // As much of one as a player needs.
    video: browser.video as unknown as HTMLVideoElement,
    url: 'ws://here/api/live',
    camera: 'yard',
    stream: 'auto',
  });
  player.start();
  FakeSocket.last.open();
  return FakeSocket.last;
}

async function startWithPictures(): Promise<FakeSocket> {
  const socket = start();
  socket.tell(track({ liveFrom: 50 }));
  socket.give(init());
  for (let seq = 0; seq < 50; seq += 1) socket.give(picture(seq, { isKey: seq === 0 }));
  await settle();
  return socket;
}

test('the codecs that the browser plays are told, and no sound is asked for', () => {
  FakeMediaSource.supported = /hvc1|avc1|mp4a/;
  expect(start().sent).toEqual([
    { t: 'play', cam: 'yard', stream: 'auto', mode: 'mse', v: ['avc1', 'hvc1'], a: [] },
  ]);
});

test('a player that joins shows the end of the GOP so far, and says that it is live', async () => {
  await startWithPictures();
  expect(browser.video.currentTime).toBeCloseTo(2 - 0.06);
  expect(browser.video.paused).toBe(false);
  expect(player.view).toMatchObject({
    activity: { kind: 'live' },
    hasPicture: true,
    track: { stream: 'main', because: null, widthPx: 1920, heightPx: 1080 },
  });
  expect(player.shownWallMs).toBeCloseTo(EPOCH_MS + 1_940);
});

test('the key picture stands until all of the GOP so far has come, and is not taken for live', async () => {
  const socket = start();
  socket.tell(track({ liveFrom: 75 }));
  socket.give(init());
  for (let seq = 25; seq < 74; seq += 1) socket.give(picture(seq, { isKey: seq === 25 }));
  await settle();
  expect(browser.video.currentTime).toBe(1);
  expect(browser.video.paused).toBe(true);
  expect(player.view).toMatchObject({ activity: { kind: 'connecting' }, hasPicture: true });
  socket.give(picture(74));
  await settle();
  expect(browser.video.currentTime).toBeCloseTo(3 - 0.06);
  expect(player.view.activity.kind).toBe('live');
});

test('of a GOP that has only begun the newest picture is shown at once', async () => {
  const socket = start();
  socket.tell(track({ liveFrom: 28 }));
  socket.give(init());
  const sought = vi.spyOn(browser.video, 'currentTime', 'set');
  for (let seq = 25; seq < 28; seq += 1) socket.give(picture(seq, { isKey: seq === 25 }));
  await settle();
  expect(sought.mock.calls).toEqual([[1.12 - 0.06]]);
});

test('a live picture stands until another stream has come to its newest one', async () => {
  const socket = await startWithPictures();
  const shownS = browser.video.currentTime;
  socket.tell(track({ gen: 2, liveFrom: 100 }));
  socket.give(init(2));
  for (let seq = 50; seq < 99; seq += 1) socket.give(picture(seq, { gen: 2, isKey: seq === 50 }));
  await settle();
  expect(browser.video.currentTime).toBe(shownS);
  socket.give(picture(99, { gen: 2 }));
  await settle();
  expect(browser.video.currentTime).toBeCloseTo(4 - 0.06);
});

test('a picture that a slow link leaves behind stands until the smaller stream has come to its newest one', async () => {
  const socket = await startWithPictures();
  const shownS = browser.video.currentTime;
  socket.tell({ t: 'dropped', frames: 12 });
  socket.tell(track({ gen: 2, liveFrom: 50 }));
  socket.give(init(2));
  for (let seq = 0; seq < 49; seq += 1) socket.give(picture(seq, { gen: 2, isKey: seq === 0 }));
  await settle();
  expect(browser.video.currentTime).toBe(shownS);
});

test('says so where the browser makes nothing of what comes, and is live when it does', async () => {
  const socket = start();
  socket.tell(track({ liveFrom: 1 }));
  socket.give(init());
  await settle();
  const [buffer] = FakeMediaSource.all[0]?.buffers ?? [];
  if (buffer === undefined) throw new Error('nothing was appended');
  buffer.takesPictures = false;
  for (let seq = 0; seq < 50; seq += 1) socket.give(picture(seq, { isKey: seq === 0 }));
  await settle();
  expect(player.view.activity.kind).toBe('connecting');
  vi.advanceTimersByTime(5_100);
  socket.give(picture(50));
  await settle();
  expect(player.view.activity).toMatchObject({ kind: 'refused', code: 'codec' });
  buffer.takesPictures = true;
  socket.give(picture(51, { isKey: true }));
  await settle();
  expect(player.view.activity.kind).toBe('live');
});

test('what has come is acknowledged every ten pictures', async () => {
  const socket = await startWithPictures();
  const acks = socket.sent.flatMap((sent) => (sent.t === 'ack' ? [sent.seq] : []));
  expect(acks).toEqual([9, 19, 29, 39, 49]);
});

test('a player far behind jumps, and one a little behind plays faster', async () => {
  const socket = await startWithPictures();
  browser.video.currentTime = 0.5;
  socket.give(picture(50));
  await settle();
  expect(browser.video.currentTime).toBeCloseTo(2.04 - 0.06);
  browser.video.currentTime = 1.8;
  socket.give(picture(51));
  await settle();
  expect(browser.video.currentTime).toBe(1.8);
  expect(browser.video.playbackRate).toBeGreaterThan(1);
});

test.each([
  { dryMs: 4, plays: 'faster' },
  { dryMs: 100, plays: 'slower' },
])('with 120 ms in hand after the stream ran dry for $dryMs ms it plays $plays', async ({ dryMs, plays }) => {
  vi.useFakeTimers();
  const socket = await startWithPictures();
  vi.advanceTimersByTime(5_000);
  browser.video.dispatchEvent(new Event('waiting'));
  vi.advanceTimersByTime(dryMs);
  browser.video.dispatchEvent(new Event('playing'));
  browser.video.currentTime = 2.04 - 0.12;
  socket.give(picture(50));
  await settle();
  expect(browser.video.playbackRate > 1 ? 'faster' : 'slower').toBe(plays);
});

test('what was shown long ago is cut before a key picture, so that no picture loses its own', async () => {
  const socket = await startWithPictures();
  for (let seq = 50; seq < 300; seq += 1) {
    browser.video.currentTime = seq * 0.04 - 0.06;
    socket.give(picture(seq, { isKey: seq % 50 === 0 }));
    await settle();
  }
  const [buffer] = FakeMediaSource.all[0]?.buffers ?? [];
  // Key pictures are 2 s apart: what is more than 5 s behind goes when 10 s have come.
  expect(buffer?.removed.map(([, endS]) => Number(endS.toFixed(2)))).toEqual([3.98]);
});

test('pictures of a generation that is over are passed over', async () => {
  const socket = await startWithPictures();
  socket.tell(track({ gen: 2, mime: 'video/mp4; codecs="avc1.42c01e"', w: 640, h: 360 }));
  socket.give(picture(50, { gen: 1 }));
  socket.give(init(2));
  socket.give(picture(51, { gen: 2, isKey: true }));
  await settle();
  const [buffer] = FakeMediaSource.all[0]?.buffers ?? [];
  expect(buffer?.types).toEqual(['video/mp4; codecs="avc1.640028"', 'video/mp4; codecs="avc1.42c01e"']);
  expect(buffer?.inits).toBe(2);
  expect(buffer?.toMs).toBe(52 * 40);
  expect(player.view.track).toMatchObject({ widthPx: 640 });
});

test('sound is asked for when it is wanted, into a source of two tracks', async () => {
  const socket = await startWithPictures();
  player.setVolume(0.5);
  expect(socket.sent.at(-1)).toMatchObject({ t: 'play', a: ['mp4a'] });
  expect(browser.video).toMatchObject({ muted: false, volume: 0.5 });
  socket.tell(track({ mime: 'video/mp4; codecs="avc1.640028, mp4a.40.2"', audio: 'mp4a.40.2' }));
  expect(FakeMediaSource.all).toHaveLength(2);
  player.setVolume(0);
  expect(socket.sent.at(-1)).toMatchObject({ t: 'play', a: [] });
});

test('a hidden page is left after 5 s, and joined again when it is looked at', async () => {
  const socket = await startWithPictures();
  browser.hide(true);
  vi.advanceTimersByTime(4_900);
  expect(socket.readyState).toBe(FakeSocket.OPEN);
  vi.advanceTimersByTime(200);
  expect(socket.readyState).toBe(FakeSocket.CLOSED);
  expect(player.view).toMatchObject({ activity: { kind: 'resting' }, hasPicture: true });
  browser.hide(false);
  expect(FakeSocket.all).toHaveLength(2);
  FakeSocket.last.open();
  expect(FakeSocket.last.sent).toMatchObject([{ t: 'play', cam: 'yard' }]);
});

test('a page that was hidden for a moment goes on at the newest picture', async () => {
  await startWithPictures();
  browser.video.currentTime = 0.2;
  browser.hide(true);
  vi.advanceTimersByTime(1_000);
  browser.hide(false);
  expect(browser.video.currentTime).toBeCloseTo(1.94);
  expect(FakeSocket.all).toHaveLength(1);
});

test('a lost connection is told, and tried again less and less often, but every few seconds', async () => {
  const socket = await startWithPictures();
  socket.lose();
  expect(player.view).toMatchObject({ activity: { kind: 'server-away' }, hasPicture: true });
  const attempts: number[] = [];
  for (let ms = 0; ms < 60_000; ms += 50) {
    const before = FakeSocket.all.length;
    vi.advanceTimersByTime(50);
    if (FakeSocket.all.length === before) continue;
    attempts.push(ms);
    FakeSocket.last.lose();
  }
  const waitsMs = attempts.slice(1).map((ms, i) => ms - (attempts[i] ?? 0));
  expect(Math.max(...waitsMs)).toBeLessThan(4_600);
  expect(attempts.length).toBeLessThan(26);
  expect(attempts[0]).toBeLessThan(500);
});

test('after a reconnection what was there is forgotten, and the new pictures are shown', async () => {
  const socket = await startWithPictures();
  socket.lose();
  vi.advanceTimersByTime(1_000);
  FakeSocket.last.open();
  FakeSocket.last.tell(track({ gen: 7, liveFrom: 0, epochUs: (EPOCH_MS + 60_000) * 1000 }));
  FakeSocket.last.give(init(7));
  FakeSocket.last.give(picture(3, { gen: 7, isKey: true }));
  await settle();
  const [buffer] = FakeMediaSource.all[0]?.buffers ?? [];
  expect(buffer).toMatchObject({ removed: [[0, Infinity]], fromMs: 120, toMs: 160 });
  expect(browser.video.currentTime).toBeCloseTo(0.12);
  expect(player.view.activity.kind).toBe('live');
});

test('a connection on which nothing comes any more is taken for lost', async () => {
  const socket = await startWithPictures();
  vi.advanceTimersByTime(16_000);
  expect(socket.readyState).toBe(FakeSocket.CLOSED);
  expect(FakeSocket.all.length).toBeGreaterThan(1);
});

test('a camera that is away is told with its reason, and waited for', async () => {
  const socket = await startWithPictures();
  socket.tell({ t: 'away', reason: 'no route to host' });
  expect(player.view).toMatchObject({
    activity: { kind: 'camera-away', reason: 'no route to host' },
    hasPicture: true,
  });
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  socket.tell(track({ gen: 2 }));
  socket.give(init(2));
  socket.give(picture(60, { gen: 2, isKey: true }));
  await settle();
  expect(player.view.activity.kind).toBe('live');
});

test('pictures that are left out for a slow link are told of for a while', async () => {
  const socket = await startWithPictures();
  socket.tell({ t: 'dropped', frames: 12 });
  expect(player.view.activity.kind).toBe('behind');
  vi.advanceTimersByTime(6_000);
  expect(player.view.activity.kind).toBe('live');
});

test('after a gap the time of what is shown is that of the new epoch', async () => {
  const socket = await startWithPictures();
  socket.tell({ t: 'gap', epochUs: (EPOCH_MS + 500) * 1000 });
  expect(player.shownWallMs).toBeCloseTo(EPOCH_MS + 2_440);
});

test('a stream that the browser gives up on is begun anew, not at once', async () => {
  const socket = await startWithPictures();
  browser.video.dispatchEvent(new Event('error'));
  expect(socket.readyState).toBe(FakeSocket.CLOSED);
  expect(player.view).toMatchObject({ activity: { kind: 'connecting' }, hasPicture: false });
  expect(FakeSocket.all).toHaveLength(1);
  vi.advanceTimersByTime(600);
  expect(FakeSocket.all).toHaveLength(2);
});

test('a browser that plays none of it is told so', () => {
  FakeMediaSource.supported = /nothing/;
  player = new LivePlayer({
    video: browser.video as unknown as HTMLVideoElement,
    url: 'ws://here/api/live',
    camera: 'yard',
    stream: 'sub',
  });
  player.start();
  expect(FakeSocket.all).toHaveLength(0);
  expect(player.view.activity).toMatchObject({ kind: 'refused', code: 'codec' });
});

test('what the browser could not play is tried anew when the camera sends another codec', () => {
  const socket = start();
  player.setCameraCodec('hvc1.1.6.L120.90');
  socket.tell(track({ stream: 'sub', because: 'codec' }));
  // The camera was away for a moment, and is the same.
  player.setCameraCodec(undefined);
  player.setCameraCodec('hvc1.1.6.L120.90');
  expect(socket.sent).toHaveLength(1);
  player.setCameraCodec('avc1.640028');
  expect(socket.sent.slice(1)).toMatchObject([{ t: 'play', cam: 'yard', stream: 'auto' }]);

  socket.tell({ t: 'error', code: 'codec', message: 'none of its streams' });
  player.setCameraCodec('hvc1.1.6.L120.90');
  expect(socket.sent).toHaveLength(3);
});

test('a stream that plays goes on when the camera sends another codec', () => {
  const socket = start();
  player.setCameraCodec('hvc1.1.6.L120.90');
  socket.tell(track());
  player.setCameraCodec('avc1.640028');
  expect(socket.sent).toHaveLength(1);
});

test('a player that was disposed of leaves nothing behind', async () => {
  const socket = await startWithPictures();
  player.dispose();
  expect(socket.readyState).toBe(FakeSocket.CLOSED);
  expect(browser.video.src).toBe('');
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});
