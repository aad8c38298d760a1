import { expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import type { IndexWrite } from '../db/index-write.ts';
import { Heartbeat } from './heartbeat.ts';

const START = Date.UTC(2026, 10, 22, 20);
const growth: IndexWrite = { type: 'volume', volume: { id: 'v', path: '/' } };

test('a sign of life is given at once, every 3 s, and when the recorder leaves', async () => {
  const clock = new SimulatedClock(START);
  const told: IndexWrite[] = [];
  const heartbeat = new Heartbeat({
    clock,
    tell: (write) => told.push(write),
    tellGrowth: () => told.push(growth),
    log: silentLog,
  });
  heartbeat.start();
  await clock.advance(7_000);
  heartbeat[Symbol.dispose]();
  heartbeat[Symbol.dispose]();
  await clock.advance(60_000);
  expect(
    told.map((write) => (write.type === 'alive' ? [write.atWallMs - START, write.isLeaving] : 'growth')),
  ).toEqual(['growth', [0, false], 'growth', [3_000, false], 'growth', [6_000, false], [7_000, true]]);
});

test('a recorder that never began does not say that it leaves', () => {
  const told: IndexWrite[] = [];
  const heartbeat = new Heartbeat({
    clock: new SimulatedClock(),
    tell: (write) => told.push(write),
    tellGrowth: () => undefined,
    log: silentLog,
  });
  heartbeat[Symbol.dispose]();
  expect(told).toEqual([]);
});

test('what has grown is told to who asks, but not again and again', async () => {
  const clock = new SimulatedClock();
  const toldMs: number[] = [];
  const heartbeat = new Heartbeat({
    clock,
    tell: () => undefined,
    tellGrowth: () => toldMs.push(clock.monotonicMs()),
    log: silentLog,
  });
  heartbeat.beforeAsking();
  heartbeat.start();
  for (let times = 0; times < 5; times += 1) {
    heartbeat.beforeAsking();
    await clock.advance(500);
  }
  heartbeat[Symbol.dispose]();
  heartbeat.beforeAsking();
  expect(toldMs).toEqual([0, 1_000, 2_000]);
});

test('says once that the recorder was held up, and for how long', async () => {
  const clock = new SimulatedClock();
  const lines: string[] = [];
  const log = { ...silentLog, warn: (message: string) => void lines.push(message) };
  using heartbeat = new Heartbeat({ clock, tell: () => undefined, tellGrowth: () => undefined, log });
  heartbeat.start();
  await clock.advance(3_000);
  clock.standStill(15_000);
  await clock.advance(10_000);
  expect(lines).toEqual(['the recorder was held up for 12.0 s: its machine stood still, or is too busy']);
});
