import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIPS } from './footage.ts';
import { RecorderProcess } from './recorder-process.ts';
import { decodeComplaints, verifyFrames } from './recordings.ts';
import { missingRequirements, PROGRAM } from './requirements.ts';
import { runToEnd } from './run-to-end.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { Simulator } from './simulator.ts';

const SUBJECTS = [
  { name: 'h264', port: 8801, streams: { '/main': { file: CLIPS.main, audio: 'aac' } } },
  { name: 'h265', port: 8802, streams: { '/main': { file: CLIPS.h265, audio: 'aac' } } },
  { name: 'bframes', port: 8803, streams: { '/main': { file: CLIPS.bframes, audio: 'aac' } } },
  { name: 'resized', port: 8804, streams: { '/main': { file: CLIPS.main, alt: CLIPS.alt } } },
] as const;
const NAMES = SUBJECTS.map(({ name }) => name);
const RUN_MS = 24_000;
/** The simulator begins with what it had buffered, so the times of the first file are late by that (design/time.md). */
const BUFFERED_SECONDS = 1.5;
const RESIZED_AFTER_MS = 12_000;

interface Exported {
  readonly cameras: readonly {
    readonly camera: string;
    readonly files: readonly { readonly path: string; readonly pictures: number; readonly seconds: number }[];
    readonly missing: readonly unknown[];
  }[];
}

describe.skipIf(missingRequirements().length > 0)('exporting', () => {
  let folder = '';
  let seconds = 0;
  let exported: Exported;

  beforeAll(async () => {
    folder = await makeScratchFolder();
    await using simulator = await Simulator.start(SUBJECTS, join(folder, 'cameras'));
    const cameras = Object.fromEntries(
      SUBJECTS.map(({ name, port }) => [
        name,
        { url: `rtsp://127.0.0.1:${port}/main`, mode: 'always', audio: true },
      ]),
    );
    await using recorder = await RecorderProcess.start(folder, { cameras, archive: { segmentLength: '6s' } });
    await recorder.connected(NAMES, 20_000);
    const startMs = Date.now();
    await wait(RESIZED_AFTER_MS);
    await simulator.control('set', 'resized', { use_alt: 1 });
    await wait(RUN_MS - RESIZED_AFTER_MS);
    const [from, to] = [startMs + 5_250, Date.now() - 4_000];
    seconds = (to - from) / 1000;
    const span = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()];
    const where = ['--config', join(folder, 'preroll.yaml'), '--out', join(folder, 'out'), '--json'];
    const words = [PROGRAM, 'export', ...NAMES, ...span, ...where];
    const { code, stdout, stderr } = await runToEnd(process.execPath, words);
    expect(code, stderr).toBe(0);
    exported = JSON.parse(stdout) as Exported;
    await recorder.interrupt();
  }, 120_000);

  afterAll(() => removeScratchFolder(folder));

  const filesOf = (camera: string) => exported.cameras.find((each) => each.camera === camera)?.files ?? [];

  it.each(['h264', 'h265', 'bframes'])('gives %s as one file that others play exactly', async (camera) => {
    const [file, ...more] = filesOf(camera);
    if (file === undefined) throw new Error('no file');
    expect(more).toEqual([]);
    expect(file.seconds).toBeGreaterThan(seconds - 0.2);
    expect(file.seconds).toBeLessThan(seconds + BUFFERED_SECONDS);
    expect(await decodeComplaints([file.path])).toEqual([]);
    expect(await framesAndSeconds(file.path)).toEqual([file.pictures, expect.closeTo(file.seconds, 1)]);
    expect(await verifyFrames([file.path])).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
  });

  it('begins another file where the size of the pictures changed, and loses none', async () => {
    const files = filesOf('resized');
    expect(files).toHaveLength(2);
    expect(await decodeComplaints(files.map(({ path }) => path))).toEqual([]);
    const report = await verifyFrames(files.map(({ path }) => path));
    expect(report).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
  });

  it('writes checksums that sha256sum finds right', async () => {
    const sums = exported.cameras.flatMap(({ files }) => files.map(({ path }) => `${path}.sha256`));
    const { code, stdout } = await runToEnd('sh', [
      '-c',
      'cd "$0" && sha256sum -c "$@"',
      join(folder, 'out'),
      ...sums,
    ]);
    expect([code, stdout.match(/: OK$/gm)?.length]).toEqual([0, sums.length]);
  });
});

/** What FFmpeg decodes and shows of a file, and how long it takes it to be. */
async function framesAndSeconds(path: string): Promise<[number, number]> {
  const fields = 'stream=nb_read_frames:format=duration';
  const options = ['-v', 'error', '-count_frames', '-select_streams', 'v', '-of', 'json'];
  const { stdout } = await runToEnd('ffprobe', [...options, '-show_entries', fields, path]);
  const { streams, format } = JSON.parse(stdout) as {
    readonly streams: readonly { readonly nb_read_frames: string }[];
    readonly format: { readonly duration: string };
  };
  return [Number(streams[0]?.nb_read_frames), Number(format.duration)];
}
