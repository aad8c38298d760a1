import { basename } from 'node:path';
import { Detectors } from '../app/detectors.ts';
import { systemClock } from '../base/clock.ts';
import { describeError, PrerollError } from '../base/error.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { compareEvents, type ComparedEvents } from '../lab/compare-events.ts';
import { InputError } from '../lab/input-error.ts';
import type { Lane } from '../lab/lane.ts';
import { replayFile } from '../lab/replay-file.ts';
import { VideoFile } from '../lab/video-file.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import { consoleLog } from './console-log.ts';
import { EXIT } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { json } from './json.ts';
import { makeLane } from './make-lane.ts';
import { Progress } from './progress.ts';
import { findTuneFootage, type FootageFile, type TuneFootageOptions } from './tune-footage.ts';
import { tuneJson, tuneTable, type TuneResult } from './tune-report.ts';

export interface TuneOptions extends TuneFootageOptions {
  readonly json: boolean;
}

/**
 * `preroll tune`: replays recorded footage with the present settings and with others, and says which events would
 * appear, vanish or change.
 * @returns the exit code.
 */
export async function tune(inputs: readonly string[], options: TuneOptions): Promise<number> {
  if (options.set.length + options.with.length === 0 && options.detector === undefined) {
    process.stderr.write('nothing to try: give --set, --detector or --with\n');
    return EXIT.usage;
  }
  return await interruptible(options.json, async (signal) => {
    const { name, files, present, tried } = await findTuneFootage(inputs, options);
    const detectors = new Detectors(consoleLog);
    using presentLane = makeLane(present, detectors, { isExplaining: false });
    using triedLane = makeLane(tried, detectors, { isExplaining: false });
    using progress = new Progress({ stream: process.stderr, clock: systemClock, name });
    const comparison = new Comparison(presentLane, triedLane, progress);
    await comparison.replay(files, signal);
    const result: TuneResult = {
      name,
      present,
      tried,
      tookSeconds: progress.elapsedMs / 1000,
      files: files.length,
      ...comparison.result,
    };
    process.stdout.write(options.json ? json(tuneJson(result)) : tuneTable(result));
    return result.failures.length === 0 ? EXIT.ok : EXIT.failed;
  });
}

/** Two lanes on the same pictures. */
class Comparison {
  readonly #lanes: readonly [present: Lane, tried: Lane];
  readonly #progress: Progress;
  readonly #rows: { readonly file: string; readonly isDated: boolean; readonly events: ComparedEvents }[] =
    [];
  readonly #failures: string[] = [];
  /** How many events of each lane have been compared. */
  #compared = [0, 0];
  #stretch: FootageFile | undefined;
  #endWallMs = wallMs(0);
  #mediaMs = 0;

  constructor(present: Lane, tried: Lane, progress: Progress) {
    this.#lanes = [present, tried];
    this.#progress = progress;
  }

  get result(): Pick<TuneResult, 'rows' | 'failures' | 'mediaSeconds'> {
    return { rows: this.#rows, failures: this.#failures, mediaSeconds: this.#mediaMs / 1000 };
  }

  /** A file that cannot be read is left out, and its stretch of footage ends there. */
  async replay(files: readonly FootageFile[], signal: AbortSignal): Promise<void> {
    for (const [index, file] of files.entries()) {
      if (!file.isContinued) this.#endStretch();
      try {
        await this.#replayFile(file, index, files.length, signal);
      } catch (error) {
        if (!(error instanceof PrerollError)) throw error;
        this.#failures.push(describeError(error));
        this.#endStretch();
      }
    }
    this.#endStretch();
    if (this.#failures.length === files.length) throw new InputError('unreadable', this.#failures.join('\n'));
  }

  async #replayFile(file: FootageFile, index: number, files: number, signal: AbortSignal): Promise<void> {
    using video = new VideoFile(file.path);
    const { durationMs = 0 } = video;
    const startWallMs = file.startWallMs ?? wallMs(0);
    const beforeMs = this.#mediaMs;
    if (this.#stretch === undefined) this.#beginStretch(file, startWallMs);
    await replayFile(video, {
      startWallMs,
      show: (picture, at) => {
        for (const lane of this.#lanes) lane.take(picture, at);
        return true;
      },
      onProgress: (ms) => {
        const share = (index + (durationMs > 0 ? Math.min(1, ms / durationMs) : 0)) / files;
        this.#progress.tell(share, beforeMs + ms);
      },
      signal,
    });
    const lengthMs = (video.lengthTicks * 1000) / VIDEO_CLOCK_RATE_HZ;
    if (lengthMs === 0) throw new InputError('unreadable', `${file.path}: no picture could be decoded`);
    this.#mediaMs = beforeMs + lengthMs;
    this.#endWallMs = wallMs(startWallMs + lengthMs);
  }

  #beginStretch(file: FootageFile, at: WallMs): void {
    this.#stretch = file;
    this.#endWallMs = at;
    for (const lane of this.#lanes) lane.begin(at);
  }

  #endStretch(): void {
    if (this.#stretch === undefined) return;
    const { path, startWallMs } = this.#stretch;
    this.#stretch = undefined;
    for (const lane of this.#lanes) lane.end(this.#endWallMs);
    const [present = [], tried = []] = this.#lanes.map((lane, i) => lane.events.slice(this.#compared[i]));
    this.#compared = this.#lanes.map((lane) => lane.events.length);
    for (const events of compareEvents(present, tried)) {
      this.#rows.push({ file: basename(path), isDated: startWallMs !== undefined, events });
    }
  }
}
