import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { ClipSender } from '../sources/clip-sender.ts';
import { bareH264, DevicePipe, greyPicture } from '../sources/device-pipe.ts';
import { FolderServer } from '../sources/folder-server.ts';
import { freeUdpPort } from '../sources/free-port.ts';
import { JpegCamera } from '../sources/jpeg-camera.ts';
import { jpegPictures } from '../sources/jpeg-pictures.ts';
import { muxClip } from '../sources/mux-clip.ts';
import { RtmpCamera } from '../sources/rtmp-camera.ts';
import { TlsFront } from '../sources/tls-front.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { exportWhole, type WholeExport } from './export-whole.ts';
import { picturesIn, recordingsOf } from './recordings.ts';
import { signUp, watchLive, type Watched } from './web-site.ts';

/*
 * Every kind of source at work in one recorder: each is watched live, has the seconds before an event that is asked for, is recorded
 * and exported.
 */

interface Kind {
  readonly name: string;
  readonly hasSound: boolean;
  readonly rateFps: number;
}

const kind = (name: string, more: Partial<Kind> = {}): Kind => ({
  name,
  hasSound: false,
  rateFps: TINY.rateFps,
  ...more,
});
const withSound = (name: string) => kind(name, { hasSound: true });

/** Snapshots, a second. */
const POLLED_FPS = 4;
const NETWORK = [
  ...['rtsp', 'rtsp-udp', 'rtsp-ffmpeg', 'rtsps', 'rtmp', 'udp', 'srt', 'hls', 'file'].map(withSound),
  kind('https'),
  kind('snapshot', { rateFps: POLLED_FPS }),
];
/** Pipes in their place, which there are below `/dev` on Linux. */
const DEVICES = ['usb-mjpeg', 'usb-yuyv', 'usb-h264'].map((name) => kind(name));
const hasDevices = process.platform === 'linux';
const KINDS = [...NETWORK, ...(hasDevices ? DEVICES : [])];
const NAMES = KINDS.map(({ name }) => name);
const PRE_ROLL_MS = 3_000;

const cleanup: AsyncDisposable[] = [];
/** When the cameras of this process could send their pictures, in ms since 1970: less often where it is held up. */
const pacedMs: number[] = [];
let archive = '';
let stderr = '';
const watched = new Map<string, Watched>();
let exported: ReadonlyMap<string, WholeExport> = new Map();

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  archive = join(folder.path, 'archive');
  const urls = { ...(await startCameras(folder.path)), ...(hasDevices ? await startDevices() : {}) };
  const engines = { rtsp: 'native', 'rtsp-udp': 'native', 'rtsp-ffmpeg': 'ffmpeg' } as const;
  const cameras = Object.entries(urls).map(([name, url]) => {
    const transport = name === 'rtsp-udp' ? { transport: 'udp' } : {};
    const engine = name in engines ? { engine: engines[name as keyof typeof engines] } : {};
    // It keeps the seconds before an event as every mode does, and has none made of a machine with much else to do.
    return [name, { url, mode: 'off', ...transport, ...engine }];
  });
  await writeConfig(folder.path, {
    event: { preRoll: `${PRE_ROLL_MS}ms`, postRoll: '0s' },
    cameras: Object.fromEntries(cameras) as object,
  });
  const pace = setInterval(() => pacedMs.push(Date.now()), 1_000 / TINY.rateFps);
  cleanup.push({ [Symbol.asyncDispose]: async () => clearInterval(pace) });
  const recorderStartedMs = Date.now();
  const preroll = PrerollProcess.start(['run'], { folder: folder.path, hasWeb: true });
  cleanup.push(preroll);
  const site = await signUp(preroll);
  const watch = async ({ name, hasSound }: Kind) => {
    await preroll.says(`[${name}] connected`);
    watched.set(name, await watchLive(site, name, { fragments: 5, hasSound }));
  };
  await Promise.all(KINDS.map(watch));
  // All that the events are to have from before them.
  await sleep(PRE_ROLL_MS);
  for (const name of NAMES) {
    const words = ['event', 'start', name, '--duration', '4s'];
    expect(await PrerollProcess.run(words, { folder: folder.path })).toMatchObject({ code: 0 });
  }
  for (const name of NAMES) await preroll.says(`[${name}] recorded `);
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
  ({ stderr } = preroll);
  const span = { fromMs: recorderStartedMs, toMs: Date.now() };
  exported = await exportWhole(folder.path, NAMES, span);
});

afterAll(async () => {
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

test.each(KINDS)(
  'records $name, from before the event that was asked for, whole and at its pace',
  async ({ name, hasSound, rateFps }) => {
    expect(stderr).toContain(`[${name}] connected: avc1`);
    const [recording, ...others] = await recordingsOf(archive, name);
    expect(others).toEqual([]);
    const { faults, mp4, video, sidecar } = recording ?? {};
    expect(faults).toEqual([]);
    const codecs = mp4?.header.tracks.map(({ track }) => track.codec);
    expect(codecs).toEqual(['h264', ...(hasSound ? ['aac'] : [])]);
    expect(video).toMatchObject({ widthPx: TINY.widthPx, heightPx: TINY.heightPx });
    const [start, end] = [Date.parse(sidecar?.start ?? ''), Date.parse(sidecar?.end ?? '')];
    expect(sidecar?.events[0]?.causes).toEqual(['manual']);
    expect(Date.parse(sidecar?.events[0]?.trigger ?? '') - start).toBeGreaterThanOrEqual(PRE_ROLL_MS);
    const recordedFps = (picturesIn(recording) * 1_000) / (end - start);
    // Where this process was held up, its cameras sent more slowly.
    const paced = pacedMs.filter((atMs) => atMs >= start && atMs <= end).length;
    const heldUp = Math.min(1, (paced * 1_000) / (end - start) / TINY.rateFps);
    expect(recordedFps).toBeGreaterThan(0.8 * rateFps * heldUp);
    expect(recordedFps).toBeLessThan(1.2 * rateFps);
  },
);

test.each(KINDS)('shows $name live, with its sound if it has any', ({ name, hasSound }) => {
  const codecs = ['h264', ...(hasSound ? ['aac'] : [])];
  expect(watched.get(name)).toMatchObject({ codecs, faults: [] });
});

test.each(KINDS)('exports $name, all that was recorded', async ({ name }) => {
  const [recording] = await recordingsOf(archive, name);
  expect(exported.get(name)).toEqual({ pictures: picturesIn(recording), damaged: 0 });
});

/** @returns the address of a camera of each kind, as it is configured. */
async function startCameras(folder: string): Promise<Readonly<Record<string, string>>> {
  const clip = await testClip({ ...TINY, loopSeconds: 4, hasSound: true });
  const rtsp = await FakeCamera.start({ clock: systemClock, main: clip });
  const jpeg = await JpegCamera.start({ pictures: jpegPictures(clip), rateFps: TINY.rateFps });
  const [rtspPort = 0, jpegPort = 0] = [rtsp.url, jpeg.url('video')].map((url) => Number(new URL(url).port));
  const rtsps = await TlsFront.start(folder, rtspPort);
  const https = await TlsFront.start(folder, jpegPort);
  const rtmp = await RtmpCamera.start(clip);
  const [udp, srt] = [await freeUdpPort(), await freeUdpPort()];
  await mkdir(join(folder, 'hls'));
  const server = await FolderServer.start(join(folder, 'hls'));
  await muxClip({ clip, format: 'mp4', to: join(folder, 'yard.mp4') });
  const hls = { hls_time: '2', hls_list_size: '5', hls_flags: 'delete_segments+omit_endlist' };
  cleanup.push(
    rtsp,
    jpeg,
    rtsps,
    https,
    rtmp,
    server,
    await ClipSender.start({ clip, format: 'mpegts', to: `udp://127.0.0.1:${udp}?pkt_size=1316` }),
    await ClipSender.start({ clip, format: 'mpegts', to: `srt://127.0.0.1:${srt}?mode=listener` }),
    await ClipSender.start({ clip, format: 'hls', to: join(folder, 'hls', 'yard.m3u8'), options: hls }),
  );
  return {
    rtsp: rtsp.url,
    'rtsp-udp': rtsp.url,
    'rtsp-ffmpeg': rtsp.url,
    rtsps: `rtsps://127.0.0.1:${rtsps.port}/main`,
    rtmp: rtmp.url,
    udp: `udp://127.0.0.1:${udp}`,
    srt: `srt://127.0.0.1:${srt}`,
    hls: `${server.url}yard.m3u8`,
    file: 'file:yard.mp4',
    https: `https://127.0.0.1:${https.port}/video`,
    snapshot: `${jpeg.url('snapshot')}#every=${1_000 / POLLED_FPS}ms`,
  };
}

/** The same of a camera of the machine of each format. */
async function startDevices(): Promise<Readonly<Record<string, string>>> {
  const clip = await testClip({ ...TINY, loopSeconds: 4 });
  const folder = await mkdtemp('/dev/shm/preroll-e2e-');
  cleanup.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) });
  const device = (format: string, pictures: readonly Uint8Array[]): string => {
    const path = join(folder, format);
    cleanup.push(new DevicePipe(path, pictures, TINY.rateFps));
    return `usb:${path}#size=${TINY.widthPx}x${TINY.heightPx},rate=${TINY.rateFps},format=${format}`;
  };
  return {
    'usb-mjpeg': device('mjpeg', jpegPictures(clip)),
    'usb-yuyv': device('yuyv', [greyPicture(clip)]),
    'usb-h264': device('h264', bareH264(clip)),
  };
}
