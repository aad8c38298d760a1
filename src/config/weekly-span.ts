import { nearestName } from './nearest-name.ts';
import type { TimeZone } from './folder-template.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const LONGEST_SHOWN = 40;
const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = DAYS.length * DAY_MINUTES;

/**
 * A part of every week, such as `mon-fri 08:00-18:00`. What counts is what the clock on the wall shows: in the night in
 * which an hour comes twice its spans come twice, and those of an hour that is left out are left out with it.
 */
export interface WeeklySpan {
  /** As it was written. */
  readonly text: string;
  /** Half-open, in minutes since Monday 00:00; one that goes on over the week's end is two. */
  readonly stretches: readonly { readonly startMinute: number; readonly endMinute: number }[];
}

/**
 * Reads `DAYS TIMES`, of which either may be missing: days such as `mon-fri` or `sat,sun` (all of them), times such as
 * `08:00-18:00` (the whole day). Times that end before they begin end on the next day.
 * @returns what is wrong with it as text, or the span.
 */
export function parseWeeklySpan(text: string): WeeklySpan | Problem {
  const words = text.trim().split(/\s+/);
  const first = words[0] ?? '';
  const [dayText, timeText] = /^\d/.test(first) ? [undefined, first] : [first, words[1]];
  if (first === '' || words.length > (dayText === undefined ? 1 : 2))
    return problem(JSON.stringify(text.slice(0, LONGEST_SHOWN)));
  const days = dayText === undefined ? [...DAYS.keys()] : parseDays(dayText);
  if ('problem' in days) return days;
  const times =
    timeText === undefined ? { startMinute: 0, lengthMinutes: DAY_MINUTES } : parseTimes(timeText);
  if ('problem' in times) return times;
  const stretches = days.flatMap((day) =>
    withinWeek(day * DAY_MINUTES + times.startMinute, times.lengthMinutes),
  );
  return { text, stretches };
}

/** Whether a moment, in ms since the Unix epoch, lies in the span. */
export function isInSpan(span: WeeklySpan, wallMs: number, zone: TimeZone): boolean {
  const minute = minuteOfWeek(wallMs, zone);
  return span.stretches.some(({ startMinute, endMinute }) => minute >= startMinute && minute < endMinute);
}

function minuteOfWeek(wallMs: number, zone: TimeZone): number {
  const date = new Date(wallMs);
  const [day, hour, minute] =
    zone === 'utc'
      ? [date.getUTCDay(), date.getUTCHours(), date.getUTCMinutes()]
      : [date.getDay(), date.getHours(), date.getMinutes()];
  // Weeks of `Date` begin on Sunday.
  return ((day + 6) % 7) * DAY_MINUTES + hour * 60 + minute;
}

function parseDays(text: string): number[] | Problem {
  const days = new Set<number>();
  for (const part of text.toLowerCase().split(',')) {
    const [first = '', last = first, ...rest] = part.split('-');
    if (rest.length > 0) return problem(JSON.stringify(part.slice(0, LONGEST_SHOWN)));
    const from = DAYS.findIndex((day) => day === first);
    const to = DAYS.findIndex((day) => day === last);
    if (from < 0) return unknownDay(first);
    if (to < 0) return unknownDay(last);
    for (let day = from; day !== to; day = (day + 1) % DAYS.length) days.add(day);
    days.add(to);
  }
  return [...days];
}

function unknownDay(name: string): Problem {
  const near = nearestName(name, DAYS);
  const hint = near === undefined ? '' : `, did you mean ${near}?`;
  return problem(`the day ${JSON.stringify(name.slice(0, LONGEST_SHOWN))}${hint}`);
}

interface Times {
  readonly startMinute: number;
  readonly lengthMinutes: number;
}

function parseTimes(text: string): Times | Problem {
  const [, start, end] = /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(text) ?? [];
  const [startMinute, endMinute] = [parseTime(start), parseTime(end)];
  if (startMinute === undefined || startMinute === DAY_MINUTES || endMinute === undefined) {
    return problem(`the times ${JSON.stringify(text.slice(0, LONGEST_SHOWN))}`);
  }
  if (startMinute === endMinute) return problem(`times without a length in ${JSON.stringify(text)}`);
  const overMidnight = endMinute < startMinute ? DAY_MINUTES : 0;
  return { startMinute, lengthMinutes: endMinute + overMidnight - startMinute };
}

/** Minutes since midnight, `24:00` included. */
function parseTime(text = ''): number | undefined {
  const [hour = Number.NaN, minute = Number.NaN] = text.split(':').map(Number);
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= DAY_MINUTES ? minutes : undefined;
}

function withinWeek(startMinute: number, lengthMinutes: number): WeeklySpan['stretches'] {
  const endMinute = startMinute + lengthMinutes;
  if (endMinute <= WEEK_MINUTES) return [{ startMinute, endMinute }];
  return [
    { startMinute, endMinute: WEEK_MINUTES },
    { startMinute: 0, endMinute: endMinute - WEEK_MINUTES },
  ];
}

interface Problem {
  readonly problem: string;
}

function problem(found: string): Problem {
  return {
    problem: `expected days and times, such as mon-fri 08:00-18:00, sat,sun or 22:00-06:00, found ${found}`,
  };
}
