import { describeError, PrerollError } from './error.ts';
import type { LogFields } from './log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One call of a log. */
export interface LogEntry {
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** Bounds of an entry, in UTF-16 units: what cameras send ends up in fields and messages. */
const LONGEST_MESSAGE = 4_096;
const LONGEST_FIELDS = 8_192;
/** Looked at beyond a bound, so that no secret is cut in half before it is recognised. */
const MARGIN = 1_024;
const MOST_MEMBERS = 50;
const MOST_VALUES = 500;
const DEEPEST = 4;

/** A value of JSON. */
type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The entry with bounded, printable members, every string passed through `redact`. */
export interface PlainEntry {
  readonly wallMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, Plain>>;
}

export function plainEntry(entry: LogEntry, redact: (text: string) => string): PlainEntry {
  const reader = new PlainReader(redact);
  const members = Object.entries(entry.fields).slice(0, MOST_MEMBERS);
  return {
    wallMs: entry.wallMs,
    level: entry.level,
    message: redactAndCut(entry.message, LONGEST_MESSAGE, redact),
    fields: Object.fromEntries(members.map(([key, value]) => [reader.text(key), reader.read(value, 0)])),
  };
}

/**
 * `2026-11-22 20:15:03.123 INFO  [yard] message key=value`, in the host's time zone. Line breaks and other control
 * characters are written as escapes, so that nothing a camera sends can begin a line or move a terminal's cursor.
 */
export function formatLine({ wallMs, level, message, fields }: PlainEntry): string {
  const { camera, ...others } = fields;
  const source = camera === undefined ? '' : `[${asWord(camera)}] `;
  const pairs = describeFields(others);
  return escapeControls(`${localTime(wallMs)} ${level.toUpperCase().padEnd(5)} ${source}${message}${pairs}`);
}

/** ` key=value key="other value"`, for values of JSON. */
export function describeFields(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([key, value]) => ` ${key}=${asValue(value)}`)
    .join('');
}

/** One JSON object: `time` (ISO 8601, UTC), `level`, `message`, then the fields. */
export function formatJson({ wallMs, level, message, fields }: PlainEntry): string {
  const line = JSON.stringify({ ...fields, time: new Date(wallMs).toISOString(), level, message });
  return escapeControls(line, (hex) => `\\u${hex.padStart(4, '0')}`);
}

function localTime(wallMs: number): string {
  const date = new Date(wallMs);
  const pad = (value: number, width = 2) => String(value).padStart(width, '0');
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day} ${time}.${pad(date.getMilliseconds(), 3)}`;
}

function asWord(value: Plain): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function asValue(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** Control, line-separating, direction-changing and lone surrogate code units. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escapeControls(text: string, escape = (hex: string) => `\\u{${hex}}`): string {
  return text.replaceAll(UNSAFE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    return escape(character.charCodeAt(0).toString(16));
  });
}

function redactAndCut(text: string, longest: number, redact: (text: string) => string): string {
  const isHuge = text.length > longest + MARGIN;
  const redacted = isHuge ? redact(text.slice(0, longest + MARGIN)).slice(0, -MARGIN) : redact(text);
  return isHuge || redacted.length > longest ? `${redacted.slice(0, longest)}…` : redacted;
}

/** Turns whatever was logged into JSON values within one budget of characters and values. */
class PlainReader {
  readonly #redact: (text: string) => string;
  #left = LONGEST_FIELDS;
  #valuesLeft = MOST_VALUES;

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  text(text: string): string {
    const bounded = redactAndCut(text, this.#left, this.#redact);
    this.#left = Math.max(0, this.#left - bounded.length);
    return bounded;
  }

  read(value: unknown, depth: number): Plain {
    try {
      return this.#read(value, depth);
    } catch {
      // A getter or toJSON of the logged object threw; the rest of the line is worth more than its reason.
      return '(unreadable)';
    }
  }

  #read(value: unknown, depth: number): Plain {
    this.#valuesLeft -= 1;
    if (this.#valuesLeft < 0) return '(more)';
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object') return `(${typeof value})`;
    if (value instanceof Error) return this.text(describeThrown(value));
    if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      const json: unknown = value.toJSON();
      return typeof json === 'object' && json !== null ? this.#members(json, depth) : this.#read(json, depth);
    }
    return this.#members(value, depth);
  }

  #members(value: object, depth: number): Plain {
    if (depth >= DEEPEST) return '(deeper)';
    if (Array.isArray(value)) return value.slice(0, MOST_MEMBERS).map((item) => this.read(item, depth + 1));
    const entries = Object.entries(value).slice(0, MOST_MEMBERS);
    return Object.fromEntries(entries.map(([key, member]) => [this.text(key), this.read(member, depth + 1)]));
  }
}

/** Our own errors say all in their message; of others, which nobody expected, the stack is wanted. */
function describeThrown(error: Error): string {
  const message = describeError(error);
  return error instanceof PrerollError || error.stack === undefined ? message : `${message} ${error.stack}`;
}
