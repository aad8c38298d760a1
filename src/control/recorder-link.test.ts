import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { monotonicMs, wallMs } from '../base/time.ts';
import { startRun } from '../media/run.ts';
import { makePicture, makePictures } from '../media/testing/make-packet.ts';
import type { ChangeJson, MotionJson } from './changes.ts';
import { ControlApi } from './control-api.ts';
import { ControlServer } from './control-server.ts';
import type { PacketRecord } from '../media/packet-records.ts';
import { SocketLink } from './recorder-link.ts';
import { PretendedRecorder } from './testing/pretended-recorder.ts';

const run = startRun(1, 0, { wall: wallMs(1e12), monotonic: monotonicMs(0) });

describe.runIf(process.platform !== 'win32')('SocketLink', () => {
  let folder: string;
  let recorder: PretendedRecorder;
  let server: ControlServer;
  let link: SocketLink;
  let stop: AbortController;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'preroll-link-'));
    const address = { kind: 'file', path: join(folder, 'preroll.sock') } as const;
    recorder = new PretendedRecorder('yard', 'front door');
    server = await ControlServer.start(new ControlApi(recorder), address, silentLog);
    link = new SocketLink(address);
    stop = new AbortController();
  });

  afterEach(async () => {
    stop.abort();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test('tells the cameras and what changes, until it is told to stop', async () => {
    const told: ChangeJson[] = [];
    const following = link.followChanges((change) => told.push(change), stop.signal);
    await expect.poll(() => told.length).toBe(1);
    for (const follower of recorder.followers)
      follower({ type: 'configuration', problem: 'ü'.repeat(200_000) });
    await expect.poll(() => told.length).toBe(2);
    expect(told).toEqual([
      { type: 'cameras', cameras: recorder.status() },
      { type: 'configuration', problem: 'ü'.repeat(200_000) },
    ]);
    stop.abort();
    await following;
    await expect.poll(() => recorder.followers.size).toBe(0);
  });

  test('tells motion while it is wanted', async () => {
    const told: MotionJson[] = [];
    const following = link.followMotion('front door', (motion) => told.push(motion), stop.signal);
    await expect.poll(() => recorder.motionFollowers.size).toBe(1);
    const motion: MotionJson = {
      type: 'motion',
      camera: 'front door',
      wallMs: 1,
      score: 2,
      neededScore: 3,
      isMotion: true,
      boxes: [],
      zones: ['gate'],
    };
    for (const follower of recorder.motionFollowers) follower(motion);
    await expect.poll(() => told.length).toBe(1);
    expect(told).toEqual([motion]);
    stop.abort();
    await following;
    await expect.poll(() => recorder.motionFollowers.size).toBe(0);
  });

  test('tells the current GOP of a stream, then what comes', async () => {
    const feed = recorder.live('front door', 'sub');
    feed.runStarted(run);
    for (const packet of makePictures(400, 100, 2)) feed.packet(packet, run);
    const records: PacketRecord[] = [];
    const watched = { camera: 'front door', stream: 'sub' } as const;
    const watching = link.watch(watched, (record) => records.push(record), stop.signal);
    await expect.poll(() => records.at(-1)?.kind).toBe('caught-up');
    feed.packet(makePicture(400, { sizeBytes: 300_000 }), run);
    feed.away('no route');
    await expect.poll(() => records.at(-1)?.kind).toBe('away');
    const kinds = records.map((record) => (record.kind === 'packet' ? record.wallMs - 1e12 : record.kind));
    expect(kinds).toEqual(['run', 200, 300, 'caught-up', 400, 'away']);
    stop.abort();
    await watching;
  });

  test('fails when the stream ends, and with the recorder', async () => {
    const watched = { camera: 'yard', stream: 'main' } as const;
    const records: PacketRecord[] = [];
    const watching = link.watch(watched, (record) => records.push(record), stop.signal);
    await expect.poll(() => records.length).toBe(1);
    recorder.live('yard', 'main').end();
    await expect(watching).rejects.toMatchObject({ kind: 'no-answer' });
    const again = link.watch(watched, () => undefined, stop.signal);
    const following = link.followChanges(() => undefined, stop.signal);
    await expect.poll(() => recorder.followers.size).toBe(1);
    const ends = [again, following].map((one) => expect(one).rejects.toMatchObject({ kind: 'no-answer' }));
    await server[Symbol.asyncDispose]();
    await Promise.all(ends);
    await expect(link.followChanges(() => undefined, stop.signal)).rejects.toMatchObject({
      kind: 'no-answer',
    });
    // Whoever follows a recorder does so with one signal, however often that is started again.
    await expect.poll(() => getEventListeners(stop.signal, 'abort').length).toBe(0);
  });

  test('fails for a camera that is not recorded', async () => {
    const nobody = { camera: 'attic', stream: 'main' } as const;
    await expect(link.watch(nobody, () => undefined, stop.signal)).rejects.toMatchObject({ kind: 'unknown' });
    await expect(link.followMotion('attic', () => undefined, stop.signal)).rejects.toMatchObject({
      kind: 'unknown',
    });
  });
});
