export const MODES = ['off', 'motion', 'always', 'always+motion', 'timelapse', 'timelapse+motion'] as const;
export type Mode = (typeof MODES)[number];

/** As the configuration calls them. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const DAY_MINUTES = 24 * 60;
export const WEEK_MINUTES = DAYS.length * DAY_MINUTES;

/** The mode of each minute of the week from Monday 00:00 on; undefined where the camera's own mode holds. */
export type Week = readonly (Mode | undefined)[];

/** Half-open, in minutes since Monday 00:00. */
export interface Stretch {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** A line of a schedule: when, as the configuration has it, and what then. */
export interface ScheduledSpan {
  readonly when: string;
  readonly mode: Mode;
  readonly stretches: readonly Stretch[];
}

/** Days, counted from Monday, and minutes of each of them. */
export interface PaintedArea {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Of several that hold the last one counts. */
export function weekOf(schedule: readonly ScheduledSpan[]): Week {
  const week: (Mode | undefined)[] = Array.from({ length: WEEK_MINUTES });
  for (const { stretches, mode } of schedule) {
    for (const { startMinute, endMinute } of stretches) week.fill(mode, startMinute, endMinute);
  }
  return week;
}

/** @param mode undefined for the camera's own. */
export function paint(week: Week, area: PaintedArea, mode: Mode | undefined): Week {
  const painted = [...week];
  for (let day = area.firstDay; day <= area.lastDay; day += 1) {
    const start = day * DAY_MINUTES;
    painted.fill(mode, start + area.startMinute, start + area.endMinute);
  }
  return painted;
}

export function isSameWeek(a: Week, b: Week): boolean {
  return a.every((mode, minute) => mode === b[minute]);
}

/** What a day looks like: where one mode holds without a break, in minutes of the day. */
export function stretchesOfDay(week: Week, day: number): readonly (Stretch & { readonly mode: Mode })[] {
  const start = day * DAY_MINUTES;
  return stretchesOf(week.slice(start, start + DAY_MINUTES));
}

function stretchesOf(modes: readonly (Mode | undefined)[]): readonly (Stretch & { readonly mode: Mode })[] {
  const found: (Stretch & { readonly mode: Mode })[] = [];
  let startMinute = 0;
  for (let minute = 1; minute <= modes.length; minute += 1) {
    const mode = modes[startMinute];
    if (minute < modes.length && modes[minute] === mode) continue;
    if (mode !== undefined) found.push({ startMinute, endMinute: minute, mode });
    startMinute = minute;
  }
  return found;
}

/** The week as the fewest lines that people write: days alike are one line, nights go over midnight. None overlap. */
export function scheduleOf(week: Week): readonly ScheduledSpan[] {
  const lines = new Map<string, { readonly mode: Mode; readonly times: string; readonly pieces: Piece[] }>();
  for (const piece of piecesOf(week)) {
    const times = timesText(piece);
    const key = `${piece.mode} ${times}`;
    const line = lines.get(key) ?? { mode: piece.mode, times, pieces: [] };
    line.pieces.push(piece);
    lines.set(key, line);
  }
  return Array.from(lines.values(), ({ mode, times, pieces }) => ({
    when:
      [daysText(pieces.map(({ day }) => day)), times].filter((word) => word !== '').join(' ') || 'mon-sun',
    mode,
    stretches: pieces.flatMap(withinWeek).toSorted((a, b) => a.startMinute - b.startMinute),
  }));
}

/** Of one day, or of one night over midnight: then it ends beyond `DAY_MINUTES`. */
interface Piece {
  readonly day: number;
  readonly startMinute: number;
  readonly endMinute: number;
  readonly mode: Mode;
}

function piecesOf(week: Week): readonly Piece[] {
  const days = DAYS.map((_, day) => stretchesOfDay(week, day));
  const isMorningOfNight = (day: number): boolean => {
    const evening = days[(day + DAYS.length - 1) % DAYS.length]?.at(-1);
    const morning = days[day]?.[0];
    return evening !== undefined && morning !== undefined && isNight(evening, morning);
  };
  return days.flatMap((stretches, day) => {
    const nextDay = (day + 1) % DAYS.length;
    const morning = isMorningOfNight(nextDay) ? days[nextDay]?.[0] : undefined;
    return stretches.slice(isMorningOfNight(day) ? 1 : 0).map((stretch, i, own) => {
      const goesOn = morning !== undefined && i === own.length - 1;
      return { ...stretch, day, endMinute: stretch.endMinute + (goesOn ? morning.endMinute : 0) };
    });
  });
}

/** Whether an evening and the next morning are one stretch, and none of them a whole day. */
function isNight(evening: Stretch & { mode: Mode }, morning: Stretch & { mode: Mode }): boolean {
  const touches =
    evening.endMinute === DAY_MINUTES && morning.startMinute === 0 && evening.mode === morning.mode;
  // Times that end before they begin end on the next day: a night is shorter than a day.
  return touches && evening.startMinute > 0 && morning.endMinute < evening.startMinute;
}

function withinWeek({ day, startMinute, endMinute }: Piece): readonly Stretch[] {
  const start = day * DAY_MINUTES + startMinute;
  const end = day * DAY_MINUTES + endMinute;
  if (end <= WEEK_MINUTES) return [{ startMinute: start, endMinute: end }];
  return [
    { startMinute: start, endMinute: WEEK_MINUTES },
    { startMinute: 0, endMinute: end - WEEK_MINUTES },
  ];
}

/** Empty for the whole day. */
function timesText({ startMinute, endMinute }: Piece): string {
  if (startMinute === 0 && endMinute === DAY_MINUTES) return '';
  const end = endMinute > DAY_MINUTES ? endMinute - DAY_MINUTES : endMinute;
  return `${clockText(startMinute)}-${clockText(end)}`;
}

/** `08:30`; `24:00` at the end of a day. */
export function clockText(minute: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
}

/** Such as `mon-fri` or `mon,wed,sat-sun`; empty for all of them. @param days in order. */
function daysText(days: readonly number[]): string {
  if (days.length === DAYS.length) return '';
  const groups: { first: number; last: number }[] = [];
  for (const day of days) {
    const group = groups.at(-1);
    if (group !== undefined && group.last === day - 1) group.last = day;
    else groups.push({ first: day, last: day });
  }
  const name = (day: number): string => DAYS[day] ?? '';
  return groups
    .map(({ first, last }) => {
      if (first === last) return name(first);
      return `${name(first)}${last === first + 1 ? ',' : '-'}${name(last)}`;
    })
    .join(',');
}
