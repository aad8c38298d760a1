import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
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

/**
 * Calls `notice` when one of them may have changed, as far as the system tells: a network disk does not.
 * @param path of `preroll.yaml`.
 */
export function watchFiles(path: string, notice: () => void): Disposable {
  const names = [path, localPath(path)].map((file) => basename(file));
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || names.includes(name)) notice();
    });
    watcher.on('error', () => watcher.close());
    return { [Symbol.dispose]: () => watcher.close() };
  } catch {
    // There are only so many watches, and not every file system has them.
    return { [Symbol.dispose]: () => undefined };
  }
}

async function lookAt(path: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    return [mtimeMs, ctimeMs, size, ino].join('/');
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  }
}
