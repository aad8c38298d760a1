import { stat } from 'node:fs/promises';
import { localPath } from './local-path.ts';

/**
 * How the files of a configuration look from outside, without reading them.
 * @param path of `preroll.yaml`.
 * @returns another text when one of them may have changed.
 */
export async function lookAtFiles(path: string): Promise<string> {
  const looks = await Promise.all([path, localPath(path)].map(lookAt));
  return looks.join(' ');
}

async function lookAt(path: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    return [mtimeMs, ctimeMs, size, ino].join('/');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}
