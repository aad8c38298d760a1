import { basename, extname } from 'node:path';
import { Detectors } from '../app/detectors.ts';
import { systemClock } from '../base/clock.ts';
import { wallMs } from '../base/time.ts';
import type { Event } from '../event/event.ts';
import type { DrawingKind } from '../lab/film.ts';
import type { Lane } from '../lab/lane.ts';
import { replayFile, type Show } from '../lab/replay-file.ts';
import { VideoFile } from '../lab/video-file.ts';
import { watchCamera, type PlayingCamera } from '../lab/watch-camera.ts';
import { consoleLog } from './console-log.ts';
import { EXIT } from './exit-code.ts';
import { FilmOutput, StillOutput, type ExplainOutput } from './explain-output.ts';
import { findFootage, useCamera, type FileFootage, type Footage } from './footage.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { makeLane } from './make-lane.ts';
import { Progress } from './progress.ts';
import type { Programs } from './programs.ts';
import type { TrialOptions } from './trial-config.ts';

export interface ExplainOptions extends TrialOptions {
  /** Path of the MP4 file, or with `at` of the PNG file. */
  readonly out?: string;
  readonly series?: string;
  /** The moment of the still that is wanted instead, in ms. */
  readonly at?: number;
  /** Whether the four pictures are drawn, or the plain one. */
  readonly debug: boolean;
  /** How long a camera is watched, in ms. */
  readonly duration: number;
  readonly force: boolean;
  readonly json: boolean;
}

interface Explained {
  readonly input: string;
  readonly detector: string;
  /** Of the footage, and of what it took to look at it. */
  readonly seconds: number;
  readonly tookSeconds: number;
  readonly pictures: number;
  /** Packets and pictures that could not be decoded. */
  readonly damaged: number;
  /** Their times count from the first picture. */
  readonly events: readonly { readonly time: number; readonly seconds: number; readonly peak: number }[];
  readonly files: Readonly<Record<string, string>>;
}

/**
 * `preroll explain INPUT`: shows how the detector came to its decisions.
 * @returns the exit code.
 */
export async function explain(input: string, options: ExplainOptions, programs: Programs): Promise<number> {
  return await interruptible(async (signal) => {
    const footage = await findFootage(input, options);
    const explained = await explainFootage(footage, options, programs, signal);
    process.stdout.write(options.json ? json({ ok: true, ...explained }) : describe(explained));
    return EXIT.ok;
  });
}

async function explainFootage(
  footage: Footage,
  options: ExplainOptions,
  programs: Programs,
  signal: AbortSignal,
): Promise<Explained> {
  using lane = makeLane(footage, new Detectors(consoleLog, programs.kernel), { isExplaining: true });
  const name = footage.kind === 'file' ? basename(footage.path) : footage.name;
  using output = openOutput(name, options, footage);
  const seen = new Seen(lane, output);
  using progress = new Progress({ stream: process.stderr, clock: systemClock, name });
  const damaged =
    footage.kind === 'file'
      ? await explainFile(footage, seen, progress, signal)
      : await useCamera(footage, programs, signal, (camera) =>
          explainCamera(camera, options.duration, seen, progress, signal),
        );
  seen.end();
  const files = output.complete();
  return {
    input: name,
    detector: footage.motion.detector,
    seconds: rounded(seen.seconds),
    tookSeconds: rounded(progress.elapsedMs / 1000),
    pictures: seen.pictures,
    damaged,
    events: lane.events.map((ended) => describeEvent(ended, seen.startWallMs)),
    files,
  };
}

/** @returns what could not be decoded. */
async function explainFile(
  { path }: FileFootage,
  seen: Seen,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  using file = new VideoFile(path);
  const { durationMs } = file;
  await replayFile(file, {
    startWallMs: wallMs(0),
    show: seen.show,
    onProgress: (ms) => progress.tell(durationMs === undefined ? undefined : ms / durationMs, ms),
    signal,
  });
  return file.damaged;
}

async function explainCamera(
  camera: PlayingCamera,
  durationMs: number,
  seen: Seen,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  const show: Show = (picture, at) => {
    progress.tell((seen.seconds * 1000) / durationMs, seen.seconds * 1000);
    return seen.show(picture, at);
  };
  return await watchCamera(camera, { durationMs, show, clock: systemClock, signal });
}

/** What was seen of the footage so far. */
class Seen {
  readonly #lane: Lane;
  readonly #output: ExplainOutput;
  #lastWallMs = wallMs(0);
  startWallMs: number | undefined;
  pictures = 0;

  constructor(lane: Lane, output: ExplainOutput) {
    this.#lane = lane;
    this.#output = output;
  }

  get seconds(): number {
    return (this.#lastWallMs - (this.startWallMs ?? this.#lastWallMs)) / 1000;
  }

  readonly show: Show = (picture, at) => {
    if (this.startWallMs === undefined) this.#lane.begin(at);
    this.startWallMs ??= at;
    this.#lastWallMs = at;
    const moment = this.#lane.take(picture, at);
    if (moment === undefined) return true;
    this.pictures++;
    return this.#output.add(picture, moment);
  };

  end(): void {
    if (this.startWallMs !== undefined) this.#lane.end(this.#lastWallMs);
  }
}

function openOutput(name: string, options: ExplainOptions, { motion }: Footage): ExplainOutput {
  const { out, series, at, debug, force } = options;
  const drawing: DrawingKind = debug ? 'four-pictures' : 'plain';
  const base = `${basename(name, extname(name))}.explained`;
  if (at !== undefined) return new StillOutput({ path: out ?? `${base}.png`, atMs: at, drawing, force });
  const video = out ?? `${base}.mp4`;
  return new FilmOutput({
    video,
    series: series ?? `${video.slice(0, video.length - extname(video).length)}.json`,
    drawing,
    rateFps: motion.rateFps,
    force,
    head: { input: name, settings: motion },
  });
}

function describeEvent({ triggerWallMs, untilWallMs, peak }: Event, startWallMs = 0) {
  return {
    time: rounded((triggerWallMs - startWallMs) / 1000),
    seconds: rounded((untilWallMs - triggerWallMs) / 1000),
    peak: rounded(peak?.score ?? 0),
  };
}

function describe({ input, seconds, tookSeconds, pictures, damaged, events, files }: Explained): string {
  const speed = tookSeconds > 0 ? `, ${(seconds / tookSeconds).toFixed(1)} x real time` : '';
  return `${[
    `${input}: ${seconds} s, ${pictures} pictures analysed in ${tookSeconds} s${speed}`,
    ...(damaged === 0 ? [] : [`${damaged} packets or pictures could not be decoded and were left out`]),
    ...(events.length === 0 ? ['no event'] : []),
    ...events.map((event) => `event at ${event.time} s for ${event.seconds} s, highest score ${event.peak}`),
    ...Object.entries(files).map(([kind, path]) => `${kind}: ${path}`),
  ].join('\n')}\n`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
