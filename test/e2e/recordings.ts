import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { VideoDecoder } from '../../src/decode/decoder.ts';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { readMp4, type Mp4File } from '../../src/media/fmp4/reader.ts';
import type { VideoTrack } from '../../src/media/packet.ts';
import { sidecarPath } from '../../src/archive/sidecar.ts';
import { findStamps, type FoundStamp } from '../fake-camera/frame-stamps.ts';

/** What the JSON file beside a recording holds, as far as tests look at it. */
export interface Sidecar {
  readonly camera: string;
  readonly file: string;
  readonly kind: string;
  readonly start: string;
  readonly end?: string;
  readonly endedBy?: string;
  readonly continues?: string;
  readonly tracks: readonly { readonly kind: string; readonly codec: string; readonly width?: number }[];
  readonly events: readonly {
    readonly causes: readonly string[];
    readonly trigger: string;
    readonly from: string;
    readonly until: string;
    readonly zones: readonly string[];
  }[];
}

/** A file of the archive with all that tests ask of it. */
export interface Recording {
  readonly path: string;
  /** Below the archive, with `/`. */
  readonly relativePath: string;
  readonly name: string;
  readonly mp4: Mp4File;
  readonly video: VideoTrack;
  readonly stamps: readonly FoundStamp[];
  readonly sidecar: Sidecar;
  /** What is wrong with its pictures; empty when the file decodes whole. */
  readonly faults: readonly string[];
}

/** All files below a folder, as absolute paths; none if it is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** The recordings of a camera in the order in which they were made. */
export async function recordingsOf(archive: string, camera: string): Promise<Recording[]> {
  const paths = (await filesBelow(join(archive, camera))).filter((path) => path.endsWith('.mp4'));
  const recordings = await Promise.all(paths.map((path) => readRecording(archive, path)));
  return recordings.toSorted((a, b) => a.sidecar.start.localeCompare(b.sidecar.start));
}

async function readRecording(archive: string, path: string): Promise<Recording> {
  const bytes = await readFile(path);
  const mp4 = await readMp4(memorySource(bytes));
  const video = mp4.header.tracks.map(({ track }) => track).find((track) => track.kind === 'video');
  if (video?.kind !== 'video') throw new Error(`${path} has no video track`);
  return {
    path,
    relativePath: relative(archive, path).replaceAll('\\', '/'),
    name: basename(path),
    mp4,
    video,
    stamps: findStamps(bytes),
    // Written by the program under test; each member is checked where it is used.
    sidecar: JSON.parse(await readFile(sidecarPath(path), 'utf8')) as Sidecar,
    faults: findFaults(mp4, video, bytes),
  };
}

/** How many pictures it holds; none of none. */
export function picturesIn(recording: Pick<Recording, 'mp4' | 'video'> | undefined): number {
  return (recording?.mp4.fragments ?? [])
    .flatMap(({ runs }) => runs)
    .filter(({ header }) => header.track === recording?.video)
    .reduce((sum, { samples }) => sum + samples.length, 0);
}

/** When the recorder says that each picture of a file was taken, in their order, in ms since 1970. */
export function shownAtMs({ mp4, video, sidecar }: Pick<Recording, 'mp4' | 'video' | 'sidecar'>): number[] {
  const runs = mp4.fragments
    .flatMap((fragment) => fragment.runs)
    .filter(({ header }) => header.track === video);
  const ticks = runs.flatMap(({ samples }) => samples.map(({ pts }) => pts)).toSorted((a, b) => a - b);
  const [first = 0] = ticks;
  return ticks.map((at) => Date.parse(sidecar.start) + (1_000 * (at - first)) / video.clockRateHz);
}

/**
 * How much later than the camera the recorder dates the pictures of a file. The recorder goes by the times that the camera gives them,
 * and a camera on a busy machine may send some behind theirs: counted is the one that it sent most promptly.
 */
export function datedLateByMs(recording: Pick<Recording, 'mp4' | 'video' | 'sidecar' | 'stamps'>): number {
  const shown = shownAtMs(recording);
  return Math.max(...recording.stamps.map(({ wallMs }, i) => (shown[i] ?? Number.NaN) - wallMs));
}

/** Decodes every picture of a file. */
export function findFaults(mp4: Mp4File, video: VideoTrack, bytes: Uint8Array): string[] {
  const faults: string[] = [];
  if (mp4.tornBy !== undefined) faults.push(`torn: ${mp4.tornBy.message}`);
  using decoder = new VideoDecoder();
  let packets = 0;
  for (const run of mp4.fragments.flatMap((fragment) => fragment.runs)) {
    if (run.header.track !== video) continue;
    for (const { positionBytes, sizeBytes, isKey, pts, dts } of run.samples) {
      const data = bytes.subarray(positionBytes, positionBytes + sizeBytes);
      const error = decoder.decode({ track: video, isKey, pts, dts, data }, () => undefined);
      if (error !== undefined) faults.push(`picture ${packets}: ${error.message}`);
      packets++;
    }
  }
  const { pictures, skippedPackets } = decoder.counts;
  // The last ones of a stream with B frames stay in the decoder.
  const held = video.reorderDepth ?? 0;
  if (packets === 0) faults.push('no pictures');
  if (skippedPackets > 0) faults.push(`begins with ${skippedPackets} pictures before the first key picture`);
  if (pictures < packets - held) faults.push(`${pictures} of ${packets} pictures came out`);
  return faults;
}
