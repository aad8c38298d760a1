import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { scanMp4 } from '../../src/media/fmp4/fragment-scan.ts';
import { Mp4Error } from '../../src/media/fmp4/mp4-error.ts';
import { filesBelow } from '../e2e/recordings.ts';
import { findStamps, type FoundStamp } from '../fake-camera/frame-stamps.ts';

/** Recordings of the same second are not in the order of their names. */
const NEWEST = 4;

/** The last picture of a camera that lies in a whole fragment; undefined where none does. */
export async function lastRecorded(archive: string, camera: string): Promise<FoundStamp | undefined> {
  const paths = (await filesBelow(join(archive, camera))).filter((path) => path.endsWith('.mp4'));
  let last: FoundStamp | undefined;
  for (const path of paths.slice(-NEWEST)) {
    const content = await readFile(path);
    const found = findStamps(content.subarray(0, await wholeSize(content))).at(-1);
    if (found !== undefined && found.number > (last?.number ?? 0)) last = found;
  }
  return last;
}

async function wholeSize(content: Uint8Array): Promise<number> {
  try {
    return (await scanMp4(memorySource(content))).wholeSizeBytes;
  } catch (error) {
    if (error instanceof Mp4Error) return 0;
    throw error;
  }
}
