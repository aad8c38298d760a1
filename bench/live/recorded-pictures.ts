import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STAMP_UUID } from '../../src/demo/frame-stamp.ts';

export interface RecordedPictures {
  readonly count: number;
  /** Of the numbers from the first to the last of each camera. */
  readonly missing: number;
}

/** Counts the main stream's pictures in an archive by the numbers that the demo cameras stamp into them. */
export async function countRecordedPictures(archive: string): Promise<RecordedPictures> {
  const numbers = new Map<string, Set<number>>();
  for (const { parentPath, name } of await readdir(archive, { recursive: true, withFileTypes: true })) {
    if (!name.endsWith('.mp4')) continue;
    const bytes = await readFile(join(parentPath, name));
    for (let at = bytes.indexOf(STAMP_UUID); at >= 0; at = bytes.indexOf(STAMP_UUID, at + 1)) {
      const [, stream = '', number] = bytes
        .subarray(at + 16, at + 216)
        .toString('latin1')
        .split(' ');
      const known = numbers.get(stream) ?? new Set();
      numbers.set(stream, known.add(Number(number)));
    }
  }
  let [count, missing] = [0, 0];
  for (const known of numbers.values()) {
    const all = [...known];
    const first = all.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
    const last = all.reduce((most, one) => Math.max(most, one), 0);
    count += known.size;
    missing += last - first + 1 - known.size;
  }
  return { count, missing };
}
