import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { Packet } from '../../src/media/packet.ts';
import { RtspError } from '../../src/rtsp/error.ts';
import { openRtsp, type RtspOptions, type RtspSession } from '../../src/rtsp/session.ts';
import { testClip, TINY } from './clips.ts';
import { FakeCamera, type FakeCameraOptions } from './fake-camera.ts';
import { findStamps, reportStamps } from './frame-stamps.ts';
import { startHostileServer, type HostileKind } from './hostile-server.ts';

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

/** Many pictures a second, so that tests on real sockets are quick. */
const FAST = { ...TINY, rateFps: 50, gopSeconds: 0.2, loopSeconds: 2 };

async function start(options: Partial<FakeCameraOptions> = {}): Promise<FakeCamera> {
  const camera = await FakeCamera.start({ clock: systemClock, main: await testClip(FAST), ...options });
  cleanup.push(camera);
  return camera;
}

async function open(url: string, options: Partial<RtspOptions> = {}): Promise<RtspSession> {
  const session = await openRtsp(
    {
      camera: 'fake',
      url,
      transport: 'tcp',
      audio: true,
      // Of a machine with much else to do.
      requestTimeoutMs: 30_000,
      stallMs: 30_000,
      clock: systemClock,
      log: silentLog,
      ...options,
    },
    new AbortController().signal,
  );
  cleanup.push(session);
  return session;
}

/** Plays until so many packets came. */
async function receive(session: RtspSession, count: number): Promise<Packet[]> {
  const packets: Packet[] = [];
  const enough = new AbortController();
  await session.play((packet) => {
    packets.push(packet);
    if (packets.length === count) enough.abort();
  }, enough.signal);
  return packets;
}

function reportOf(packets: readonly Packet[]) {
  return reportStamps(findStamps(Buffer.concat(packets.map(({ data }) => data)))).get('fake/main');
}

describe('the fake camera, seen by our own client', () => {
  test.each([
    { codec: 'h264', bFrames: 0, transport: 'tcp' },
    { codec: 'h264', bFrames: 2, transport: 'udp' },
    { codec: 'h265', bFrames: 0, transport: 'udp' },
    { codec: 'h265', bFrames: 2, transport: 'tcp' },
  ] as const)('sends every picture once and in order: %o', async ({ codec, bFrames, transport }) => {
    const camera = await start({ main: await testClip({ ...FAST, codec, bFrames }) });
    const packets = await receive(await open(camera.url, { transport }), 30);
    expect(packets[0]?.isKey).toBe(true);
    expect(reportOf(packets)).toMatchObject({ frames: 30, missing: [], duplicated: 0, reordered: 0 });
  });

  test('sends sound beside the picture', async () => {
    const camera = await start({ main: await testClip({ ...FAST, hasSound: true }) });
    const packets = await receive(await open(camera.url), 40);
    const kinds = packets.map(({ track }) => track.codec);
    expect(kinds.filter((kind) => kind === 'aac').length).toBeGreaterThan(5);
  });

  test.each(['relative', 'absolute', 'foreign', 'star', 'missing', 'no-base'] as const)(
    'can be played with controls of the style "%s"',
    async (control) => {
      const camera = await start({ control });
      expect(await receive(await open(camera.url), 5)).toHaveLength(5);
    },
  );

  test('can be played at a path with a query string', async () => {
    const camera = await start({ mainPath: '/cam/realmonitor?channel=1&subtype=0' });
    expect(await receive(await open(camera.url), 5)).toHaveLength(5);
  });

  test.each(['sdp', 'in-band'] as const)('can tell parameter sets by %s only', async (parameterSets) => {
    const camera = await start({ parameterSets });
    expect((await receive(await open(camera.url), 5))[0]?.track).toMatchObject({
      widthPx: 320,
      heightPx: 180,
    });
  });

  test('refuses transports that it is told not to have', async () => {
    const camera = await start({ transports: ['udp'] });
    const session = await open(camera.url);
    await receive(session, 5);
    expect(session.statistics.transport).toBe('udp');
  });

  test('begins with its first viewer, if it is told to', async () => {
    const camera = await start({ waitsForViewer: true });
    const session = await open(camera.url);
    expect(camera.framesSent()).toBe(0);
    expect(await receive(session, 2)).toHaveLength(2);
  });

  test('changes size mid-stream', async () => {
    const camera = await start();
    const other = await testClip({ ...FAST, widthPx: 160, heightPx: 96 });
    const widths: number[] = [];
    const enough = new AbortController();
    const session = await open(camera.url);
    await session.play((packet) => {
      if (packet.track.kind !== 'video') return;
      widths.push(packet.track.widthPx);
      if (widths.length === 5) camera.switchTo(other);
      if (widths.length === 12) enough.abort();
    }, enough.signal);
    expect([widths[0], widths.at(-1)]).toEqual([320, 160]);
  });
});

describe('the fake camera with a fault', () => {
  test('frozen or stalled, is seen as a stall', async () => {
    for (const fault of [{ isFrozen: true }, { isStalled: true }]) {
      const camera = await start();
      const session = await open(camera.url, { stallMs: 1_000 });
      const ended = session.play(() => camera.set(fault), new AbortController().signal);
      await expect(ended).rejects.toMatchObject({ kind: 'stall' });
    }
  });

  test('loses, doubles and swaps packets by UDP, and what arrives whole is each picture once', async () => {
    const camera = await start({ maxPacketBytes: 200 });
    camera.set({ duplicateShare: 0.2, reorderShare: 0.2 });
    const shuffled = await open(camera.url, { transport: 'udp' });
    expect(reportOf(await receive(shuffled, 30))).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
    expect(shuffled.statistics.reordered).toBeGreaterThan(0);
    expect(shuffled.statistics.duplicates).toBeGreaterThan(0);
    camera.set({ lossShare: 0.02 });
    const lossy = await open(camera.url, { transport: 'udp' });
    expect(reportOf(await receive(lossy, 40))).toMatchObject({ duplicated: 0, reordered: 0 });
    expect(lossy.statistics.lost).toBeGreaterThan(0);
  });

  test('jumps in media time', async () => {
    const camera = await start();
    const session = await open(camera.url);
    const ended = session.play(
      () => camera.set({ timestampOffsetSeconds: 100 }),
      new AbortController().signal,
    );
    await expect(ended).rejects.toMatchObject({ kind: 'media' });
  });

  test('drops its clients and takes them again', async () => {
    const camera = await start();
    const session = await open(camera.url);
    const ended = session.play(() => camera.dropClients(), new AbortController().signal);
    await expect(ended).rejects.toMatchObject({ kind: 'closed' });
    expect(await receive(await open(camera.url), 2)).toHaveLength(2);
  });

  test('goes off, and comes back on the same port with its numbering', async () => {
    const camera = await start();
    await receive(await open(camera.url), 10);
    await camera.powerOff();
    const sentBefore = camera.framesSent();
    await expect(open(camera.url)).rejects.toMatchObject({ kind: 'connect' });
    await camera.powerOn();
    const report = reportOf(await receive(await open(camera.url), 2));
    expect(report?.first).toBeGreaterThan(sentBefore);
    expect(report?.first).toBeLessThanOrEqual(camera.framesSent());
  });

  test('sends clients elsewhere', async () => {
    const camera = await start();
    const other = await start({ mainPath: '/elsewhere' });
    camera.set({ redirectTo: other.url });
    expect(await receive(await open(camera.url), 2)).toHaveLength(2);
    expect(other.connections).toBe(1);
  });
});

describe('hostile servers', () => {
  test.each<HostileKind>(['blackhole', 'close', 'garbage', 'drip', 'endless-header', 'huge-body', 'http'])(
    'the one called "%s" ends in a typed error',
    async (kind) => {
      const server = await startHostileServer(kind, systemClock);
      cleanup.push(server);
      await expect(open(server.url, { requestTimeoutMs: 1_000 })).rejects.toBeInstanceOf(RtspError);
      expect(server.connections()).toBeGreaterThan(0);
    },
  );
});
