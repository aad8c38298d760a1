import { beforeEach, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { CostReport } from './cost-report.ts';
import type { AnalysisCost } from './cpu-budget.ts';

const MINUTE_MS = 60_000;

let clock: SimulatedClock;
let share: { cost: AnalysisCost | undefined };
let told: AnalysisCost[];
let lines: string[];
let report: CostReport;

beforeEach(() => {
  clock = new SimulatedClock();
  share = { cost: undefined };
  told = [];
  lines = [];
  const write = (line: string) => void lines.push(line);
  const log: Log = { ...silentLog, warn: write, info: write };
  report = new CostReport({ share, tell: (cost) => void told.push(cost), clock, log, advice: '; get a sub' });
});

function update(cpuMs: number, leftOutPercent: number): void {
  share.cost = { cpuMs, leftOutPercent };
  report.update();
}

test('a cost is told when it is known, and when it has changed by much', () => {
  report.update();
  expect(told).toEqual([]);
  update(100, 0);
  update(115, 0);
  update(125, 0);
  update(125, 1);
  update(125, 9);
  update(125, 20);
  expect(told.map(({ cpuMs, leftOutPercent }) => [cpuMs, leftOutPercent])).toEqual([
    [100, 0],
    [125, 0],
    [125, 1],
    [125, 20],
  ]);
});

test('the log says once that there is too little CPU, and after ten minutes without that there is enough', async () => {
  update(1_400, 30);
  update(1_400, 0);
  await clock.advance(5 * MINUTE_MS);
  update(1_400, 30);
  await clock.advance(9 * MINUTE_MS);
  update(1_400, 0);
  expect(lines).toEqual([
    'looking for motion in all pictures would take 1400 ms of CPU a second, and an analyzer has 800 for its cameras together: ' +
      'the ends of GOPs are left out while something moves; get a sub',
  ]);
  await clock.advance(MINUTE_MS);
  update(1_400, 0);
  expect(lines.slice(1)).toEqual(['there is CPU again to look for motion in all pictures']);
});
