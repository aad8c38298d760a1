import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePublic, parseRtpInfo, parseSession, parseTransport } from './headers.ts';

describe('parseTransport', () => {
  it.each([
    ['RTP/AVP/TCP;unicast;interleaved=0-1', { interleaved: [0, 1], serverPorts: undefined }],
    ['RTP/AVP/TCP;ssrc=22345684;interleaved=4', { interleaved: [4, 5], serverPorts: undefined }],
    [
      'RTP/AVP;unicast;client_port=1-2; Server_Port = 6970 - 6971',
      { interleaved: undefined, serverPorts: [6970, 6971] },
    ],
    ['RTP/AVP/TCP;interleaved=300-301', { interleaved: undefined, serverPorts: undefined }],
    ['RTP/AVP;server_port=0-0', { interleaved: undefined, serverPorts: undefined }],
    ['', { interleaved: undefined, serverPorts: undefined }],
  ])('reads %s', (value, expected) => {
    expect(parseTransport(value)).toEqual(expected);
  });
});

describe('parseSession', () => {
  it.each([
    ['12345678', { id: '12345678', timeoutMs: 60_000 }],
    ['abc;timeout=30', { id: 'abc', timeoutMs: 30_000 }],
    ['abc ; Timeout = "15"', { id: 'abc', timeoutMs: 15_000 }],
    ['abc;timeout=0', { id: 'abc', timeoutMs: 60_000 }],
    ['abc;timeout=999999999', { id: 'abc', timeoutMs: 3_600_000 }],
  ])('reads %s', (value, expected) => {
    expect(parseSession(value)).toEqual(expected);
  });
});

describe('parseRtpInfo', () => {
  it('reads several entries', () => {
    expect(
      parseRtpInfo('url=rtsp://cam/a,b;seq=5;rtptime=100, url=trackID=2;seq=70000;rtptime=4294967295'),
    ).toEqual([
      { url: 'rtsp://cam/a,b', sequence: 5, rtptime: 100 },
      { url: 'trackID=2', sequence: undefined, rtptime: 4_294_967_295 },
    ]);
  });

  it('reads an entry without numbers', () => {
    expect(parseRtpInfo('url=x')).toEqual([{ url: 'x', sequence: undefined, rtptime: undefined }]);
  });
});

it('reads the methods of a Public header', () => {
  expect(parsePublic('OPTIONS, describe,SETUP')).toEqual(['OPTIONS', 'DESCRIBE', 'SETUP']);
  expect(parsePublic('')).toEqual([]);
});

it('takes any text in any header', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      for (const parse of [parseTransport, parseSession, parseRtpInfo, parsePublic]) parse(text);
    }),
  );
});
