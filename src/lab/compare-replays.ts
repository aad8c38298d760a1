import { describeError, PrerollError } from '../base/error.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import { compareEvents, type ComparedEvents } from './compare-events.ts';
import { InputError } from './input-error.ts';
import type { Lane } from './lane.ts';
import { replayFile } from './replay-file.ts';
import { VideoFile } from './video-file.ts';

/** One file to be replayed. */
export interface FootageFile {
  readonly path: string;
  /** When its first picture was taken; undefined where nobody knows. */
  readonly startWallMs: WallMs | undefined;
  /** Whether it goes on from the file before it without a gap. */
  readonly isContinued: boolean;
}

/** Events of a stretch of footage with both settings. */
export interface ComparedRow {
  /** In which the stretch begins. */
  readonly file: FootageFile;
  readonly events: ComparedEvents;
}

export interface ReplayComparison {
  readonly rows: readonly ComparedRow[];
  /** Of files that were left out. */
  readonly failures: readonly string[];
  readonly mediaSeconds: number;
}

/** @param share 0..1 of all files; @param mediaMs dealt with so far. */
export type TellReplay = (share: number, mediaMs: number) => void;

/**
 * Shows the same footage to two lanes and compares the events. A file that cannot be read is left out.
 * @throws InputError when none can be read; the signal's reason.
 */
export async function compareReplays(
  files: readonly FootageFile[],
  lanes: readonly [present: Lane, tried: Lane],
  onProgress: TellReplay,
  signal: AbortSignal,
): Promise<ReplayComparison> {
  const comparison = new Comparison(lanes, onProgress);
  await comparison.replay(files, signal);
  return comparison.result;
}

/** Two lanes on the same pictures. */
class Comparison {
  readonly #lanes: readonly [present: Lane, tried: Lane];
  readonly #onProgress: TellReplay;
  readonly #rows: ComparedRow[] = [];
  readonly #failures: string[] = [];
  /** How many events of each lane have been compared. */
  #compared = [0, 0];
  #stretch: FootageFile | undefined;
  #endWallMs = wallMs(0);
  #mediaMs = 0;

  constructor(lanes: readonly [present: Lane, tried: Lane], onProgress: TellReplay) {
    this.#lanes = lanes;
    this.#onProgress = onProgress;
  }

  get result(): ReplayComparison {
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
        this.#onProgress(share, beforeMs + ms);
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
    const file = this.#stretch;
    if (file === undefined) return;
    this.#stretch = undefined;
    for (const lane of this.#lanes) lane.end(this.#endWallMs);
    const [present = [], tried = []] = this.#lanes.map((lane, i) => lane.events.slice(this.#compared[i]));
    this.#compared = this.#lanes.map((lane) => lane.events.length);
    for (const events of compareEvents(present, tried)) this.#rows.push({ file, events });
  }
}
