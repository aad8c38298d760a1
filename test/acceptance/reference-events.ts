import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mediaTicks, wallMs } from '../../src/base/time.ts';
import { DifferenceDetector } from '../../src/motion/difference-detector.ts';
import { DIFFERENCE_PRESETS } from '../../src/motion/difference-settings.ts';
import type { MotionSample } from '../../src/motion/motion-sample.ts';
import { plainSpans } from '../plain-spans.ts';
import { CACHE_FOLDER } from './requirements.ts';
import { runToEnd } from './run-to-end.ts';
import type { SentFrame } from './simulator.ts';

export interface ClipSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** When an event should begin and end, in wall time of the camera's own log. */
export interface ExpectedEvent {
  readonly triggerMs: number;
  readonly endMs: number;
}

export interface EventRules {
  readonly initialWaitMs: number;
  /** An event's minimal duration and post-roll: it ends this long after its last motion. */
  readonly holdMs: number;
}

/**
 * Whether each picture of the endlessly repeated clip moved against the picture `step` before it, by the plain
 * detector on what another decoder makes of the clip: no sampling, no stream, no clock of ours is involved. One value
 * for each picture of the clip. Kept on disk until clip or detector change, for it takes a minute.
 */
export async function motionOf(clipPath: string, size: ClipSize, step: number): Promise<boolean[]> {
  const path = join(CACHE_FOLDER, `motion-${await fingerprint(clipPath, step)}.json`);
  if (existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as boolean[];
  const moved = await detectMotion(clipPath, size, step);
  await writeFile(path, JSON.stringify(moved));
  return moved;
}

async function detectMotion(clipPath: string, size: ClipSize, step: number): Promise<boolean[]> {
  const { widthPx, heightPx } = size;
  const pictures = await countPictures(clipPath);
  const decode = ['-v', 'error', '-stream_loop', '-1', '-i', clipPath, '-map', '0:v'];
  const raw = ['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo'];
  const args = [...decode, '-frames:v', String(pictures + step), ...raw, '-'];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  // Each detector sees every step-th picture, as the recorder's would that began with that picture.
  const detectors = Array.from({ length: step }, () => new DifferenceDetector(DIFFERENCE_PRESETS.current));
  const moved: boolean[] = [];
  for await (const picture of piecesOf(child.stdout, (widthPx * heightPx * 3) / 2)) {
    const detector = detectors[moved.length % step];
    const luma = { ...size, stride: widthPx, data: picture, isFullRange: false };
    moved.push(detector?.detect(luma).isMotion ?? false);
  }
  await ended;
  if (moved.length !== pictures + step) {
    throw new Error(`expected ${pictures + step} pictures of ${clipPath}, decoded ${moved.length}`);
  }
  // The first pictures are judged against the last ones of the round before.
  return [...moved.slice(pictures), ...moved.slice(step, pictures)];
}

async function countPictures(clipPath: string): Promise<number> {
  const count = ['-select_streams', 'v:0', '-count_packets', '-show_entries', 'stream=nb_read_packets'];
  const { stdout } = await runToEnd('ffprobe', ['-v', 'error', ...count, '-of', 'csv=p=0', clipPath]);
  return Number.parseInt(stdout, 10);
}

/** Of everything that decides what the plain detector says. */
async function fingerprint(clipPath: string, step: number): Promise<string> {
  const folder = fileURLToPath(new URL('../../src/motion', import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const hash = createHash('sha256').update(`${step}`);
  for (const path of [clipPath, ...names.toSorted().map((name) => join(folder, name))]) {
    hash.update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The events of a stream that is sampled every `step` pictures from picture `phase` on.
 * @param moved of `motionOf` with the same step.
 * @param sent the stream's pictures in presentation order, from the clip's first one on.
 */
export function expectedEvents(
  moved: readonly boolean[],
  sent: readonly SentFrame[],
  { step, phase }: { readonly step: number; readonly phase: number },
  { initialWaitMs, holdMs }: EventRules,
): ExpectedEvent[] {
  const settledMs = (sent[0]?.wallMs ?? 0) + initialWaitMs;
  const samples = sent
    .map((frame, index): MotionSample =>
      sampleOf(frame.wallMs, index > 0 && moved[index % moved.length] === true),
    )
    .filter((sample, index) => index % step === phase && sample.wallMs >= settledMs);
  return plainSpans(samples, holdMs).map(({ startMs, endMs }) => ({
    triggerMs: startMs,
    endMs: endMs + holdMs,
  }));
}

function sampleOf(atMs: number, isMotion: boolean): MotionSample {
  const unused = {
    pts: mediaTicks(0),
    score: 0,
    boxes: [],
    zones: [],
    analysedWidthPx: 1,
    analysedHeightPx: 1,
  };
  return { wallMs: wallMs(atMs), isMotion, ...unused };
}

/** Cuts a stream of bytes into pieces of one size. */
async function* piecesOf(stream: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of stream) {
    for (let taken = 0; taken < chunk.length;) {
      const part = chunk.subarray(taken, taken + sizeBytes - filled);
      piece.set(part, filled);
      taken += part.length;
      filled += part.length;
      if (filled < sizeBytes) continue;
      yield piece;
      filled = 0;
    }
  }
}
