/** How times, sizes and numbers are written in a locale. Makes its formats once: `Intl` is slow to construct. */
export interface Format {
  readonly locale: string;
  /** `14:05` */
  time(ms: number): string;
  /** `14:05:09` */
  timeWithSeconds(ms: number): string;
  /** `14:05:09.3` */
  timeWithTenths(ms: number): string;
  /** `27 Nov 2026` */
  date(ms: number): string;
  /** `Fri 27 Nov` */
  day(ms: number): string;
  /** `27 Nov 2026, 14:05:09` */
  dateTime(ms: number): string;
  /** `3 minutes ago` */
  ago(ms: number, nowMs: number): string;
  /** `1 h 4 min`, `12 s`: the two largest units. */
  duration(ms: number): string;
  /** `1.5 s`, `3 min`: the largest unit, as many digits as it takes. */
  exactDuration(ms: number): string;
  /** `1.4 GB`, decimal units as disks have them. */
  bytes(bytes: number): string;
  number(value: number, digits?: number): string;
  /** As many digits as it takes, at most three. */
  decimal(value: number): string;
  /** @param part 0..1 */
  percent(part: number, digits?: number): string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

const UNITS = [
  { ms: DAY_MS, short: 'd', unit: 'day' },
  { ms: HOUR_MS, short: 'h', unit: 'hour' },
  { ms: MINUTE_MS, short: 'min', unit: 'minute' },
  { ms: SECOND_MS, short: 's', unit: 'second' },
] as const;

/** @param timeZone an IANA name; the browser's without one. */
export function makeFormat(locale: string, timeZone?: string): Format {
  const zone = timeZone === undefined ? {} : { timeZone };
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, ...zone });
    return (ms: number): string => format.format(ms);
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const numbers = (options: Intl.NumberFormatOptions) => {
    const formats = new Map<number, Intl.NumberFormat>();
    return (value: number, digits = 0): string => {
      const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      const format = formats.get(digits) ?? new Intl.NumberFormat(locale, { ...options, ...exact });
      formats.set(digits, format);
      return format.format(value);
    };
  };
  const number = numbers({});
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  return {
    locale,
    time: dates({ hour: '2-digit', minute: '2-digit' }),
    timeWithSeconds: dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    timeWithTenths: dates({
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 1,
    }),
    date: dates({ dateStyle: 'medium' }),
    day: dates({ weekday: 'short', day: 'numeric', month: 'short' }),
    dateTime: dates({ dateStyle: 'medium', timeStyle: 'medium' }),
    ago(ms, nowMs) {
      const agoMs = nowMs - ms;
      const unit = UNITS.find((each) => Math.abs(agoMs) >= each.ms) ?? UNITS[3];
      return relative.format(-Math.trunc(agoMs / unit.ms), unit.unit);
    },
    duration(ms) {
      const shown = Math.max(0, Math.round(ms / SECOND_MS)) * SECOND_MS;
      const first = UNITS.findIndex((each) => shown >= each.ms);
      if (first < 0) return `0 s`;
      return UNITS.slice(first, first + 2)
        .map((unit, i, [largest]) => {
          const rest = i === 0 || largest === undefined ? shown : shown % largest.ms;
          return { count: Math.floor(rest / unit.ms), short: unit.short };
        })
        .filter(({ count }) => count > 0)
        .map(({ count, short }) => `${number(count)} ${short}`)
        .join(' ');
    },
    exactDuration(ms) {
      const unit = UNITS.find((each) => ms >= each.ms) ?? UNITS[3];
      return `${decimal.format(ms / unit.ms)} ${unit.short}`;
    },
    bytes(bytes) {
      const size = Math.abs(bytes);
      const power = size < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(size) / 3));
      const value = bytes / 1_000 ** power;
      return `${number(value, power === 0 || Math.abs(value) >= 100 ? 0 : 1)} ${BYTE_UNITS[power] ?? ''}`;
    },
    number,
    decimal: (value) => decimal.format(value),
    percent: numbers({ style: 'percent' }),
  };
}
