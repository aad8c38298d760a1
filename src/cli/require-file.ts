import { access } from 'node:fs/promises';
import { systemCode } from '../base/error.ts';
import { CommandError } from './command-error.ts';

/** @throws CommandError with these words where the file is not there; an error of the system. */
export async function requireFile(path: string, ifMissing: string): Promise<void> {
  await access(path).catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT' ? new CommandError('failed', ifMissing) : error;
  });
}
