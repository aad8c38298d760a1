import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { memorySource } from '../../media/fmp4/byte-source.ts';
import { readMp4, type Mp4File } from '../../media/fmp4/reader.ts';

/** Names of the files with this ending in a folder, sorted. */
export async function filesIn(folder: string, ending: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(ending)).toSorted();
}

export async function readRecording(folder: string, name: string): Promise<Mp4File> {
  return readMp4(memorySource(await readFile(join(folder, name))));
}

/** Media times in ms of the run at which a file's pictures are decoded. */
export function pictureTimesMs(file: Mp4File): number[] {
  return file.fragments
    .flatMap((fragment) => fragment.runs)
    .filter((run) => run.header.track.kind === 'video')
    .flatMap((run) => run.samples.map((sample) => Math.round(sample.dts / 90)));
}
