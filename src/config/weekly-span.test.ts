import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { isInSpan, parseWeeklySpan, type WeeklySpan } from './weekly-span.ts';

function span(text: string): WeeklySpan {
  const parsed = parseWeeklySpan(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

function problemOf(text: string): string {
  const parsed = parseWeeklySpan(text);
  return 'problem' in parsed ? parsed.problem : 'none';
}

/** Which of these moments lie in the span; times of UTC unless they say otherwise. */
function inSpan(text: string, moments: readonly string[], zone: 'utc' | 'local' = 'utc'): string[] {
  const parsed = span(text);
  return moments.filter((moment) => isInSpan(parsed, Date.parse(moment), zone));
}

describe('a weekly span', () => {
  // 2026-11-23 is a Monday.
  test('holds from its first minute to the last one before its end, on its days', () => {
    const moments = [
      '2026-11-23T07:59:59.999Z',
      '2026-11-23T08:00:00.000Z',
      '2026-11-27T17:59:59.999Z',
      '2026-11-27T18:00:00.000Z',
      '2026-11-28T12:00:00.000Z',
    ];
    expect(inSpan('mon-fri 08:00-18:00', moments)).toEqual(moments.slice(1, 3));
  });

  test('goes over midnight, and over the end of the week, with the day on which it begins', () => {
    const moments = [
      '2026-11-22T05:00Z',
      '2026-11-22T23:00Z',
      '2026-11-23T05:59Z',
      '2026-11-23T06:00Z',
      '2026-11-23T23:00Z',
    ];
    expect(inSpan('sun 22:00-06:00', moments)).toEqual(moments.slice(1, 3));
  });

  test('is every day without days, and all day without times', () => {
    const everyHour = Array.from({ length: 7 * 24 }, (_, hour) =>
      new Date(Date.UTC(2026, 10, 23, hour, 30)).toISOString(),
    );
    expect(inSpan('22:00-24:00', everyHour)).toHaveLength(14);
    expect(inSpan('00:00-24:00', everyHour)).toEqual(everyHour);
    expect(inSpan('sat,Mon', everyHour)).toEqual([...everyHour.slice(0, 24), ...everyHour.slice(120, 144)]);
    expect(inSpan('fri-mon', everyHour)).toEqual([...everyHour.slice(0, 24), ...everyHour.slice(96)]);
  });

  test.each([
    ['', 'found ""'],
    ['mon-fri 08:00', 'found the times "08:00"'],
    ['mon 24:00-25:00', 'found the times "24:00-25:00"'],
    ['mon 08:00-18:60', 'found the times "08:00-18:60"'],
    ['08:00-08:00', 'found times without a length in "08:00-08:00"'],
    ['08:00-18:00 mon', 'found "08:00-18:00 mon"'],
    ['mon tue 08:00-18:00', 'found "mon tue 08:00-18:00"'],
    ['mon-wed-fri', 'found "mon-wed-fri"'],
    ['tu 08:00-18:00', 'found the day "tu", did you mean tue?'],
    ['mon,,tue', 'found the day ""'],
    ['weekend', 'found the day "weekend"'],
  ])('%j is none, and is told why', (text, found) => {
    expect(problemOf(text)).toBe(
      `expected days and times, such as mon-fri 08:00-18:00, sat,sun or 22:00-06:00, ${found}`,
    );
  });
});

describe('any text', () => {
  const day = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
  const time = fc.integer({ min: 0, max: 1_439 });
  const asText = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

  test('is a span of the week or a problem', () => {
    const pieces = fc.array(
      fc.oneof(day, time.map(asText), fc.constantFrom('-', ',', ' ', ':', '24:00'), fc.string()),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((all) => all.join('')),
        ),
        (text) => {
          const parsed = parseWeeklySpan(text);
          if ('problem' in parsed) expect(parsed.problem.length).toBeLessThan(200);
          else {
            for (const { startMinute, endMinute } of parsed.stretches) {
              expect(startMinute).toBeGreaterThanOrEqual(0);
              expect(endMinute).toBeGreaterThan(startMinute);
              expect(endMinute).toBeLessThanOrEqual(7 * 24 * 60);
            }
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('of a day and times holds as long as it says, whatever the day', () => {
    fc.assert(
      fc.property(day, time, time, (name, start, end) => {
        fc.pre(start !== end);
        const { stretches } = span(`${name} ${asText(start)}-${asText(end)}`);
        const minutes = stretches.reduce(
          (sum, { startMinute, endMinute }) => sum + endMinute - startMinute,
          0,
        );
        expect(minutes).toBe((end - start + 1_440) % 1_440);
      }),
    );
  });
});

describe('a weekly span where clocks are set', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('loses the hour that is left out in spring, and nothing else', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const night = ['2026-03-29T01:59+01:00', '2026-03-29T03:00+02:00', '2026-03-29T05:59+02:00'];
    expect(inSpan('sun 02:30-06:00', [...night, '2026-03-29T06:00+02:00'], 'local')).toEqual(night.slice(1));
    expect(inSpan('sun 02:00-03:00', night, 'local')).toEqual([]);
    expect(inSpan('sat 22:00-03:30', night, 'local')).toEqual(night.slice(0, 2));
  });

  test('has the hour that comes twice in autumn twice', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const night = [
      '2026-10-25T02:15+02:00',
      '2026-10-25T02:45+02:00',
      '2026-10-25T02:15+01:00',
      '2026-10-25T02:45+01:00',
      '2026-10-25T03:00+01:00',
    ];
    expect(inSpan('sun 02:00-02:30', night, 'local')).toEqual([night[0], night[2]]);
    expect(inSpan('sun 01:00-03:00', night, 'local')).toEqual(night.slice(0, 4));
    expect(inSpan('sun 01:00-03:00', night, 'utc')).toEqual(night.slice(2));
  });

  test('ends where the clock passes its end, also where clocks are set at midnight', () => {
    process.env['TZ'] = 'America/Asuncion';
    // 2024-10-06: from 00:00 to 01:00.
    const night = ['2024-10-05T23:59-04:00', '2024-10-06T01:00-03:00', '2024-10-06T01:30-03:00'];
    expect(inSpan('sat 20:00-24:00', night, 'local')).toEqual(night.slice(0, 1));
    expect(inSpan('sun 00:00-01:15', night, 'local')).toEqual(night.slice(1, 2));
  });
});
