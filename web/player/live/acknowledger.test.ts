import { expect, test } from 'vitest';
import { ACK_EVERY } from '../../../src/live/protocol.ts';
import { Acknowledger } from './acknowledger.ts';
import type { MediaMessage } from './media-message.ts';

function message(parts: Partial<MediaMessage> = {}): MediaMessage {
  return {
    kind: 'fragment',
    isKey: false,
    isDiscontinuity: false,
    isSound: false,
    gen: 1,
    seq: 1,
    captureMs: 0,
    payload: new Uint8Array(1_000),
    ...parts,
  };
}

test('as many pictures are acknowledged at a time as the server expects', () => {
  const acknowledger = new Acknowledger();
  const counted = Array.from({ length: 2 * ACK_EVERY.pictures }, () => acknowledger.count(message()));
  expect(counted.flatMap((isDue, at) => (isDue ? [at + 1] : []))).toEqual([
    ACK_EVERY.pictures,
    2 * ACK_EVERY.pictures,
  ]);
});

test('large pictures are acknowledged earlier, by their bytes', () => {
  const acknowledger = new Acknowledger();
  const half = message({ payload: new Uint8Array(ACK_EVERY.bytes / 2) });
  expect([acknowledger.count(half), acknowledger.count(half)]).toEqual([false, true]);
});

test('sound is no picture', () => {
  const acknowledger = new Acknowledger();
  for (let at = 0; at < 50; at += 1) expect(acknowledger.count(message({ isSound: true }))).toBe(false);
});
