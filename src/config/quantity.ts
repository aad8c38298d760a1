const DURATION_UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const SIZE_UNITS_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
]);

/** A duration as text: a decimal number directly followed by its unit. */
export const DURATION_PATTERN = /^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d)$/;

/** A size as text: a decimal number directly followed by its unit; `kB` counts in 1000, `KiB` in 1024. */
export const SIZE_PATTERN = /^\d{1,15}(\.\d{1,3})?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/**
 * Milliseconds, rounded to whole ones.
 * @param written text as of `DURATION_PATTERN`, or a plain number of seconds.
 * @returns undefined if it is not a duration.
 */
export function parseDurationMs(written: string | number): number | undefined {
  if (typeof written === 'number') return Math.round(written * 1_000);
  return parse(written, DURATION_PATTERN, DURATION_UNITS_MS);
}

/**
 * Bytes, rounded to whole ones.
 * @param written text as of `SIZE_PATTERN`, or a plain number of bytes.
 * @returns undefined if it is not a size.
 */
export function parseSizeBytes(written: string | number): number | undefined {
  if (typeof written === 'number') return Math.round(written);
  return parse(written, SIZE_PATTERN, SIZE_UNITS_BYTES);
}

/** The shortest exact text, for example `90s`, `2m` and `0`. */
export function formatDuration(ms: number): string {
  return format(ms, DURATION_UNITS_MS, ['d', 'h', 'm', 's', 'ms']);
}

/** The shortest exact text in units of 1024, for example `64MiB`. */
export function formatSize(bytes: number): string {
  return format(bytes, SIZE_UNITS_BYTES, ['TiB', 'GiB', 'MiB', 'KiB', 'B']);
}

function parse(text: string, pattern: RegExp, units: ReadonlyMap<string, number>): number | undefined {
  if (!pattern.test(text)) return undefined;
  const digits = Number.parseFloat(text);
  const factor = units.get(text.replace(/^[\d.]+/, ''));
  return factor === undefined ? undefined : Math.round(digits * factor);
}

function format(
  value: number,
  units: ReadonlyMap<string, number>,
  largestFirst: readonly [string, ...string[]],
): string {
  if (value === 0) return '0';
  const smallest = largestFirst.at(-1) ?? largestFirst[0];
  const unit = largestFirst.find((name) => value % (units.get(name) ?? 1) === 0) ?? smallest;
  return `${value / (units.get(unit) ?? 1)}${unit}`;
}
