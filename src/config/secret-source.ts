import { open } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { describeError } from '../base/error.ts';

/** A password is short: nobody is asked to hold a whole file. */
const LONGEST_FILE_BYTES = 4_096;

/** A secret as the configuration writes it. */
export type WrittenSecret = string | { readonly env: string } | { readonly file: string };

/**
 * Fetches a secret from where the configuration says it is.
 * @returns the secret without a final line break, or what is wrong.
 */
export async function readSecret(
  written: WrittenSecret,
  context: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
): Promise<string | { readonly problem: string }> {
  const secret = await fetchSecret(written, context);
  if (typeof secret !== 'string') return secret;
  return /\p{Cc}/u.test(secret)
    ? { problem: 'expected a password, found a control character or a second line in it' }
    : secret;
}

async function fetchSecret(
  written: WrittenSecret,
  { folder, environment }: Parameters<typeof readSecret>[1],
): Promise<string | { readonly problem: string }> {
  if (typeof written === 'string') return written;
  if ('env' in written) {
    const value = environment[written.env];
    const isMissing = value === undefined || value === '';
    return isMissing ? { problem: `the environment variable ${written.env} is not set` } : value;
  }
  const path = resolvePath(folder, written.file);
  try {
    return await readSmallFile(path);
  } catch (error) {
    return { problem: `the file ${path} could not be read: ${describeError(error)}` };
  }
}

async function readSmallFile(path: string): Promise<string | { readonly problem: string }> {
  await using file = await open(path, 'r');
  const buffer = Buffer.alloc(LONGEST_FILE_BYTES + 1);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  if (bytesRead > LONGEST_FILE_BYTES) {
    return { problem: `the file ${path} is longer than ${LONGEST_FILE_BYTES} bytes` };
  }
  const text = buffer.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '');
  return text === '' ? { problem: `the file ${path} is empty` } : text;
}
