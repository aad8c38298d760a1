import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { IndexWrite } from './index-write.ts';
import { makeEvent, makeGap, makeSegment, NOON, VOLUME } from './testing/records.ts';
import { WriteQueue } from './write-queue.ts';

const MUCH = 1e9;

const segment = (startMs: number, sizeBytes = 1_000): IndexWrite => ({
  type: 'segment',
  segment: makeSegment(startMs, { sizeBytes }),
});
const discard = (startMs: number): IndexWrite => ({
  type: 'discard',
  files: [{ volume: VOLUME, path: makeSegment(startMs).path }],
  cause: 'deleted',
});

function queueOf(writes: readonly IndexWrite[], maxBytes = MUCH): WriteQueue {
  const queue = new WriteQueue(maxBytes);
  for (const write of writes) queue.add(write);
  return queue;
}

test('gives what was put in, in its order, once', () => {
  const writes = [segment(0), segment(60_000), discard(0), segment(120_000)];
  const queue = queueOf(writes);
  expect(queue.isEmpty).toBe(false);
  expect(queue.take()).toEqual(writes);
  expect(queue.take()).toEqual([]);
  expect(queue.isEmpty).toBe(true);
  expect(queue.sizeBytes).toBe(0);
});

test('replaces what is told of the same thing again', () => {
  const run = { camera: 'yard', startWallMs: wallMs(NOON), endKind: undefined, endMessage: undefined };
  const ended = { ...run, endWallMs: wallMs(NOON + 1), endKind: 'closed' };
  const queue = queueOf([
    segment(0, 1),
    segment(60_000),
    { type: 'run', run: { ...run, endWallMs: undefined } },
    { type: 'gap', gap: makeGap(0, 1) },
    segment(0, 2),
    { type: 'gap', gap: makeGap(0, 2) },
    { type: 'run', run: ended },
    segment(0, 3),
  ]);
  expect(queue.take()).toEqual([
    segment(0, 3),
    segment(60_000),
    { type: 'run', run: ended },
    { type: 'gap', gap: makeGap(0, 2) },
  ]);
});

test('withdraws a gap that waits, and lets it be told again', () => {
  const gap: IndexWrite = { type: 'gap', gap: makeGap(0, 1) };
  const withdrawn: IndexWrite = { type: 'gap-withdrawn', camera: 'yard', startWallMs: wallMs(NOON) };
  expect(queueOf([gap, withdrawn]).take()).toEqual([withdrawn]);
  expect(queueOf([gap, withdrawn, gap]).take()).toEqual([gap]);
});

test('replaces nothing across a change that depends on what stood before it', () => {
  const writes = [segment(0, 1), discard(0), segment(0, 2), discard(0)];
  expect(queueOf(writes).take()).toEqual(writes);
  const keep: IndexWrite = { type: 'keep', camera: 'yard', triggerWallMs: wallMs(NOON), isKept: false };
  const event: IndexWrite = { type: 'event', event: makeEvent(0, { isKept: true }) };
  expect(queueOf([event, keep, event]).take()).toEqual([event, keep, event]);
});

test('keeps the thumbnail and the mark of an event that is told again without them', () => {
  const thumbnail = Uint8Array.of(255, 216);
  const first = makeEvent(0, { thumbnail, isKept: true });
  const later = makeEvent(0, { peakScore: 9_000 });
  const told = queueOf([
    { type: 'event', event: first },
    { type: 'event', event: later },
  ]).take();
  expect(told).toEqual([{ type: 'event', event: { ...later, thumbnail, isKept: true } }]);
});

test('puts what was taken back in front of what came since, as far as that does not replace it', () => {
  const queue = queueOf([segment(0, 1), segment(60_000), discard(120_000)]);
  const taken = queue.take();
  queue.add(segment(0, 2));
  queue.add(segment(180_000));
  queue.giveBack(taken);
  expect(queue.take()).toEqual([
    segment(0, 1),
    segment(60_000),
    discard(120_000),
    segment(0, 2),
    segment(180_000),
  ]);
});

test('holds no more for what is told again and again', () => {
  const queue = queueOf([segment(0)]);
  const { sizeBytes } = queue;
  for (let time = 0; time < 100; time += 1) queue.add(segment(0, time));
  expect(queue.sizeBytes).toBe(sizeBytes);
});

test('drops the oldest beyond its bound, and counts them', () => {
  const { sizeBytes } = queueOf([segment(0)]);
  const queue = queueOf(
    [0, 60_000, 120_000, 180_000].map((startMs) => segment(startMs)),
    2.5 * sizeBytes,
  );
  expect(queue.takeDropped()).toBe(2);
  expect(queue.takeDropped()).toBe(0);
  expect(queue.take()).toEqual([segment(120_000), segment(180_000)]);
});
