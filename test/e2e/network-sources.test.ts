import { createSocket } from 'node:dgram';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock, sleep } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { muxClip, type MuxOptions } from '../sources/mux-clip.ts';
import { makeFolder, PATIENCE_MS, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf } from './recordings.ts';

/** One recorder, and a sender for each way in which a stream comes over the network without RTSP. */
const cleanup: AsyncDisposable[] = [];
const stop = new AbortController();
const senders: Promise<unknown>[] = [];
let archive = '';
let stderr = '';

const NAMES = ['udp', 'srt', 'hls'] as const;

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  archive = join(folder.path, 'archive');
  const clip = await testClip({ ...TINY, loopSeconds: 4, hasSound: true });
  const startedMs = systemClock.monotonicMs();
  const pace = async (seconds: number) => {
    const waitMs = startedMs + seconds * 1_000 - systemClock.monotonicMs();
    if (waitMs > 0) await sleep(systemClock, waitMs, stop.signal);
    stop.signal.throwIfAborted();
  };
  const send = (options: Pick<MuxOptions, 'format' | 'to' | 'options'>) => {
    // It ends because the recorder leaves, or because the test does.
    senders.push(muxClip({ clip, pace, loops: 1_000, ...options }).catch(() => undefined));
  };
  const [udp, srt] = [await freeUdpPort(), await freeUdpPort()];
  await mkdir(join(folder.path, 'hls'));
  const server = await serveFolder(join(folder.path, 'hls'));
  cleanup.push({ [Symbol.asyncDispose]: async () => void server.close() });
  send({ format: 'mpegts', to: `udp://127.0.0.1:${udp}?pkt_size=1316` });
  send({ format: 'mpegts', to: `srt://127.0.0.1:${srt}?mode=listener` });
  send({
    format: 'hls',
    to: join(folder.path, 'hls', 'yard.m3u8'),
    options: { hls_time: '2', hls_list_size: '5', hls_flags: 'delete_segments+omit_endlist' },
  });
  const always = (url: string) => ({ url, mode: 'always' });
  await writeConfig(folder.path, {
    archive: { segmentLength: '5s' },
    cameras: {
      udp: always(`udp://127.0.0.1:${udp}`),
      srt: always(`srt://127.0.0.1:${srt}`),
      hls: always(`http://127.0.0.1:${(server.address() as AddressInfo).port}/yard.m3u8`),
    },
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  for (const name of NAMES) await preroll.says(`[${name}] recorded `, 2);
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
  ({ stderr } = preroll);
}, 3 * PATIENCE_MS);

afterAll(async () => {
  stop.abort();
  await Promise.all(senders);
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

vi.setConfig({ testTimeout: PATIENCE_MS });

test.each(NAMES)('records %s with its sound, whole and at its pace', async (name) => {
  const recordings = await recordingsOf(archive, name);
  expect(stderr).toMatch(new RegExp(`\\[${name}\\] connected: avc1`));
  expect(recordings.length).toBeGreaterThanOrEqual(2);
  for (const { faults, mp4, video } of recordings) {
    expect(faults).toEqual([]);
    // What ends with its first picture may have no sound yet.
    const codecs = mp4.fragments.length > 1 ? ['h264', 'aac'] : [expect.anything()];
    expect(mp4.header.tracks.map(({ track }) => track.codec)).toEqual(expect.arrayContaining(codecs));
    expect(video).toMatchObject({ widthPx: TINY.widthPx, heightPx: TINY.heightPx });
  }
  const whole = recordings.find(({ sidecar }) => sidecar.endedBy === 'rotated') ?? recordings[0];
  const { start = '', end = '' } = whole?.sidecar ?? {};
  const pictures = (whole?.mp4.fragments ?? [])
    .flatMap(({ runs }) => runs)
    .filter(({ header }) => header.track === whole?.video)
    .reduce((sum, { samples }) => sum + samples.length, 0);
  const rateFps = (pictures * 1_000) / (Date.parse(end) - Date.parse(start));
  expect(rateFps).toBeGreaterThan(0.8 * TINY.rateFps);
  expect(rateFps).toBeLessThan(1.2 * TINY.rateFps);
});

async function serveFolder(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}
