import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mediaTicks, wallMs } from '../src/base/time.ts';
import { FileMuxer } from '../src/media/fmp4/file-muxer.ts';
import type { TrackRun } from '../src/media/fmp4/fragment.ts';
import { h264HighTrack, stereoTrack } from '../src/media/fmp4/testing/test-tracks.ts';
import { encodeMovie } from '../src/media/mp4/movie.ts';
import { makeClips, type ClipsOptions } from '../src/playback/clips.ts';
import { exportCamera } from '../src/playback/export-camera.ts';
import type { SegmentFile } from '../src/playback/segment.ts';
import { describeMachine } from './machine.ts';

/*
 * npm run bench:export
 *
 * Time and memory of exports of one camera at 25 pictures a second, 4 Mbit/s, with sound, in files of a minute. The
 * archive is sparse: its tables are real, its pictures are holes that read as zeros. Each case runs in a process of its own.
 * `tables` stops when the head of the MP4 is written: all but the copying.
 */

const START = wallMs(Date.UTC(2026, 10, 22));
const FILE_SECONDS = 60;
const GOP_SECONDS = 2;
const RATE_FPS = 25;
const KEY_BYTES = 100_000;
const PICTURE_BYTES = 18_350;
const SOUND_BYTES = 170;
const SOUND_SAMPLES = 1024;
const RESULT = join('bench', 'results', 'export.md');

interface Case {
  readonly hours: number;
  readonly until: 'tables' | 'whole';
}

interface Measured extends Case {
  readonly seconds: number;
  readonly peakBytes: number;
  /** What a process takes that has done nothing yet. */
  readonly idleBytes: number;
  /** 0 where all is copied, for nobody asks then. */
  readonly headBytes: number;
  readonly totalBytes: number;
}

const CASES: readonly Case[] = [
  { hours: 1, until: 'tables' },
  { hours: 6, until: 'tables' },
  { hours: 24, until: 'tables' },
  { hours: 1, until: 'whole' },
];

function nameOf(index: number): string {
  return `${String(index).padStart(6, '0')}.mp4`;
}

async function makeArchive(folder: string, hours: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const payload = new Uint8Array(KEY_BYTES + PICTURE_BYTES * GOP_SECONDS * RATE_FPS);
  for (let index = 0; index < (hours * 3600) / FILE_SECONDS; index += 1) {
    const muxer = new FileMuxer({
      tracks: [h264HighTrack, stereoTrack],
      createdAt: wallMs(START + index * FILE_SECONDS * 1000),
      runStartWallMs: START,
    });
    await using file = await open(join(folder, nameOf(index)), 'w');
    let positionBytes = 0;
    for (let second = 0; second < FILE_SECONDS; second += GOP_SECONDS) {
      for (const piece of muxer.encode(gopAt(index * FILE_SECONDS + second, payload))) {
        if (piece.buffer !== payload.buffer) await file.write(piece, 0, piece.byteLength, positionBytes);
        positionBytes += piece.byteLength;
      }
    }
    await file.truncate(positionBytes);
  }
}

/** Pictures and sound of a GOP, all of them views of `payload`. */
function gopAt(seconds: number, payload: Uint8Array): readonly TrackRun[] {
  const pictures = Array.from({ length: GOP_SECONDS * RATE_FPS }, (_, i) => {
    const ticks = mediaTicks(Math.round((seconds + i / RATE_FPS) * 90_000));
    const sizeBytes = i === 0 ? KEY_BYTES : PICTURE_BYTES;
    return {
      track: h264HighTrack,
      isKey: i === 0,
      pts: ticks,
      dts: ticks,
      data: payload.subarray(0, sizeBytes),
    };
  });
  const { clockRateHz } = stereoTrack;
  const firstSound = Math.ceil((seconds * clockRateHz) / SOUND_SAMPLES);
  const nextSound = Math.ceil(((seconds + GOP_SECONDS) * clockRateHz) / SOUND_SAMPLES);
  const sounds = Array.from({ length: nextSound - firstSound }, (_, i) => {
    const ticks = mediaTicks((firstSound + i) * SOUND_SAMPLES);
    return {
      track: stereoTrack,
      isKey: true,
      pts: ticks,
      dts: ticks,
      data: payload.subarray(0, SOUND_BYTES),
    };
  });
  return [
    { track: h264HighTrack, packets: pictures, nextDts: mediaTicks((seconds + GOP_SECONDS) * 90_000) },
    { track: stereoTrack, packets: sounds, nextDts: undefined },
  ];
}

/** In a process of its own. */
async function measure(folder: string, { hours, until }: Case): Promise<Measured> {
  const files = Array.from({ length: (hours * 3600) / FILE_SECONDS }, (_, index): SegmentFile => ({
    path: join(folder, nameOf(index)),
    startWallMs: wallMs(START + index * FILE_SECONDS * 1000),
    runStartWallMs: START,
    isTimelapse: false,
    isOpen: false,
  }));
  // Neither end falls on a key picture.
  const span = { fromWallMs: wallMs(START + 1_000), toWallMs: wallMs(START + hours * 3_600_000 - 1_000) };
  const options = { files, span, gaps: 'skip', signal: new AbortController().signal } as const;
  const idleBytes = process.memoryUsage.rss();
  const started = performance.now();
  const sizes = until === 'tables' ? await encodeTables(options) : await copyAll(options, folder);
  const seconds = (performance.now() - started) / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { hours, until, seconds, peakBytes, idleBytes, ...sizes };
}

type Options = Omit<ClipsOptions, 'onProblem'>;
type Sizes = Pick<Measured, 'headBytes' | 'totalBytes'>;

async function encodeTables(options: Options): Promise<Sizes> {
  const onProblem = (problem: Error) => {
    throw problem;
  };
  let headBytes = 0;
  let totalBytes = 0;
  for await (const clip of makeClips({ ...options, onProblem })) {
    const { tracks, payload } = clip.finish();
    const head = encodeMovie({ tracks, payloadSizeBytes: payload.sizeBytes, createdAt: START });
    headBytes += head.byteLength;
    totalBytes += head.byteLength + payload.sizeBytes;
  }
  return { headBytes, totalBytes };
}

async function copyAll(options: Options, folder: string): Promise<Sizes> {
  const path = join(folder, 'out.mp4');
  const { files } = await exportCamera({
    ...options,
    camera: 'bench',
    path,
    isReplaced: true,
    onProgress: () => undefined,
  });
  await rm(path);
  return { headBytes: 0, totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
}

/** Its own result, asked of a new process. */
async function measureApart(folder: string, wanted: Case): Promise<Measured> {
  const child = fork(fileURLToPath(import.meta.url), [folder, String(wanted.hours), wanted.until]);
  const [measured] = (await once(child, 'message')) as [Measured];
  return measured;
}

function row({ hours, until, seconds, peakBytes, idleBytes, headBytes, totalBytes }: Measured): string {
  const mb = (bytes: number) => (bytes === 0 ? '' : (bytes / 1e6).toFixed(1));
  const speed = until === 'whole' ? (totalBytes / 1e6 / seconds).toFixed(0) : '';
  const cells = [
    hours,
    until,
    seconds.toFixed(1),
    mb(peakBytes - idleBytes),
    mb(headBytes),
    mb(totalBytes),
    speed,
  ];
  return `| ${cells.join(' | ')} |`;
}

async function main(): Promise<void> {
  const [folder, hours, until] = process.argv.slice(2);
  if (folder !== undefined) {
    process.send?.(
      await measure(folder, { hours: Number(hours), until: until === 'whole' ? 'whole' : 'tables' }),
    );
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'preroll-bench-export-'));
  try {
    await makeArchive(scratch, Math.max(...CASES.map((each) => each.hours)));
    const rows: string[] = [];
    for (const each of CASES) rows.push(row(await measureApart(scratch, each)));
    const text = [
      '# Exports of one camera',
      '',
      ...describeMachine().map((line) => `- ${line}`),
      '',
      '25 pictures a second, 4 Mbit/s, sound of 64 kbit/s, files of a minute. The archive is sparse:',
      'tables are real, pictures are holes. `tables`: all but the copying. Memory is beyond that of an idle process.',
      '',
      '| hours | until | s | memory MB | head MB | file MB | MB/s |',
      '| ----: | :---- | -: | -------: | ------: | ------: | ---: |',
      ...rows,
      '',
    ].join('\n');
    process.stdout.write(text);
    await writeFile(RESULT, text);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
