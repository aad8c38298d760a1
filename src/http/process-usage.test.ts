import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { ProcessUsage } from './process-usage.ts';
import type { ProcessReading } from './read-processes.ts';

const PROGRAMS = {
  analyzer: '/opt/analyzer-main.js',
  transcoder: '/opt/transcoder-main.js',
  sound: '/opt/sound-main.js',
  index: '/opt/index-worker-main.js',
  source: '/opt/source-main.js',
  configReader: '/opt/config-reader-main.js',
  picture: '/opt/picture-main.js',
  motionTrial: '/opt/motion-trial-main.js',
  moment: '/opt/moment-main.js',
};

function reading(pid: number, command: readonly string[], cpuMs: number, parentPid = 1): ProcessReading {
  return { pid, parentPid, cpuMs, memoryBytes: 1_000, command };
}

function usageOf(clock: SimulatedClock, read: () => Promise<readonly ProcessReading[] | undefined>) {
  return new ProcessUsage({ read, recorderPid: 1, webPid: 2, programs: PROGRAMS, clock });
}

test('each process has a role, and of its CPU what it took since the last look', async () => {
  const clock = new SimulatedClock();
  let cpuMs = 0;
  const usage = usageOf(clock, async () => [
    reading(1, ['node', 'main.js'], cpuMs),
    reading(2, ['node', 'web-main.js'], 0),
    reading(3, ['node', '--single-threaded-gc', '/opt/analyzer-main.js'], cpuMs * 2),
    reading(5, ['node', '/opt/index-worker-main.js'], 0),
    reading(6, ['node', '/opt/index-worker-main.js'], 0, 2),
    reading(4, ['/usr/bin/probe', '--password=secret'], 0),
  ]);
  const first = await usage.read();
  expect(first?.map(({ role }) => role)).toEqual([
    'recorder',
    'web',
    'analyzer',
    'index',
    'web-index',
    'other',
  ]);
  expect(first?.map(({ cpu }) => cpu)).toEqual(Array(6).fill(null));
  expect(JSON.stringify(first)).not.toContain('secret');
  expect(first?.[5]?.name).toBe('probe');
  cpuMs = 500;
  await clock.advance(2_000);
  expect((await usage.read())?.map(({ cpu }) => cpu)).toEqual([0.25, 0, 0.5, 0, 0, 0]);
});

test('where the system tells nothing there is nothing', async () => {
  expect(await usageOf(new SimulatedClock(), async () => undefined).read()).toBeNull();
});
