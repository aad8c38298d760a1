import type { Volumes } from '../archive/volumes.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import { modesOf, recordsOf } from '../config/recording-mode.ts';
import type { FileKey, SegmentRecord } from '../db/records.ts';
import { isVideo, type Packet } from '../media/packet.ts';
import { isGradual } from '../media/recovery-point.ts';
import type { Run, RunEnd, StreamSink } from '../media/run.ts';
import { Recorder } from '../recording/recorder.ts';
import type { RecordingError } from '../recording/recording-error.ts';

export interface CameraRecordersOptions {
  readonly config: CameraConfig;
  readonly volumes: Volumes;
  readonly fileLengthMs: number;
  readonly ringMaxBytes: number;
  readonly onSegment: (segment: SegmentRecord) => void;
  /** A recording failed; the file that it was written to, where there was one. */
  readonly onFailed: (error: RecordingError, file: FileKey | undefined) => void;
  readonly clock: Clock;
  /** Carries the camera in its fields. */
  readonly log: Log;
}

/**
 * How much longer than the pre-roll the ring reaches back: a trigger is told after it happened, by the time it takes
 * to notice that a camera is unwatched at most.
 */
const TRIGGER_DELAY_MS = 5_000;

/** At a key picture every two seconds 1,800 pictures. */
const TIMELAPSE_FILE_LENGTH_MS = 3_600_000;

/** All that record a camera's stream, as its modes ask for. */
export class CameraRecorders implements StreamSink, AsyncDisposable {
  readonly #options: CameraRecordersOptions;
  readonly main: Recorder;
  /** Of key pictures; where a mode asks for it. */
  readonly timelapse: Recorder | undefined;

  constructor(options: CameraRecordersOptions) {
    this.#options = options;
    this.main = this.#makeMain();
    this.timelapse = this.#makeTimelapse();
  }

  get isRecording(): boolean {
    return this.main.isRecording || this.timelapse?.isRecording === true;
  }

  /** Why footage cannot be written at present; undefined while it can, as far as is known. */
  get failure(): string | undefined {
    return this.main.failure ?? this.timelapse?.failure;
  }

  /** Whether what the camera sends now is to be recorded, be it as key pictures only. */
  get isWanted(): boolean {
    return this.main.isWanted || this.timelapse?.isWanted === true;
  }

  runStarted(run: Run): void {
    this.main.runStarted(run);
    this.timelapse?.runStarted(run);
  }

  packet(packet: Packet, run: Run): void {
    this.main.packet(packet, run);
    // A picture of a time-lapse has to be whole by itself.
    if (isVideo(packet) && packet.isKey && !isGradual(packet)) this.timelapse?.packet(packet, run);
  }

  /** See `Recorder.allRead`. */
  allRead(isLongPause: boolean): void {
    this.main.allRead(isLongPause);
    this.timelapse?.allRead(isLongPause);
  }

  runEnded(run: Run, end: RunEnd): void {
    this.main.runEnded(run, end);
    this.timelapse?.runEnded(run, end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.main[Symbol.asyncDispose]();
    await this.timelapse?.[Symbol.asyncDispose]();
  }

  /** Holds what an event may ask for, unless everything is recorded anyway. */
  #makeMain(): Recorder {
    const { config, fileLengthMs, ringMaxBytes } = this.#options;
    const hasRing = [...modesOf(config.modes)].some((mode) => recordsOf(mode) !== 'everything');
    const ring = { spanMs: config.event.preRollMs + TRIGGER_DELAY_MS, maxBytes: ringMaxBytes };
    return new Recorder({
      ...this.#common(),
      wholeKind: 'continuous',
      fileLengthMs,
      ring: hasRing ? ring : undefined,
    });
  }

  #makeTimelapse(): Recorder | undefined {
    const { modes } = this.#options.config;
    if (![...modesOf(modes)].some((mode) => recordsOf(mode) === 'key pictures')) return undefined;
    return new Recorder({
      ...this.#common(),
      wholeKind: 'timelapse',
      fileLengthMs: TIMELAPSE_FILE_LENGTH_MS,
      ring: undefined,
    });
  }

  #common() {
    const { config, volumes, onSegment, onFailed, clock, log } = this.#options;
    return {
      camera: config.name,
      createFile: (start: WallMs) => volumes.create(config.name, start),
      clock,
      log,
      onSegment,
      onAbandoned: (file: FileKey) => volumes.abandoned(file),
      onFailed,
    };
  }
}
