import { describeFields, type LogLevel } from './log-lines.ts';

/** A line of a log, read again. */
export interface ParsedLine {
  /** Milliseconds since the Unix epoch; undefined where the line does not tell. */
  readonly wallMs: number | undefined;
  readonly level: LogLevel | undefined;
  readonly camera: string | undefined;
  /** The message, then the fields as `key=value`. */
  readonly text: string;
}

const LINE =
  /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}) (DEBUG|INFO|WARN|ERROR) {1,2}(?:\[([^\]]*)\] )?(.*)$/;
const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error'] satisfies LogLevel[];

/** Reads what `formatLine` or `formatJson` has written, in the time zone of the host; anything else is text alone. */
export function parseLogLine(line: string): ParsedLine {
  return (line.startsWith('{') ? parseJson(line) : parsePlain(line)) ?? plainText(line);
}

function parsePlain(line: string): ParsedLine | undefined {
  const [found, year, month, day, hour, minute, second, ms, level, camera, text] = LINE.exec(line) ?? [];
  if (found === undefined) return undefined;
  const date = new Date(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(ms),
  );
  return { wallMs: date.getTime(), level: levelOf(level?.toLowerCase()), camera, text: text ?? '' };
}

function parseJson(line: string): ParsedLine | undefined {
  try {
    const { time, level, message, camera, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const wallMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    if (typeof message !== 'string' || !Number.isFinite(wallMs)) return undefined;
    return {
      wallMs,
      level: levelOf(level),
      camera: typeof camera === 'string' ? camera : undefined,
      text: `${message}${describeFields(fields)}`,
    };
  } catch {
    // The power may have failed in the midst of it.
    return undefined;
  }
}

function levelOf(name: unknown): LogLevel | undefined {
  return LEVELS.includes(name as string) ? (name as LogLevel) : undefined;
}

function plainText(text: string): ParsedLine {
  return { wallMs: undefined, level: undefined, camera: undefined, text };
}
