import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtspSyntaxError } from './error.ts';
import { baseUri, controlUris, parseCameraUrl, redactUrl } from './url.ts';

describe('parseCameraUrl', () => {
  it('splits a plain URL', () => {
    expect(parseCameraUrl('rtsp://10.0.0.5/Streaming/Channels/101?a=b')).toEqual({
      host: '10.0.0.5',
      port: 554,
      requestUri: 'rtsp://10.0.0.5/Streaming/Channels/101?a=b',
      credentials: undefined,
    });
  });

  it('takes percent-encoded credentials out', () => {
    expect(parseCameraUrl('rtsp://ad%40min:p%40ss%3Aw%2Frd%25@cam:8554/x')).toEqual({
      host: 'cam',
      port: 8554,
      requestUri: 'rtsp://cam:8554/x',
      credentials: { username: 'ad@min', password: 'p@ss:w/rd%' },
    });
  });

  it('refuses a URL of more than 4096 characters', () => {
    expect(parseCameraUrl(`rtsp://cam/${'/'.repeat(4085)}`).host).toBe('cam');
    expect(() => parseCameraUrl(`rtsp://cam/${'/'.repeat(4086)}`)).toThrow(RtspSyntaxError);
    expect(() => parseCameraUrl(`rtsp://${'/'.repeat(64_000)}`)).toThrow(RtspSyntaxError);
  });

  it('understands a password with bare special characters', () => {
    const { requestUri, credentials } = parseCameraUrl('rtsp://admin:p@ss:w/rd%@10.0.0.5:554/main@2');
    expect(credentials).toEqual({ username: 'admin', password: 'p@ss:w/rd%' });
    expect(requestUri).toBe('rtsp://10.0.0.5:554/main@2');
  });

  it('keeps an @ of the path', () => {
    expect(parseCameraUrl('rtsp://cam/a@b')).toMatchObject({ host: 'cam', requestUri: 'rtsp://cam/a@b' });
  });

  it('understands IPv6 addresses', () => {
    expect(parseCameraUrl('rtsp://u:p@[fd00::1]:8554/m')).toMatchObject({ host: 'fd00::1', port: 8554 });
  });

  it('round-trips any credentials that are percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (username, password) => {
        const userInfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
        const parsed = parseCameraUrl(`rtsp://${userInfo}@cam/main`);
        expect(parsed).toMatchObject({
          host: 'cam',
          requestUri: 'rtsp://cam/main',
          credentials: { username, password },
        });
      }),
    );
  });

  it('decodes the replacement character, and leaves what is no UTF-8', () => {
    expect(parseCameraUrl('rtsp://%EF%BF%BD:%FF@cam/main').credentials).toEqual({
      username: '\ufffd',
      password: '%FF',
    });
  });

  it('encodes what may not stand in a request line', () => {
    expect(parseCameraUrl('rtsp://cam/a b\r\nX: y/ü').requestUri).toBe('rtsp://cam/a%20b%0D%0AX:%20y/%C3%BC');
  });

  it.each([
    'http://cam/',
    'rtsps://cam/',
    'cam',
    'rtsp://',
    'rtsp://cam:0/',
    'rtsp://cam:70000/',
    'rtsp://u:secret@/x',
  ])('refuses %s without repeating it', (url) => {
    expect(() => parseCameraUrl(url)).toThrow(RtspSyntaxError);
    expect(() => parseCameraUrl(url)).not.toThrow(/secret/);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        try {
          parseCameraUrl(`rtsp://${text}`);
        } catch (error) {
          expect(error).toBeInstanceOf(RtspSyntaxError);
        }
      }),
    );
  });
});

describe('baseUri', () => {
  const asked = 'rtsp://cam/main';

  it('prefers Content-Base, then Content-Location, then the URL asked for', () => {
    const both = { contentBase: 'rtsp://cam/base/', contentLocation: 'rtsp://cam/location' };
    expect(baseUri(asked, both)).toBe('rtsp://cam/base/');
    expect(baseUri(asked, { ...both, contentBase: undefined })).toBe('rtsp://cam/location');
    expect(baseUri(asked, { contentBase: undefined, contentLocation: undefined })).toBe(asked);
  });

  it('passes over a Content-Base that is no absolute URL', () => {
    expect(baseUri(asked, { contentBase: '192.168.1.10:554/stream0/', contentLocation: undefined })).toBe(
      asked,
    );
  });
});

describe('controlUris', () => {
  it.each([
    ['rtsp://cam/main/', 'trackID=1', ['rtsp://cam/main/trackID=1']],
    ['rtsp://cam/main', 'trackID=1', ['rtsp://cam/main/trackID=1']],
    ['rtsp://cam/main', '/trackID=1', ['rtsp://cam/main/trackID=1']],
    ['rtsp://cam/main', '*', ['rtsp://cam/main']],
    ['rtsp://cam/main', undefined, ['rtsp://cam/main']],
    ['rtsp://cam/main', '', ['rtsp://cam/main']],
    ['rtsp://cam/main', 'rtsp://192.168.0.9:554/track1?x=y', ['rtsp://192.168.0.9:554/track1?x=y']],
    ['rtsp://cam/main', 'rtsp://user:pw@192.168.0.9/track1', ['rtsp://192.168.0.9/track1']],
    [
      'rtsp://cam/real?a=1/',
      'trackID=0',
      ['rtsp://cam/real?a=1/trackID=0', 'rtsp://cam/real/trackID=0?a=1/'],
    ],
    ['rtsp://cam/real?a=1', 'stream=0', ['rtsp://cam/real?a=1/stream=0', 'rtsp://cam/real/stream=0?a=1']],
  ])('resolves against %s the control %s', (base, control, expected) => {
    expect(controlUris(base, control)).toEqual(expected);
  });
});

describe('redactUrl', () => {
  it.each([
    ['rtsp://user:p@ss/w@cam/main', 'rtsp://cam/main'],
    ['rtsp://cam/user=a_password=secret_channel=1', 'rtsp://cam/user=a_password=***'],
    ['rtsp://cam/?user=a&pwd=secret&channel=1', 'rtsp://cam/?user=a&pwd=***&channel=1'],
    ['rtsp://cam/main', 'rtsp://cam/main'],
  ])('hides what is secret in %s', (uri, expected) => {
    expect(redactUrl(uri)).toBe(expected);
  });
});
