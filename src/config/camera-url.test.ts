import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCameraUrl } from './camera-url.ts';

describe('parseCameraUrl', () => {
  test.each([
    ['rtsp://cam/live', 'rtsp://cam/live', undefined],
    ['RTSP://10.0.0.5:8554/live?a=b', 'rtsp://10.0.0.5:8554/live?a=b', undefined],
    ['rtsp://[fe80::1]:554/x', 'rtsp://[fe80::1]:554/x', undefined],
    ['rtsp://u:p@cam', 'rtsp://cam', ['u', 'p']],
    ['rtsp://u@cam/x', 'rtsp://cam/x', ['u', '']],
    ['rtsp://u:p@ss:w#rd%@cam/x@y', 'rtsp://cam/x@y', ['u', 'p@ss:w#rd%']],
    ['rtsp://u%40h:p%2Fq@cam/x', 'rtsp://cam/x', ['u@h', 'p/q']],
    ['rtsp://@cam/x', 'rtsp://cam/x', undefined],
  ])('splits %s', (text, url, credentials) => {
    const parsed = parseCameraUrl(text);
    expect(parsed).toHaveProperty('url', url);
    const [username, password] = credentials ?? [];
    const found = 'credentials' in parsed ? parsed.credentials : undefined;
    expect(found).toEqual(credentials === undefined ? undefined : { username, password });
  });

  test.each([
    'http://cam/live',
    'rtsp:cam',
    'rtsp://',
    'rtsp:///live',
    'rtsp://u:p@/live',
    'rtsp://cam:0/',
    'rtsp://cam:65536/',
    'rtsp://cam:abc/',
    'rtsp://u:w/rd@cam/x',
    'rtsp://cam/a b',
    'rtsp://cam/\r\nTEARDOWN x',
    'rtsp://u%0d%0a:p@cam/x',
    `rtsp://cam/${'x'.repeat(3_000)}`,
    '',
  ])('refuses %.40o', (text) => {
    expect(parseCameraUrl(text)).toHaveProperty('problem');
  });

  test('finds encoded credentials again, whatever they are, and shows nothing of them in a problem', () => {
    const word = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(word, word, (username, password) => {
        const text = `rtsp://${encodeURIComponent(username)}:${encodeURIComponent(password)}@cam/live`;
        expect(parseCameraUrl(text)).toEqual({
          url: 'rtsp://cam/live',
          host: 'cam',
          credentials: { username, password },
        });
      }),
    );
  });
});
