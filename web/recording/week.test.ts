import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWeeklySpan } from '../../src/config/weekly-span.ts';
import {
  DAYS,
  isSameWeek,
  MODES,
  paint,
  scheduleOf,
  stretchesOfDay,
  weekOf,
  type Mode,
  type ScheduledSpan,
  type Week,
} from './week.ts';

/** As the server reads it. */
function span(when: string, mode: Mode): ScheduledSpan {
  const parsed = parseWeeklySpan(when);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return { when, mode, stretches: parsed.stretches };
}

const EMPTY = weekOf([]);

function linesOf(week: Week): Record<string, Mode> {
  return Object.fromEntries(scheduleOf(week).map(({ when, mode }) => [when, mode]));
}

describe('scheduleOf', () => {
  test('writes days alike as one line', () => {
    const office = paint(EMPTY, { firstDay: 0, lastDay: 4, startMinute: 480, endMinute: 1_080 }, 'off');
    expect(linesOf(office)).toEqual({ 'mon-fri 08:00-18:00': 'off' });
    const weekend = paint(office, { firstDay: 5, lastDay: 6, startMinute: 0, endMinute: 1_440 }, 'always');
    expect(linesOf(weekend)).toEqual({ 'mon-fri 08:00-18:00': 'off', 'sat,sun': 'always' });
  });

  test('writes nights over midnight, also that from Sunday to Monday', () => {
    expect(linesOf(weekOf([span('22:00-06:00', 'always')]))).toEqual({ '22:00-06:00': 'always' });
    expect(linesOf(weekOf([span('sun 22:30-05:15', 'always')]))).toEqual({ 'sun 22:30-05:15': 'always' });
  });

  test('writes what lasts for days in pieces', () => {
    const long = weekOf([
      span('fri 18:00-24:00', 'off'),
      span('sat,sun', 'off'),
      span('mon 00:00-08:00', 'off'),
    ]);
    expect(isSameWeek(weekOf(scheduleOf(long)), long)).toBe(true);
    expect(linesOf(weekOf([span('mon-sun', 'off')]))).toEqual({ 'mon-sun': 'off' });
    expect(linesOf(EMPTY)).toEqual({});
  });

  test('gives lines that the configuration reads as the week that was painted, whatever it is', () => {
    const areas = fc.record({
      days: fc.tuple(fc.nat(6), fc.nat(6)),
      slots: fc.tuple(fc.nat(47), fc.nat(47)),
      mode: fc.option(fc.constantFrom(...MODES), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(areas, { maxLength: 12 }), (painted) => {
        const week = painted.reduce<Week>((before, { days, slots, mode }) => {
          const area = {
            firstDay: Math.min(...days),
            lastDay: Math.max(...days),
            startMinute: Math.min(...slots) * 30,
            endMinute: (Math.max(...slots) + 1) * 30,
          };
          return paint(before, area, mode);
        }, EMPTY);
        const lines = scheduleOf(week);
        const read = lines.map(({ when, mode }) => span(when, mode));
        expect(isSameWeek(weekOf(read), week)).toBe(true);
        expect(read.map(({ stretches }) => new Set(stretches))).toEqual(
          lines.map(({ stretches }) => new Set(stretches)),
        );
        expect(new Set(lines.map(({ when }) => when)).size).toBe(lines.length);
      }),
      { numRuns: 150 },
    );
  });
});

test('a day is told in the stretches in which one mode holds', () => {
  const week = weekOf([span('tue 10:00-12:00', 'off'), span('tue 11:15-13:00', 'always')]);
  expect(stretchesOfDay(week, DAYS.indexOf('tue'))).toEqual([
    { startMinute: 600, endMinute: 675, mode: 'off' },
    { startMinute: 675, endMinute: 780, mode: 'always' },
  ]);
  expect(stretchesOfDay(week, 0)).toEqual([]);
});
