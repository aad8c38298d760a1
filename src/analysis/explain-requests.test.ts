import { expect, test } from 'vitest';
import { mediaTicks, wallMs } from '../base/time.ts';
import { ExplainRequests } from './explain-requests.ts';
import type { ExplainedPicture } from './messages.ts';

const picture: ExplainedPicture = {
  sample: {
    wallMs: wallMs(1e12),
    pts: mediaTicks(0),
    score: 1,
    isMotion: false,
    boxes: [],
    zones: [],
    analysedWidthPx: 64,
    analysedHeightPx: 48,
  },
  jpeg: new Uint8Array(1),
};

function newRequests() {
  const asked: number[] = [];
  return { asked, requests: new ExplainRequests((minimalDurationMs) => asked.push(minimalDurationMs)) };
}

const never = new AbortController().signal;

test('asks once for all that wait, and not before somebody does', async () => {
  const { asked, requests } = newRequests();
  requests.answered(picture);
  expect(asked).toEqual([]);
  const both = [requests.next(10_000, never), requests.next(10_000, never)];
  expect(asked).toEqual([10_000]);
  requests.answered(picture);
  expect(await Promise.all(both)).toEqual([picture, picture]);
  expect(asked).toEqual([10_000]);
  void requests.next(10_000, never);
  expect(asked).toHaveLength(2);
});

test('asks a new analyzer again, if somebody waits', async () => {
  const { asked, requests } = newRequests();
  requests.beginAgain();
  expect(asked).toEqual([]);
  const waiting = requests.next(5_000, never);
  requests.beginAgain();
  expect(asked).toEqual([5_000, 5_000]);
  requests.answered(picture);
  expect(await waiting).toBe(picture);
});

test('ends for one whose signal aborts and for all at the end', async () => {
  const { requests } = newRequests();
  const left = new AbortController();
  const gone = requests.next(5_000, left.signal);
  const staying = requests.next(5_000, never);
  left.abort();
  expect(await gone).toBeUndefined();
  expect(await requests.next(5_000, left.signal)).toBeUndefined();
  requests.end();
  expect(await staying).toBeUndefined();
});
