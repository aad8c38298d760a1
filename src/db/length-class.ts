/*
 * Spans that overlap a moment began before it, and how long before is bounded by the longest there is only: one gap of
 * a year would make every question read a year. So spans are sorted into classes by their length, and each class is
 * searched from its own longest length before the moment on.
 */

/** The longest of each class but the last, in ms: 2 min, 2 h, 2 days. Of those above, a year has at most 180. */
const LONGEST_MS = [120_000, 7_200_000, 172_800_000];

export function lengthClass(startMs: number, endMs: number): number {
  const place = LONGEST_MS.findIndex((longestMs) => endMs - startMs <= longestMs);
  return place === -1 ? LONGEST_MS.length : place;
}

const CLASSES = [...LONGEST_MS, Number.MAX_SAFE_INTEGER]
  .map((longestMs, place) => `(${place}, ${longestMs})`)
  .join(', ');

/**
 * SQL for the rows of one camera that overlap `$from_ms` (inclusive) to `$to_ms` (exclusive), an empty span lying where
 * it begins. To be followed by further conditions, beginning with `AND`.
 * @param columns what to select.
 * @param table has `camera_id`, `length_class` and the index `<table>_by_length`.
 */
export function selectOverlapping(
  columns: string,
  table: 'segment' | 'event' | 'gap',
  [start, end]: readonly [string, string] = ['start_ms', 'end_ms'],
): string {
  return `
    WITH class (id, longest_ms) AS (VALUES ${CLASSES})
    SELECT ${columns} FROM class CROSS JOIN ${table} INDEXED BY ${table}_by_length
    WHERE ${table}.camera_id = $camera_id AND ${table}.length_class = class.id
      AND ${table}.${start} >= $from_ms - class.longest_ms AND ${table}.${start} < $to_ms
      AND (${table}.${end} > $from_ms OR ${table}.${start} >= $from_ms)`;
}
