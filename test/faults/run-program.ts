import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** @returns what it wrote to standard output. @throws when it is missing or ends with another exit code than 0. */
export async function runProgram(words: readonly string[]): Promise<string> {
  const [command = '', ...rest] = words;
  const { stdout } = await execute(command, rest);
  return stdout;
}

/** Why a fault cannot be tried: the first of these programs that is missing, or that we are not root. */
export async function missingFor(needs: {
  readonly programs: readonly string[];
  readonly isRoot: boolean;
}): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'needs Linux';
  if (needs.isRoot && process.getuid?.() !== 0) return 'needs root';
  for (const program of needs.programs) {
    try {
      await runProgram(['sh', '-c', 'command -v "$0"', program]);
    } catch {
      return `needs ${program}`;
    }
  }
  return undefined;
}
