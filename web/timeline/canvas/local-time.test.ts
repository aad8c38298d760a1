import { describe, expect, test } from 'vitest';
import { LocalTime } from './local-time.ts';
import { ticksOf, type Tick } from './ticks.ts';
import { showing } from './view.ts';

const HOUR_MS = 3_600_000;
const berlin = new LocalTime('Europe/Berlin');
/** 2026: clocks go from 2:00 to 3:00 on 29 March, and from 3:00 to 2:00 on 25 October, at 1:00 UTC. */
const SPRING = Date.UTC(2026, 2, 29, 1);
const AUTUMN = Date.UTC(2026, 9, 25, 1);

function clockOf(ms: number): string {
  return new Date(berlin.localOf(ms)).toISOString().slice(11, 16);
}

describe('LocalTime', () => {
  test('knows what clocks show around their changes', () => {
    expect([SPRING - 1, SPRING, AUTUMN - 1, AUTUMN].map(clockOf)).toEqual([
      '01:59',
      '03:00',
      '02:59',
      '02:00',
    ]);
  });

  test('finds an hour never in spring and twice in autumn', () => {
    expect(berlin.momentsOf(Date.UTC(2026, 2, 29, 2, 30))).toEqual([]);
    const half = Date.UTC(2026, 9, 25, 2, 30);
    expect(berlin.momentsOf(half)).toEqual([AUTUMN - HOUR_MS / 2, AUTUMN + HOUR_MS / 2]);
    expect(berlin.momentsOf(Date.UTC(2026, 5, 1))).toEqual([Date.UTC(2026, 4, 31, 22)]);
  });

  test('finds the changes of a span and by how much', () => {
    const year = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)] as const;
    expect(berlin.changes(...year)).toEqual([
      { ms: SPRING, byMs: HOUR_MS },
      { ms: AUTUMN, byMs: -HOUR_MS },
    ]);
    expect(berlin.changes(SPRING, SPRING + HOUR_MS)).toEqual([]);
  });

  test('finds the start of a day, also of one that begins at 1:00', () => {
    expect(berlin.startOfDay(AUTUMN + 12 * HOUR_MS)).toBe(Date.UTC(2026, 9, 24, 22));
    const cairo = new LocalTime('Africa/Cairo');
    const day = Date.UTC(2026, 3, 24, 12);
    expect(new Date(cairo.localOf(cairo.startOfDay(day))).toISOString()).toContain('2026-04-24T01:00');
  });
});

describe('ticksOf', () => {
  const labels = (ticks: readonly Tick[]) =>
    ticks
      .filter(({ kind }) => kind !== 'between')
      .map(({ ms, isAgain }) => clockOf(ms) + (isAgain ? ' again' : ''));

  test('leaves out an hour in spring and has one twice in autumn, an hour apart each', () => {
    const spring = ticksOf(showing(600, 5 * HOUR_MS, SPRING), berlin, 70);
    expect(labels(spring).join(' ')).toContain('00:00 01:00 03:00 04:00');
    const autumn = ticksOf(showing(600, 5 * HOUR_MS, AUTUMN), berlin, 70);
    expect(labels(autumn).join(' ')).toContain('01:00 02:00 02:00 again 03:00');
    const times = autumn.filter(({ kind }) => kind !== 'between').map(({ ms }) => ms);
    expect(new Set(times.slice(1).map((ms, at) => ms - (times[at] ?? 0)))).toEqual(new Set([HOUR_MS]));
  });

  test('has half hours again too', () => {
    const autumn = ticksOf(showing(900, 3 * HOUR_MS, AUTUMN), berlin, 70);
    expect(labels(autumn).join(' ')).toContain('02:00 02:30 02:00 again 02:30 again 03:00');
  });

  test('has midnights as days, 23 and 25 hours apart around the changes', () => {
    const week = ticksOf(showing(1000, 7 * 24 * HOUR_MS, AUTUMN), berlin, 70);
    const days = week.filter(({ kind }) => kind === 'day').map(({ ms }) => ms);
    const lengths = days.slice(1).map((ms, at) => (ms - (days[at] ?? 0)) / HOUR_MS);
    expect(lengths.filter((hours) => hours !== 24)).toEqual([25]);
  });

  test.each([
    [4_000, 'seconds'],
    [60_000, 'seconds'],
    [10 * 60_000, 'minutes'],
    [24 * HOUR_MS, 'minutes'],
    [20 * 24 * HOUR_MS, 'day'],
    [62 * 24 * HOUR_MS, 'day'],
  ] as const)('labels do not touch and are a handful at least in %d ms', (shownMs, label) => {
    const ticks = ticksOf(showing(1200, shownMs, SPRING + 40 * HOUR_MS), berlin, 70);
    const labelled = ticks.filter((tick) => tick.label !== 'none' && tick.xPx >= 0 && tick.xPx <= 1200);
    expect(labelled.some((tick) => tick.label === label)).toBe(true);
    expect(labelled.length).toBeGreaterThanOrEqual(2);
    const gaps = labelled.slice(1).map((tick, at) => tick.xPx - (labelled[at]?.xPx ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(69);
    expect(ticks.length).toBeLessThan(400);
  });

  test('follows zones that are ahead by three quarters of an hour', () => {
    const nepal = new LocalTime('Asia/Kathmandu');
    const ticks = ticksOf(showing(900, 4 * HOUR_MS, SPRING), nepal, 70);
    const labelled = ticks.filter(({ label }) => label !== 'none');
    expect(labelled.length).toBeGreaterThan(3);
    for (const { ms } of labelled) expect(nepal.localOf(ms) % (HOUR_MS / 2)).toBe(0);
  });
});
