import { expect, test } from 'vitest';
import { RtspError, type RtspErrorKind } from '../rtsp/error.ts';
import { isProtocolFailure } from './protocol-failure.ts';
import { SourceError, type SourceErrorKind } from './source-error.ts';

function rtsp(kind: RtspErrorKind, status?: number): RtspError {
  return new RtspError(kind, 'reading: found something', { camera: 'yard', status });
}

test.each(['protocol', 'unsupported', 'media'] as const)('our client did not understand: %s', (kind) => {
  expect(isProtocolFailure(rtsp(kind))).toBe(true);
});

test.each(['connect', 'timeout', 'alien', 'auth', 'stall', 'closed'] as const)(
  'another client would fare no better: %s',
  (kind) => {
    expect(isProtocolFailure(rtsp(kind))).toBe(false);
  },
);

test.each([400, 405, 451, 455, 457, 459, 461, 501, 505, 551])(
  'the camera does not understand our question: %i',
  (status) => {
    expect(isProtocolFailure(rtsp('refused', status))).toBe(true);
  },
);

test.each([403, 404, 453, 500, 503])('the camera gives nothing, however it is asked: %i', (status) => {
  expect(isProtocolFailure(rtsp('refused', status))).toBe(false);
});

test('a redirect that we do not follow is not followed by another client instead', () => {
  expect(isProtocolFailure(rtsp('refused', 302))).toBe(false);
});

test.each([
  ['unsupported', true],
  ['media', true],
  ['died', true],
  ['connect', false],
  ['timeout', false],
  ['stall', false],
  ['auth', false],
  ['closed', false],
] as const satisfies readonly (readonly [SourceErrorKind, boolean])[])(
  'of what ends a source process, %s speaks against FFmpeg: %s',
  (kind, isExpected) => {
    expect(isProtocolFailure(new SourceError(kind, 'reading: found something'))).toBe(isExpected);
  },
);

test('a defect of ours is none of the camera', () => {
  expect(isProtocolFailure(new TypeError('undefined is not a function'))).toBe(false);
});
