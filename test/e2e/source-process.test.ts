import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { sleep, systemClock } from '../../src/base/clock.ts';
import { openChildSource } from '../../src/camera/child-source.ts';
import type { DeviceFormat } from '../../src/config/camera-address.ts';
import { PLAIN_ENCODING } from '../../src/config/resolve-reencode.ts';
import { VideoDecoder } from '../../src/decode/decoder.ts';
import { isVideo, shownAtMs, type VideoPacket } from '../../src/media/packet.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { JpegCamera } from '../sources/jpeg-camera.ts';
import { jpegPictures } from '../sources/jpeg-pictures.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder } from './preroll-process.ts';

const PROGRAM = join(process.cwd(), 'dist', 'source-main.js');
const WANTED = 25;
const SIZE = { widthPx: 320, heightPx: 180 };
const RATE_FPS = 10;

/** A grey picture that gets lighter, as a camera sends YUYV: two bytes a pixel. */
function yuyv(index: number): Uint8Array {
  const picture = Buffer.alloc(SIZE.widthPx * SIZE.heightPx * 2, Buffer.from([64 + index, 128]));
  return picture;
}

/** What the source process makes of pictures that are written into a pipe as a USB camera would write them. */
async function capture(
  format: DeviceFormat,
  picture: (index: number) => Uint8Array,
  { isCutShort = false, damaged = -1 } = {},
) {
  await using folder = await makeFolder();
  const pipe = join(folder.path, 'camera');
  execFileSync('mkfifo', [pipe]);
  const enough = new AbortController();
  const write = async () => {
    await using handle = await open(pipe, 'w');
    const until = isCutShort ? WANTED : Infinity;
    for (let i = 0; !enough.signal.aborted && i < until; i++) {
      const bytes = picture(i);
      await handle.writeFile(i === damaged ? bytes.subarray(0, bytes.byteLength / 2) : bytes);
      await sleep(systemClock, 1_000 / RATE_FPS, enough.signal).catch(() => undefined);
    }
  };
  // Who reads may leave amid a picture.
  const writing = write().catch(() => undefined);
  const input = { kind: 'device', device: pipe, ...SIZE, rateFps: RATE_FPS, format, text: 'usb:0' } as const;
  const encoding = { reencode: PLAIN_ENCODING, camera: 'usb', timeZone: 'utc' } as const;
  const order = { input, audio: true, encoding };
  const packets: VideoPacket[] = [];
  const ages: number[] = [];
  let error: unknown;
  {
    await using source = await openChildSource(
      { program: PROGRAM, order, clock: systemClock },
      enough.signal,
    );
    const take = (packet: Parameters<Parameters<typeof source.play>[0]>[0], ageMs: number) => {
      if (isVideo(packet)) packets.push(packet);
      ages.push(ageMs);
      if (packets.length === WANTED && !isCutShort) enough.abort();
    };
    await source.play(take, enough.signal).catch((thrown: unknown) => (error = thrown));
  }
  enough.abort();
  await writing;
  return { packets, ages, error };
}

describe.skipIf(process.platform === 'win32')('a camera of the machine, played by a pipe', () => {
  test('its raw pictures come out as H.264, at the times they came', async () => {
    const { packets, ages } = await capture('yuyv', yuyv);
    expect(packets[0]).toMatchObject({ isKey: true, track: { codec: 'h264', ...SIZE } });
    const [first, last] = [packets[0], packets.at(-1)];
    const spanMs = first && last ? shownAtMs(last) - shownAtMs(first) : 0;
    expect(spanMs).toBeGreaterThan((WANTED - 2) * 100);
    // Each is told some pictures later, and says so.
    expect(Math.min(...ages)).toBeGreaterThan(300);
    using decoder = new VideoDecoder();
    const lumas: number[] = [];
    for (const packet of packets) {
      const failed = decoder.decode(packet, (picture) => lumas.push(picture.readLuma().data[1_000] ?? 0));
      expect(failed).toBeUndefined();
    }
    expect(lumas.length).toBeGreaterThanOrEqual(WANTED - 1);
    expect(lumas.at(-1)).toBeGreaterThan((lumas[0] ?? 255) + 15);
  });

  test('a damaged JPEG costs itself', async () => {
    const jpegs = jpegPictures(await testClip({ ...TINY, loopSeconds: 4 }));
    const { packets, error } = await capture('mjpeg', (i) => jpegs[i % jpegs.length] ?? yuyv(0), {
      damaged: 5,
    });
    expect(error).toBeUndefined();
    expect(packets.length).toBeGreaterThanOrEqual(WANTED);
    expect(packets[0]?.track).toMatchObject({ codec: 'h264', ...SIZE, isFullRange: true });
  });

  test('what it held is still told when it is unplugged, and then that it has gone', async () => {
    const { packets, error } = await capture('yuyv', yuyv, { isCutShort: true });
    expect(packets.length).toBeGreaterThanOrEqual(WANTED - 1);
    expect(error).toMatchObject({ kind: 'closed', message: 'the camera ended the stream' });
  });
});

test('a camera that was slow once is not asked in a hurry to make up for it', async () => {
  const everyMs = 300;
  const [jpeg] = jpegPictures(await testClip({ ...TINY, loopSeconds: 1 }));
  const enough = new AbortController();
  const askedMs: number[] = [];
  const server = createServer((_, response) => {
    askedMs.push(systemClock.monotonicMs());
    if (askedMs.length === 10) enough.abort();
    const slowMs = askedMs.length === 3 ? 10 * everyMs : 0;
    void sleep(systemClock, slowMs, enough.signal)
      .catch(() => undefined)
      .then(() => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/picture`;
  const input = { kind: 'network', protocol: 'http', everyMs, url } as const;
  const encoding = { reencode: PLAIN_ENCODING, camera: 'yard', timeZone: 'utc' } as const;
  const order = { input, audio: false, encoding };
  {
    await using source = await openChildSource(
      { program: PROGRAM, order, clock: systemClock },
      enough.signal,
    );
    await source.play(() => undefined, enough.signal);
  }
  server.closeAllConnections();
  server.close();
  // The fourth comes at once after the slow third; in a hurry all others would come with it. One that this process took late is
  // nearer to the next.
  const laterMs = askedMs.slice(4);
  const tookMs = (laterMs.at(-1) ?? 0) - (laterMs[0] ?? 0);
  expect(tookMs).toBeGreaterThan(0.5 * everyMs * (laterMs.length - 1));
});

/** Takes the order and the program on its command line, starts it, and tells its process id. */
const RECORDER = `
  const { spawn } = require('node:child_process');
  const [, program, order] = process.argv;
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.end(order);
  child.stderr.once('data', () => console.log(child.pid));
`;

test.runIf(process.platform === 'linux')(
  'leaves soon after its recorder was killed, even if its next picture is an hour away',
  async () => {
    const pictures = jpegPictures(await testClip({ ...TINY, loopSeconds: 1 }));
    await using camera = await JpegCamera.start({ pictures, rateFps: 1 });
    const url = camera.url('snapshot');
    const input = { kind: 'network', protocol: 'http', everyMs: 3_600_000, url } as const;
    const encoding = { reencode: PLAIN_ENCODING, camera: 'yard', timeZone: 'utc' } as const;
    const order = JSON.stringify({ input, audio: false, encoding });
    const recorder = spawn(process.execPath, ['-e', RECORDER, PROGRAM, order]);
    const [told] = (await once(recorder.stdout, 'data')) as [Buffer];
    // Of a process that has ended and that nobody has asked about, nothing is left to read.
    const commandLine = () => readFile(`/proc/${Number(told.toString())}/cmdline`, 'utf8').catch(() => '');
    await vi.waitUntil(() => camera.asked > 0, PATIENCE_MS);
    expect(await commandLine()).toContain('source-main');
    recorder.kill('SIGKILL');
    await vi.waitFor(async () => expect(await commandLine()).toBe(''), { timeout: 30_000, interval: 100 });
  },
);
