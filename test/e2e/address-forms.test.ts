import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { makeFolder, PrerollProcess } from './preroll-process.ts';

/*
 * `preroll probe` of every form of a camera's address, each on a camera that the test plays: opened, refused or explained.
 */

const PASSWORD = 'canary: @#/ not to be seen';
/** A port that nobody listens on, and that is given to nobody who asks for any. */
const DISCARD = 9;
/** So many processes at a time. */
const AT_ONCE = 6;

interface World {
  readonly folder: string;
  readonly rtsp: FakeCamera;
  readonly rtspsPort: number;
  readonly jpeg: JpegCamera;
  readonly jpegPort: number;
  readonly httpsPort: number;
  /** Where the folder is served. */
  readonly files: string;
  readonly rtmp: RtmpCamera;
  readonly srtPort: number;
  readonly udpPort: number;
  /** Below `/dev`: a pipe each that is written as a camera would. */
  readonly devices: string;
  /** Nobody sends to it. */
  readonly deadPort: number;
}

interface Told {
  readonly ok: boolean;
  readonly error?: string;
  readonly transport?: string;
  readonly encodedFrom?: string;
  readonly video?: { readonly codec: string; readonly width: number };
  readonly audio?: { readonly codec: string };
}

type Expected = object | RegExp;
type Row = readonly [form: string, address: (world: World) => string, expected: Expected];

const h264 = { ok: true, video: { codec: 'h264', width: TINY.widthPx } } as const;
const withSound = { ...h264, audio: { codec: 'aac' } } as const;
const encoded = (encodedFrom: string) => ({ ...h264, encodedFrom });
const login = `eva:${encodeURIComponent(PASSWORD)}@`;

const WRONG_LOGIN = /wants a user name and password; it does not accept those configured/;

const OPENED: readonly Row[] = [
  ['rtsp://', ({ rtsp }) => rtsp.url.replace('://', `://${login}`), { ...withSound, transport: 'tcp' }],
  [
    'rtsps://',
    ({ rtspsPort }) => `rtsps://${login}127.0.0.1:${rtspsPort}/main`,
    { ...withSound, transport: 'rtsp' },
  ],
  ['http:// MJPEG', ({ jpegPort }) => `http://${login}127.0.0.1:${jpegPort}/video`, encoded('mjpeg')],
  [
    'http:// snapshot',
    ({ jpegPort }) => `http://${login}127.0.0.1:${jpegPort}/snapshot#every=200ms`,
    encoded('mjpeg'),
  ],
  [
    'https:// snapshot.jpg',
    ({ httpsPort }) => `https://${login}127.0.0.1:${httpsPort}/snapshot.jpg#every=200ms`,
    encoded('mjpeg'),
  ],
  ['https:// MJPEG', ({ httpsPort }) => `https://${login}127.0.0.1:${httpsPort}/video`, encoded('mjpeg')],
  ['http:// HLS', ({ files }) => `${files}yard.m3u8?a=b`, { ...withSound, transport: 'hls' }],
  ['http:// MPEG-TS', ({ files }) => `${files}yard.ts`, { ...withSound, transport: 'mpegts' }],
  ['http:// FLV', ({ files }) => `${files}yard.flv`, { ...withSound, transport: 'flv' }],
  ['http:// MP4 without end', ({ files }) => `${files}live.mp4`, withSound],
  ['srt://', ({ srtPort }) => `srt://127.0.0.1:${srtPort}`, { ...withSound, transport: 'mpegts' }],
  ['udp://', ({ udpPort }) => `udp://:${udpPort}`, { ...withSound, transport: 'mpegts' }],
  ['rtmp://', ({ rtmp }) => rtmp.url, { ...withSound, transport: 'flv' }],
  ['file: relative', () => 'file:yard.mp4', withSound],
  ['file: once', () => 'file:yard.mp4#once', withSound],
  ['file: MPEG-TS in a loop', () => 'file:yard.ts#loop', withSound],
  ['file: Matroska', () => 'file:yard.mkv', { ok: true, video: { codec: 'h265', width: TINY.widthPx } }],
  ['file:///', ({ folder }) => `file://${folder}/a%20yard%25%23.mp4`, withSound],
  ['/dev/…, MJPEG', ({ devices }) => `${devices}/mjpeg`, encoded('mjpeg')],
  [
    'usb:/dev/…, raw',
    ({ devices }) => `usb:${devices}/yuyv#size=320x180,rate=10,format=yuyv`,
    encoded('rawvideo'),
  ],
  ['usb:/dev/…, H.264', ({ devices }) => `usb:${devices}/h264#format=h264,rate=10`, h264],
];

const EXPLAINED: readonly Row[] = [
  ['demo:', () => 'demo:', /built-in demo camera; preroll demo serves it/],
  ['test:', () => 'test:', /built-in demo camera; preroll demo serves it/],
  ['exec:', () => 'exec:touch broken-into', /exec:, which is refused: a camera's address starts no program/],
  ['a bare path', () => 'yard.mp4', /a path; if it is a video file, write file: before it/],
  ['rtsp:// nobody at', () => `rtsp://127.0.0.1:${DISCARD}/`, /connect/],
  ['rtsp:// wrong login', ({ rtsp }) => rtsp.url.replace('://', '://eva:wrong@'), /not accept/],
  ['rtsps:// wrong login', ({ rtspsPort }) => `rtsps://eva:wrong@127.0.0.1:${rtspsPort}/main`, WRONG_LOGIN],
  [
    'rtsps:// no TLS there',
    ({ jpegPort }) => `rtsps://127.0.0.1:${jpegPort}/main`,
    /opening rtsps:.*: nothing came; .* another protocol/,
  ],
  ['http:// wrong login', ({ jpegPort }) => `http://eva:wrong@127.0.0.1:${jpegPort}/video`, WRONG_LOGIN],
  ['http:// not found', ({ files }) => `${files}nowhere.jpg`, /404/],
  ['http:// a page', ({ files }) => `${files}page.html`, /no video that Preroll reads/],
  ['http:// a list of local files', ({ files }) => `${files}evil.m3u8`, /no video that Preroll reads/],
  ['rtmp:// nobody at', () => `rtmp://127.0.0.1:${DISCARD}/live`, /refused/],
  ['rtmps:// nobody at', () => `rtmps://127.0.0.1:${DISCARD}/live`, /opening rtmps:.*: Connection refused/],
  [
    'srt:// nobody at',
    ({ deadPort }) => `srt://127.0.0.1:${deadPort}`,
    /opening srt:.*: nothing came; nobody is there/,
  ],
  [
    'udp:// nobody sends',
    ({ deadPort }) => `udp://127.0.0.1:${deadPort}`,
    /opening udp:.*: nothing came; nobody is there/,
  ],
  ['file: not there', () => 'file:nowhere.mp4', /opening file:nowhere.mp4: No such file or directory/],
  ['file: text', () => 'file:page.html', /no video that Preroll reads/],
  ['a number', () => '98', /looking for \/dev\/video98, found nothing; preroll devices lists/],
  ['/dev/video…', () => '/dev/video98#rate=15', /looking for \/dev\/video98, found nothing/],
  ['usb: with a number', () => 'usb:98', /looking for \/dev\/video98, found nothing; preroll devices lists/],
  ['usb: not there', () => 'usb:Nonesuch', /looking for the camera Nonesuch, found none: /],
  ['usb: no device', () => 'usb:/etc/passwd', /a device that is not below \/dev/],
];

const cleanup: AsyncDisposable[] = [];
const told = new Map<string, Told>();
let shown = '';

// For its pipes below /dev.
describe.skipIf(process.platform !== 'linux')('preroll probe', () => {
  beforeAll(async () => {
    const world = await makeWorld();
    // Some of those that fail wait the longest.
    const rows = [...EXPLAINED, ...OPENED];
    const work = async () => {
      for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
        const [form, address] = row;
        const words = ['probe', address(world), '--seconds', '3', '--json'];
        const { stdout, stderr } = await PrerollProcess.run(words, { folder: world.folder });
        shown += stdout + stderr;
        told.set(form, JSON.parse(stdout) as Told);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(existsSync(join(world.folder, 'broken-into'))).toBe(false);
  });

  afterAll(async () => {
    for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
  });

  test.each(OPENED)('opens %s', (form, _, expected) => {
    const found = told.get(form);
    expect(found, found?.error).toMatchObject(expected);
  });

  test.each(EXPLAINED)('explains %s', (form, _, expected) => {
    expect(told.get(form)).toEqual({ ok: false, error: expect.stringMatching(expected as RegExp) as string });
  });

  test('tells of no picture by its bytes, and no password', () => {
    expect(shown).not.toContain('canary');
    expect(shown).not.toContain('keyPicture');
  });

  test('lists no devices where there are none', async () => {
    expect(await PrerollProcess.run(['devices'], { folder: tmpdir() })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^no camera found on this machine|^usb:/) as string,
      stderr: '',
    });
  });
});

async function makeWorld(): Promise<World> {
  const made = await makeFolder();
  cleanup.push(made);
  const folder = made.path;
  const to = (name: string) => join(folder, name);
  const clip = await testClip({ ...TINY, loopSeconds: 4, hasSound: true });
  const h265 = await testClip({ ...TINY, loopSeconds: 4, codec: 'h265' });
  const account = { username: 'eva', password: PASSWORD };
  const rtsp = await FakeCamera.start({
    clock: systemClock,
    main: clip,
    authentication: { scheme: 'digest', ...account },
  });
  const pictures = jpegPictures(clip);
  const jpeg = await JpegCamera.start({ pictures, rateFps: 10, login: account });
  const [rtspPort, jpegPort] = [rtsp.url, jpeg.url('video')].map((url) => Number(/:(\d+)\//.exec(url)?.[1]));
  const rtsps = await TlsFront.start(folder, rtspPort ?? 0);
  const https = await TlsFront.start(folder, jpegPort ?? 0);
  const rtmp = await RtmpCamera.start(clip);
  cleanup.push(rtsp, jpeg, rtsps, https, rtmp);
  await muxClip({ clip, format: 'mp4', to: to('yard.mp4') });
  await muxClip({ clip, format: 'mp4', to: to('a yard%#.mp4') });
  await muxClip({ clip, format: 'mpegts', to: to('yard.ts') });
  const endless = { movflags: 'frag_keyframe+empty_moov' };
  await muxClip({ clip, format: 'mp4', to: to('live.mp4'), options: endless });
  await muxClip({ clip, format: 'flv', to: to('yard.flv') });
  await muxClip({ clip: h265, format: 'matroska', to: to('yard.mkv') });
  await muxClip({ clip, format: 'hls', to: to('yard.m3u8'), options: { hls_time: '2', hls_list_size: '0' } });
  await writeFile(
    to('page.html'),
    '<!doctype html><title>A camera that wants its page to be looked at</title>',
  );
  await writeFile(to('evil.m3u8'), `#EXTM3U\n#EXTINF:4,\nfile://${to('yard.ts')}\n#EXT-X-ENDLIST\n`);
  const files = await FolderServer.start(folder);
  const [srtPort, udpPort, deadPort] = [await freeUdpPort(), await freeUdpPort(), await freeUdpPort()];
  cleanup.push(
    files,
    await ClipSender.start({ clip, format: 'mpegts', to: `udp://127.0.0.1:${udpPort}?pkt_size=1316` }),
    await ClipSender.start({ clip, format: 'mpegts', to: `srt://127.0.0.1:${srtPort}?mode=listener` }),
  );
  const devices = await mkdtemp('/dev/shm/preroll-e2e-');
  cleanup.push({ [Symbol.asyncDispose]: () => rm(devices, { recursive: true }) });
  for (const [name, written] of [
    ['mjpeg', pictures],
    ['yuyv', [greyPicture(clip)]],
    ['h264', bareH264(clip)],
  ] as const) {
    cleanup.push(new DevicePipe(join(devices, name), written, TINY.rateFps));
  }
  return {
    folder,
    rtsp,
    rtspsPort: rtsps.port,
    jpeg,
    jpegPort: jpegPort ?? 0,
    httpsPort: https.port,
    files: files.url,
    rtmp,
    srtPort,
    udpPort,
    devices,
    deadPort,
  };
}
