import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { PacketMemory } from '../media/packet-memory.ts';
import { makePicture } from '../media/testing/make-packet.ts';
import { LATE_MS, MAX_WAITING_BYTES, PacketQueue, TOO_LATE_MS } from './packet-queue.ts';

const INTERVAL_MS = 100;
const GOP = 20;

/** A queue whose every packet takes `costMs` to analyse, `costMs / 2` to decode, and nothing to leave out. */
function queueing(costMs: () => number) {
  const clock = new SimulatedClock();
  const done: string[] = [];
  const told: string[] = [];
  let busyUntilMs = 0;
  const queue = new PacketQueue({
    clock,
    defer: (work) => void clock.setTimer(Math.max(0, busyUntilMs - clock.monotonicMs()), work),
    handle: ({ pts, isKey }, _wallMs, effort) => {
      const cost = effort === 'all' ? costMs() : effort === 'decode' ? costMs() / 2 : 0;
      busyUntilMs = clock.monotonicMs() + cost;
      done.push(`${effort}${isKey ? ' key' : ''} ${pts / 90}`);
    },
    onBehind: () => void told.push('behind'),
    onCaughtUp: (leftOut) => void told.push(`caught up after ${leftOut}`),
  });
  let sent = 0;
  const send = async (count: number) => {
    for (let i = 0; i < count; i++, sent++) {
      queue.push(makePicture(sent * INTERVAL_MS, { isKey: sent % GOP === 0 }), wallMs(0));
      await clock.advance(INTERVAL_MS);
    }
  };
  const efforts = () => done.map((line) => line.split(' ')[0] ?? '');
  return { queue, clock, done, told, send, efforts };
}

test('analyses every packet in order, not before what was read with it, while there is time', async () => {
  const { queue, clock, done, told, send } = queueing(() => INTERVAL_MS / 2);
  queue.push(makePicture(0), wallMs(0));
  expect(done).toEqual([]);
  await clock.advance(INTERVAL_MS);
  await send(50);
  expect(done).toHaveLength(51);
  expect(done.every((line) => line.startsWith('all'))).toBe(true);
  expect(told).toEqual([]);
});

test('analyses fewer pictures, but decodes all, when there is not quite time for all', async () => {
  const { told, send, efforts } = queueing(() => INTERVAL_MS * 1.5);
  await send(200);
  expect(efforts()).toContain('decode');
  expect(efforts()).not.toContain('leave-out');
  expect(efforts().filter((effort) => effort === 'all').length).toBeGreaterThan(50);
  expect(told).toEqual(['behind']);
});

test('goes on with key packets alone when it cannot even decode, and never waits longer than that takes', async () => {
  const { queue, clock, done, told } = queueing(() => INTERVAL_MS * 10);
  const waits: number[] = [];
  for (let i = 0; i < 300; i++) {
    queue.push(makePicture(i * INTERVAL_MS, { isKey: i % GOP === 0 }), wallMs(0));
    await clock.advance(INTERVAL_MS);
    waits.push(clock.monotonicMs() - Number(done.at(-1)?.split(' ').at(-1) ?? 0));
  }
  expect(Math.max(...waits)).toBeLessThan(TOO_LATE_MS + 2 * GOP * INTERVAL_MS);
  expect(done.filter((line) => line.startsWith('leave-out')).length).toBeGreaterThan(100);
  expect(told).toEqual(['behind']);
});

test('never decodes a packet whose references were left out', async () => {
  const { done, send } = queueing(() => INTERVAL_MS * 10);
  await send(300);
  let isWhole = true;
  for (const line of done) {
    if (line.startsWith('leave-out')) isWhole = false;
    else if (line.includes('key')) isWhole = true;
    else expect(isWhole, line).toBe(true);
  }
});

test('tells once that it is behind and, after ten calm seconds, once how much was left out', async () => {
  let cost = INTERVAL_MS * 3;
  const { told, send, efforts } = queueing(() => cost);
  await send(100);
  cost = INTERVAL_MS / 10;
  await send(90);
  expect(told).toEqual(['behind']);
  await send(60);
  const leftOut = efforts().filter((effort) => effort !== 'all').length;
  expect(told).toEqual(['behind', `caught up after ${leftOut}`]);
  expect(efforts().slice(-100)).not.toContain('decode');
});

test('does not take a camera that delivers late for its own slowness', async () => {
  const { queue, clock, done, told } = queueing(() => 1);
  await clock.advance(5_000);
  for (let i = 0; i < 50; i++) queue.push(makePicture(i * INTERVAL_MS, { isKey: i % GOP === 0 }), wallMs(0));
  await clock.advance(LATE_MS);
  expect(done).toHaveLength(50);
  expect(done.every((line) => line.startsWith('all'))).toBe(true);
  expect(told).toEqual([]);
});

test('leaves out what is more than its bound in bytes', async () => {
  const { queue, clock, done } = queueing(() => 1);
  const sizeBytes = MAX_WAITING_BYTES / 4;
  for (let i = 0; i < 10; i++)
    queue.push(makePicture(i, { sizeBytes, isKey: i === 0 || i === 8 }), wallMs(0));
  await clock.advance(LATE_MS);
  expect(done.map((line) => line.split(' ')[0])).toEqual([...Array(8).fill('leave-out'), 'all', 'all']);
});

test('holds the memory of what waits, and of nothing else', async () => {
  const { queue, clock } = queueing(() => 1);
  let holders = 0;
  class CountedMemory extends PacketMemory {
    override hold(): void {
      holders++;
    }

    override release(): void {
      holders--;
    }
  }
  const memory = new CountedMemory(Buffer.alloc(100));
  for (let i = 0; i < 4; i++) queue.push({ ...makePicture(i), memory }, wallMs(0));
  expect(holders).toBe(4);
  await clock.advance(1);
  queue.clear();
  await clock.advance(LATE_MS);
  expect(holders).toBe(0);
});
