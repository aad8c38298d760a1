import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { makeFolder, PrerollProcess, writeConfig, type Ended } from '../e2e/preroll-process.ts';
import { recordingsOf } from '../e2e/recordings.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';

export interface TrialOptions {
  readonly cameras: number;
  /** Of the main streams; a quiet yard by default. */
  readonly clip?: Partial<ClipSpec>;
  /** Whether each camera has a sub-stream too. */
  readonly hasSub?: boolean;
  /** Sections of the configuration. */
  readonly archive: object;
  readonly retention?: object;
}

/** Where nobody passes. */
const QUIET: ClipSpec = { ...TINY, loopSeconds: 4 };
/** What is tried here is recording. */
const HARDLY_ANALYSED = { motion: { rateFps: 0.5, widthPx: 64 } };

/** Fake cameras and a configuration that records them without a break, in a folder of their own. */
export class Trial implements AsyncDisposable {
  readonly folder: string;
  readonly cameras: ReadonlyMap<string, FakeCamera>;
  readonly #cleanup: readonly AsyncDisposable[];

  private constructor(folder: string, cameras: ReadonlyMap<string, FakeCamera>, cleanup: AsyncDisposable[]) {
    this.folder = folder;
    this.cameras = cameras;
    this.#cleanup = cleanup;
  }

  static async make(options: TrialOptions): Promise<Trial> {
    const folder = await makeFolder();
    const main = await testClip({ ...QUIET, ...options.clip });
    const sub =
      options.hasSub === true ? { sub: await testClip({ ...QUIET, widthPx: 160, heightPx: 96 }) } : {};
    const cameras = new Map<string, FakeCamera>();
    for (let number = 1; number <= options.cameras; number++) {
      const name = `c${number}`;
      cameras.set(name, await FakeCamera.start({ clock: systemClock, main, name, ...sub }));
    }
    const { archive, retention } = options;
    const section = (camera: FakeCamera) => ({
      url: camera.url,
      ...(options.hasSub === true ? { subUrl: camera.subUrl } : {}),
      mode: options.hasSub === true ? 'always+motion' : 'always',
      ...HARDLY_ANALYSED,
    });
    await writeConfig(folder.path, {
      archive,
      ...(retention === undefined ? {} : { retention }),
      cameras: Object.fromEntries(Array.from(cameras, ([name, camera]) => [name, section(camera)])),
    });
    return new Trial(folder.path, cameras, [folder, ...cameras.values()]);
  }

  /** Where the recordings go unless the configuration says otherwise. */
  get archive(): string {
    return join(this.folder, 'archive');
  }

  get database(): string {
    return join(this.folder, 'preroll.db');
  }

  async makeArchive(): Promise<string> {
    await mkdir(this.archive);
    return this.archive;
  }

  /** Starts the recorder, and waits until every camera is recorded. */
  async record(
    options: Omit<Parameters<typeof PrerollProcess.start>[1], 'folder'> = {},
  ): Promise<PrerollProcess> {
    const preroll = PrerollProcess.start(['run'], { folder: this.folder, ...options });
    for (const name of this.cameras.keys()) await preroll.says(`[${name}] recording to`);
    return preroll;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#cleanup.toReversed()) await each[Symbol.asyncDispose]();
  }
}

/** What became of the pictures of all cameras together. */
export interface Footage {
  files: number;
  /** Files that do not decode from the first picture to the last. */
  broken: number;
  frames: number;
  /** Between a camera's first recorded picture and its last one. */
  missing: number;
  /** The longest stretch of missing pictures of one camera. */
  longestMissing: number;
  doubled: number;
  reordered: number;
}

/** @param archives folders of volumes. */
export async function judgeFootage(archives: readonly string[], cameras: Iterable<string>): Promise<Footage> {
  const footage: Footage = {
    files: 0,
    broken: 0,
    frames: 0,
    missing: 0,
    longestMissing: 0,
    doubled: 0,
    reordered: 0,
  };
  for (const camera of cameras) {
    const recordings = (await Promise.all(archives.map((archive) => recordingsOf(archive, camera)))).flat();
    const inOrder = recordings.toSorted((a, b) => (a.stamps[0]?.number ?? 0) - (b.stamps[0]?.number ?? 0));
    const stamps = inOrder.flatMap((recording) => recording.stamps);
    const report = reportStamps(stamps).get(`${camera}/main`);
    footage.files += recordings.length;
    footage.broken += recordings.filter(({ faults }) => faults.length > 0).length;
    if (report === undefined) continue;
    footage.frames += report.frames;
    footage.missing += report.missing.length;
    footage.longestMissing = Math.max(footage.longestMissing, longestStretch(report.missing));
    footage.doubled += report.duplicated;
    footage.reordered += report.reordered;
  }
  return footage;
}

/** Whether every picture that was sent is there once, in its place, in a file that decodes. */
export function isWhole({ broken, missing, doubled, reordered }: Footage): boolean {
  return broken + missing + doubled + reordered === 0;
}

/** As the table of faults tells it. */
export function footageFigures(footage: Footage): Readonly<Record<string, number>> {
  const { files, broken, frames, missing, longestMissing, doubled, reordered } = footage;
  return {
    files,
    'broken files': broken,
    frames,
    'missing frames': missing,
    ...(missing > 0 ? { 'longest stretch missing': longestMissing } : {}),
    'doubled or reordered': doubled + reordered,
  };
}

export function endedWell({ code, by }: Ended): boolean {
  return code === 0 && by === null;
}

function longestStretch(numbers: readonly number[]): number {
  let longest = 0;
  let length = 0;
  for (const [index, number] of numbers.entries()) {
    length = numbers[index - 1] === number - 1 ? length + 1 : 1;
    longest = Math.max(longest, length);
  }
  return longest;
}
