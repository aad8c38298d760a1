import { expect, test } from 'vitest';
import type { WallMs } from '../../../src/base/time.ts';
import { encodeLiveFrame } from '../../../src/live/live-message.ts';
import { LIVE_FLAG } from '../../../src/live/protocol.ts';
import { messageOf } from '../../../src/live/testing/message-of.ts';
import { readMediaMessage } from './media-message.ts';

const MOOF = new TextEncoder().encode('moof');

function received(message: Uint8Array): ArrayBuffer {
  return Uint8Array.from(message).buffer;
}

test('what the server writes is read', () => {
  const header = { gen: 65_535, seq: 4_000_000_000, captureMs: 1_795_000_000_123.5 as WallMs };
  const flags = LIVE_FLAG.key | LIVE_FLAG.discontinuity;
  const message = messageOf(encodeLiveFrame({ kind: 'fragment', flags, ...header }, [MOOF]));
  expect(readMediaMessage(received(message))).toEqual({
    kind: 'fragment',
    isKey: true,
    isDiscontinuity: true,
    isSound: false,
    ...header,
    payload: MOOF,
  });
});

test('each kind and each flag is told from the others', () => {
  const read = (kind: 'init' | 'fragment' | 'raw', flags: number) =>
    readMediaMessage(
      received(messageOf(encodeLiveFrame({ kind, flags, gen: 0, seq: 0, captureMs: 0 as WallMs }, []))),
    );
  expect(read('init', LIVE_FLAG.sound)).toMatchObject({ kind: 'init', isSound: true, isKey: false });
  expect(read('raw', 0)).toMatchObject({ kind: 'raw', isSound: false, isDiscontinuity: false });
});

test('what is no message is passed over', () => {
  expect(readMediaMessage(new ArrayBuffer(15))).toBeUndefined();
  expect(readMediaMessage(Uint8Array.from({ length: 16 }, () => 9).buffer)).toBeUndefined();
});
