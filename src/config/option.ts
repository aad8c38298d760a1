import { z } from 'zod';
import { EXPECTED_ADDRESS } from './camera-address.ts';
import type { ExpectedValue } from './expected-value.ts';
import {
  DURATION_PATTERN,
  formatDuration,
  formatSize,
  parseDurationMs,
  parseSizeBytes,
  SIZE_PATTERN,
} from './quantity.ts';
import { SAFE_NAME } from './safe-name.ts';

/*
 * The kinds of option. Each one's error text is what it expects, said once: load.ts writes it as
 * "expected <text>, found <what was written>". The same for programs stands in the schema, as `expected`.
 */

interface Range {
  readonly least: number;
  readonly most: number;
}

/** A duration within a range of milliseconds; gives milliseconds. */
export function duration({ least, most }: Range) {
  const range = `from ${formatDuration(least)} to ${formatDuration(most)}`;
  return quantity({
    expected: `a duration ${range}, such as 500ms, 5s or 2m (a plain number is seconds)`,
    pattern: DURATION_PATTERN,
    parse: parseDurationMs,
    least,
    most,
  }).meta(expects({ code: 'expected-duration', leastMs: least, mostMs: most }));
}

/** A size within a range of bytes; gives bytes. */
export function size({ least, most }: Range) {
  const range = `from ${formatSize(least)} to ${formatSize(most)}`;
  return quantity({
    expected: `a size ${range}, such as 32MiB or 8MB (a plain number is bytes)`,
    pattern: SIZE_PATTERN,
    parse: parseSizeBytes,
    least,
    most,
  }).meta(expects({ code: 'expected-size', leastBytes: least, mostBytes: most }));
}

export function wholeNumber({ least, most }: Range) {
  const error = `a whole number from ${least} to ${most}`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error })
    .meta(expects({ code: 'expected-whole-number', least, most }));
}

export function oddNumber({ least, most }: Range) {
  const error = `an odd whole number from ${least} to ${most}`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error })
    .refine((value) => value % 2 === 1, { error });
}

export function decimalNumber({ least, most }: Range) {
  const error = `a number from ${least} to ${most}`;
  return z
    .number({ error })
    .min(least, { error })
    .max(most, { error })
    .meta(expects({ code: 'expected-number', least, most }));
}

export function flag() {
  return z.boolean({ error: 'true or false' });
}

export function choice<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z
    .enum(choices, { error: choices.length === 1 ? choices[0] : `one of ${choices.join(', ')}` })
    .meta(expects({ code: 'expected-choice', choices }));
}

/** Text of a bounded length. Numbers must be quoted: YAML would drop the zeros of `0042`. */
export function text(expected: string, { most }: { readonly most: number }) {
  const error = `${expected} (text; put numbers in quotes)`;
  return z.string({ error }).min(1, { error }).max(most, { error });
}

/** Text, or the number of a camera of this machine. */
export function cameraAddress() {
  const error = EXPECTED_ADDRESS;
  const written = z.union(
    [z.string({ error }).min(1, { error }).max(2_048, { error }), z.int().min(0).max(99)],
    {
      error,
    },
  );
  return written.transform(String).meta(expects({ code: 'expected-address' }));
}

/** A name that is also one of a folder on every system. @param what with its article: `a zone name`. */
export function safeName(what: string) {
  const error = `${what} of 1 to 64 letters (a to z), digits, spaces or _ . - that begins with none of space and dot, and ends with neither`;
  return z.string().regex(SAFE_NAME, { error });
}

function expects(expected: ExpectedValue): { readonly expected: ExpectedValue } {
  return { expected };
}

interface Quantity extends Range {
  readonly expected: string;
  readonly pattern: RegExp;
  readonly parse: (written: string | number) => number | undefined;
}

function quantity({ expected: error, pattern, parse, least, most }: Quantity) {
  const written = z.union([z.string({ error }).regex(pattern, { error }), z.number({ error })], { error });
  return written.transform((value, context) => {
    const parsed = parse(value);
    if (parsed !== undefined && parsed >= least && parsed <= most) return parsed;
    context.issues.push({ code: 'custom', message: error, input: value });
    return z.NEVER;
  });
}
