import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCameraAddress } from './camera-address.ts';

const device = { kind: 'device', widthPx: undefined, heightPx: undefined, rateFps: undefined };

describe('parseCameraAddress', () => {
  test.each<[string, object]>([
    ['demo:', { kind: 'demo' }],
    ['test:', { kind: 'demo' }],
    ['rtsp://u:p@cam/live', { kind: 'rtsp', url: { url: 'rtsp://cam/live', host: 'cam' } }],
    ['rtsps://cam/live', { kind: 'network', protocol: 'rtsps', url: { url: 'rtsps://cam/live' } }],
    ['http://cam/video.mjpg', { kind: 'network', protocol: 'http', everyMs: 1_000 }],
    ['HTTPS://cam/live.m3u8?a=b', { protocol: 'https', text: 'https://cam/live.m3u8?a=b' }],
    ['http://u:p#s@cam/snap.jpg#every=5s', { url: { url: 'http://cam/snap.jpg' }, everyMs: 5_000 }],
    ['rtmp://cam:1935/live/stream', { protocol: 'rtmp' }],
    ['rtmps://cam/live/stream', { protocol: 'rtmps' }],
    ['srt://cam:9000?streamid=yard', { protocol: 'srt', url: { url: 'srt://cam:9000?streamid=yard' } }],
    ['srt://:9000?mode=listener', { protocol: 'srt', url: { url: 'srt://:9000?mode=listener', host: '' } }],
    ['udp://@239.0.0.1:1234', { protocol: 'udp', url: { url: 'udp://239.0.0.1:1234', host: '239.0.0.1' } }],
    ['udp://:1234', { protocol: 'udp', url: { url: 'udp://:1234', host: '' } }],
    ['0', { ...device, device: '0' }],
    ['12#rate=7.5', { ...device, device: '12', rateFps: 7.5, text: '12#rate=7.5' }],
    ['/dev/video2', { ...device, device: '/dev/video2' }],
    [
      '/dev/v4l/by-id/usb-Cam#size=640x480',
      { device: '/dev/v4l/by-id/usb-Cam', widthPx: 640, heightPx: 480 },
    ],
    [
      'usb:0#size=1280x720,rate=15,format=mjpeg',
      { device: '0', widthPx: 1_280, heightPx: 720, rateFps: 15, format: 'mjpeg' },
    ],
    ['usb:Logitech C920', { device: 'Logitech C920' }],
    ['usb:/dev/video0#format=h264', { device: '/dev/video0', format: 'h264' }],
    ['file:yard.mp4', { kind: 'file', path: 'yard.mp4', isLooped: true }],
    ['file:/a b/yard.mp4#once', { path: '/a b/yard.mp4', isLooped: false }],
    ['file:///a%20b/50%25%23.mp4#loop', { path: '/a b/50%#.mp4', isLooped: true }],
    ['file://localhost/yard.mp4', { path: '/yard.mp4' }],
  ])('reads %s', (text, expected) => {
    expect(parseCameraAddress(text)).toMatchObject(expected);
  });

  test.each<[string, RegExp]>([
    ['', /no scheme/],
    ['yard', /no scheme; a camera on the network begins with rtsp/],
    ['192.168.1.20', /no scheme/],
    ['clip.mp4', /write file: before it/],
    ['/home/eva/clip.mp4', /write file: before it/],
    ['C:\\clip.mp4', /write file: before it/],
    ['exec:ffmpeg -i x', /exec:, which is refused/],
    ['EXEC:touch x', /refused/],
    ['pipe:0', /pipe:, which is refused/],
    ['concat:a|b', /refused/],
    ['ffmpeg:rtsp://cam/', /refused/],
    ['gopher://cam/', /unknown scheme gopher:; known are rtsp/],
    ['demo:4', /stands alone/],
    ['rtsp:cam', /something else than rtsp/],
    ['http://', /no valid host/],
    ['http:///snap.jpg', /no valid host/],
    ['http://cam:99999/', /no valid host and port/],
    ['http://cam/a b', /space/],
    ['http://cam/a\r\nX: y', /control character/],
    ['http://cam/snap.jpg#every=1ms', /every with something else than a duration from 200ms/],
    ['http://cam/#size=1x1', /unknown option behind #; this kind takes every/],
    ['rtmp://cam/live#every=2s', /this kind takes none/],
    ['udp://239.0.0.1', /no valid port/],
    ['srt://', /no valid port/],
    ['usb:', /preroll devices/],
    ['usb:/etc/passwd', /not below \/dev/],
    ['usb:/dev/../etc/passwd', /not below \/dev/],
    ['0#size=huge', /size with something else than width and height/],
    ['0#size=8x8', /size/],
    ['0#rate=0', /rate with something else/],
    ['0#format=gif', /one of mjpeg, yuyv, h264/],
    ['0#constructor=1', /unknown option/],
    ['file:', /without the path/],
    ['file://other/yard.mp4', /of this machine/],
    ['file:///a%00b', /of this machine/],
    ['file:a.mp4#once=2', /its name alone/],
  ])('explains what is wrong with %o', (text, problem) => {
    expect(parseCameraAddress(text)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  test('shows nothing of an address in a problem, and never throws', () => {
    const schemes = ['http', 'rtmp', 'srt', 'rtsp', 'exec', 'file', 'usb', 'nonsense'];
    fc.assert(
      fc.property(fc.constantFrom(...schemes), fc.string(), (scheme, rest) => {
        const read = parseCameraAddress(`${scheme}://eva:canary-secret${rest}`);
        if ('problem' in read) expect(read.problem).not.toContain('canary-secret');
      }),
    );
  });
});
