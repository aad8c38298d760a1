import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { MediaMessage } from './live-message.ts';
import { LIVE_FLAG } from './protocol.ts';
import { SendQueue } from './send-queue.ts';

function message(seq: number, kind: 'key' | 'picture' | 'sound', sizeBytes = 1_000): MediaMessage {
  const flags = { key: LIVE_FLAG.key, picture: 0, sound: LIVE_FLAG.sound }[kind];
  const fragment = [new Uint8Array(sizeBytes)];
  return new MediaMessage({
    gen: 1,
    seq,
    flags,
    captureMs: wallMs(0),
    fragment,
    accessUnitBytes: 1,
    epochUs: 0,
  });
}

function makeQueue() {
  const clock = new SimulatedClock();
  const sent: (number | string)[] = [];
  let late = 0;
  const queue = new SendQueue({
    send: ({ seq }) => sent.push(seq),
    onLate: () => (late += 1),
    onDropped: (pictures) => sent.push(`dropped ${pictures}`),
    clock,
  });
  return { clock, sent, queue, late: () => late };
}

test('sends 25 pictures ahead of acknowledgements, and sound beside them', () => {
  const { sent, queue } = makeQueue();
  for (let seq = 1; seq <= 30; seq++) queue.push(message(seq, seq === 1 ? 'key' : 'picture'));
  expect(sent).toHaveLength(25);
  queue.acknowledge(3);
  expect(sent.at(-1)).toBe(28);
  queue.acknowledge(2);
  queue.acknowledge(99);
  expect(sent.at(-1)).toBe(28);
  queue.acknowledge(28);
  for (let seq = 31; seq <= 60; seq++) queue.push(message(seq, 'sound'));
  expect(sent).toHaveLength(60);
});

test('sends 192 KiB ahead, and at least one message however large', () => {
  const { sent, queue } = makeQueue();
  for (let seq = 1; seq <= 4; seq++) queue.push(message(seq, 'key', seq === 4 ? 300_000 : 90_000));
  expect(sent).toEqual([1, 2, 3]);
  queue.acknowledge(2);
  expect(sent).toEqual([1, 2, 3, 4]);
  queue.push(message(5, 'picture'));
  queue.acknowledge(3);
  expect(sent).toHaveLength(4);
  queue.acknowledge(4);
  expect(sent).toHaveLength(5);
});

test('does not count the burst of a player that joins as pictures', () => {
  const { sent, queue } = makeQueue();
  for (let seq = 1; seq <= 50; seq++) queue.push(message(seq, seq === 1 ? 'key' : 'picture'), 'burst');
  expect(sent).toHaveLength(50);
});

test('drops what has waited too long up to the newest key picture, and says so before that', async () => {
  const { clock, sent, queue, late } = makeQueue();
  for (let seq = 1; seq <= 100; seq++) {
    queue.push(message(seq, seq % 20 === 1 ? 'key' : 'picture'));
    await clock.advance(40);
  }
  expect(sent).toHaveLength(25);
  expect(late()).toBeGreaterThan(0);
  queue.acknowledge(25);
  // 26 to 80 are gone: 81 is the newest key picture.
  expect(sent.slice(25, 28)).toEqual(['dropped 55', 81, 82]);
});

test('waits for a key picture where none is left', async () => {
  const { clock, sent, queue } = makeQueue();
  for (let seq = 1; seq <= 30; seq++) queue.push(message(seq, seq === 1 ? 'key' : 'picture'));
  await clock.advance(800);
  queue.acknowledge(25);
  queue.push(message(31, 'picture'));
  queue.push(message(32, 'sound'));
  expect(sent).toHaveLength(25);
  queue.push(message(33, 'key'));
  expect(sent.slice(25)).toEqual(['dropped 6', 33]);
});

test('holds no more than a patience’s worth for a player that has gone', async () => {
  const { clock, sent, queue } = makeQueue();
  for (let seq = 1; seq <= 10_000; seq++) {
    queue.push(message(seq, seq % 50 === 1 ? 'key' : 'picture', 10));
    await clock.advance(40);
  }
  expect(sent).toHaveLength(25);
  expect(queue.waitingCount).toBeLessThanOrEqual(50 + 1_000 / 40);
  expect(queue.unacknowledgedMs).toBeGreaterThan(390_000);
});

test('forgets what waits when something else is played', () => {
  const { sent, queue } = makeQueue();
  for (let seq = 1; seq <= 30; seq++) queue.push(message(seq, seq === 1 ? 'key' : 'picture'));
  queue.clear();
  queue.push(message(31, 'key'));
  queue.acknowledge(25);
  expect(sent.slice(25)).toEqual([31]);
});
