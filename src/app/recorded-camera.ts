import type { Volumes } from '../archive/volumes.ts';
import type { AnalyzerPool, WatchHandle } from '../analysis/analyzer-pool.ts';
import type { ExplainedPicture, WatchSource } from '../analysis/messages.ts';
import type { Clock } from '../base/clock.ts';
import type { Log, LogFields } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import { OnDemandStream } from '../camera/on-demand-stream.ts';
import { CameraStream } from '../camera/stream.ts';
import type { CameraConfig, RtspSource, StreamAddress } from '../config/config.ts';
import type { TimeZone } from '../config/folder-template.ts';
import { modeAt, modesOf, recordsOf } from '../config/recording-mode.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { FileKey, SegmentRecord } from '../db/records.ts';
import type { Event, EventCause } from '../event/event.ts';
import { eventJson } from '../event/event-json.ts';
import { EventTracker } from '../event/event-tracker.ts';
import { LiveFeed, type LiveStream } from '../media/live-feed.ts';
import type { AudioTrack, Packet, VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { awaySinceMs, reasonOfEnd, troubleOf } from '../recording/gap-cause.ts';
import type { GapLedger } from '../recording/gap-ledger.ts';
import type { NotWanted } from '../recording/gap-ledgers.ts';
import { Recorder } from '../recording/recorder.ts';
import type { RecordingError } from '../recording/recording-error.ts';
import type { MediaProblem } from '../rtsp/media-problem.ts';
import type { ReadPacer } from '../rtsp/read-pacer.ts';
import { openRtsp } from '../rtsp/session.ts';
import { StreamPace } from '../rtsp/stream-pace.ts';
import { CameraHistory } from './camera-history.ts';
import { Transcoder } from '../transcode/transcoder.ts';
import { superviseTranscoder } from '../transcode/transcoder-child.ts';
import { CameraSchedule } from './camera-schedule.ts';
import type { CameraStatus } from './camera-status.ts';
import { detectionSettings } from './detection-settings.ts';

export interface RecordedCameraOptions {
  readonly config: CameraConfig;
  /** Where it is reached; for the demo camera not what the configuration says. */
  readonly source: RtspSource;
  readonly volumes: Volumes;
  readonly fileLengthMs: number;
  /** Of schedules. */
  readonly timeZone: TimeZone;
  readonly ringMaxBytes: number;
  readonly analyzers: AnalyzerPool;
  /** The transcoder's program, a path to built JavaScript. */
  readonly transcoderProgram: string;
  /** Takes changes of the index; never throws and never waits. */
  readonly tellIndex: (write: IndexWrite) => void;
  readonly ledger: GapLedger;
  /** Told what others may want to know; `CameraStatus` may have changed with it. */
  readonly onEvent: (change: 'begun' | 'updated' | 'ended', event: Event) => void;
  readonly onSample: (sample: MotionSample) => void;
  /** `CameraStatus` may have changed. */
  readonly onChanged: () => void;
  /** Masks credentials in what a camera answered. */
  readonly redact: (text: string) => string;
  /** All cameras of the process are read in its turns. */
  readonly pacer: ReadPacer;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * How much longer than the pre-roll the ring reaches back: a trigger is told after it happened, by the time it takes
 * to notice that a camera is unwatched at most.
 */
const TRIGGER_DELAY_MS = 5_000;

/** An event's causes are known by name; a program that makes up new ones must not make it grow without end. */
const MOST_CAUSES = 16;

/** At a key picture every two seconds 1,800 pictures. */
const TIMELAPSE_FILE_LENGTH_MS = 3_600_000;

/** One camera with all its parts: the stream that is recorded, its recorder, its events, its watch. */
export class RecordedCamera implements StreamSink, AsyncDisposable {
  readonly #options: RecordedCameraOptions;
  readonly #log: Log;
  readonly #recorder: Recorder;
  /** Where a mode asks for it. */
  readonly #timelapse: Recorder | undefined;
  /** Where the video is re-encoded. */
  readonly #transcoder: Transcoder | undefined;
  readonly #tracker: EventTracker;
  readonly #schedule: CameraSchedule;
  readonly #stream: CameraStream;
  readonly #pace: StreamPace;
  readonly #mainFeed: LiveFeed;
  /** Where there is one. */
  readonly #sub: OnDemandStream | undefined;
  /** All that record. */
  readonly #recorders: StreamSink = {
    runStarted: (run) => {
      this.#recorder.runStarted(run);
      this.#timelapse?.runStarted(run);
    },
    packet: (packet, run) => {
      this.#recorder.packet(packet, run);
      if (packet.track.kind === 'video' && packet.isKey) this.#timelapse?.packet(packet, run);
    },
    runEnded: (run, end) => {
      this.#recorder.runEnded(run, end);
      this.#timelapse?.runEnded(run, end);
    },
  };
  readonly #history: CameraHistory;
  #watch: WatchHandle | undefined;
  #video: VideoTrack | undefined;
  #audio: AudioTrack | undefined;
  /** When the last picture was taken. */
  #lastWallMs = wallMs(0);

  constructor(options: RecordedCameraOptions) {
    const { config, clock } = options;
    this.#options = options;
    this.#log = options.log.with({ camera: config.name });
    this.#history = new CameraHistory(config.name, options.tellIndex);
    this.#recorder = this.#makeRecorder();
    this.#timelapse = this.#makeTimelapse();
    this.#transcoder = this.#makeTranscoder();
    this.#tracker = new EventTracker(config.name, config.event, {
      opened: (event) => this.#eventOpened(event),
      closed: (event) => this.#eventClosed(event),
    });
    this.#schedule = this.#makeSchedule();
    this.#pace = new StreamPace(options.pacer);
    this.#mainFeed = new LiveFeed(options.ringMaxBytes);
    this.#sub = this.#makeSub();
    this.#stream = new CameraStream({
      open: this.#openMain(),
      sink: this,
      onAway: (end, awayForMs) => this.#away(this.#redacted(end), awayForMs),
      clock,
      log: this.#log,
    });
  }

  get status(): CameraStatus {
    return {
      camera: this.#options.config.name,
      stream: this.#stream.state,
      mode: modeAt(this.#options.config.modes, this.#options.clock.wallMs(), this.#options.timeZone),
      isRecording: this.#recorder.isRecording || this.#timelapse?.isRecording === true,
      failure: this.#recorder.failure ?? this.#timelapse?.failure,
      held: this.#tracker.heldAt(this.#options.clock.wallMs()),
      event: this.#tracker.open,
      video: this.#video,
      audio: this.#audio,
      hasSub: this.#sub !== undefined,
    };
  }

  /** Whether what the camera sends now is to be recorded, be it as key pictures only. */
  get isWanted(): boolean {
    return this.#recorder.isWanted || this.#timelapse?.isWanted === true;
  }

  /** Why nothing is to be recorded; undefined if something is. */
  get whyNotWanted(): NotWanted | undefined {
    if (this.isWanted) return undefined;
    const { mode } = this.status;
    return { cause: 'policy', detail: `mode ${mode}`, isInAnyCase: mode === 'off' };
  }

  /**
   * Holds an event open, beside whatever else makes one.
   * @param durationMs until `stopEvent` where there is none.
   */
  startEvent(cause: EventCause, durationMs: number | undefined): 'started' | 'too-many' {
    const now = this.#options.clock.wallMs();
    const causes = new Set([...(this.#tracker.open?.causes ?? []), ...this.#tracker.heldAt(now), cause]);
    if (causes.size > MOST_CAUSES) return 'too-many';
    this.#tracker.hold(cause, now, durationMs);
    return 'started';
  }

  /** Ends what `startEvent` has asked for. */
  stopEvent(cause: EventCause): 'stopped' | 'not-started' {
    return this.#tracker.release(cause, this.#options.clock.wallMs()) ? 'stopped' : 'not-started';
  }

  /** The main stream, read as it comes while somebody watches it; or the sub-stream, open while somebody does. */
  live(stream: 'main' | 'sub'): LiveStream {
    if (stream === 'sub' && this.#sub !== undefined) return this.#sub;
    return {
      join: (listener) => {
        const hurry = this.#pace.hurry();
        const joined = this.#mainFeed.join(listener);
        return {
          [Symbol.dispose]: () => {
            joined[Symbol.dispose]();
            hurry[Symbol.dispose]();
          },
        };
      },
    };
  }

  /** What its detector says is told as it says it, until disposed of. */
  attend(): Disposable {
    const { config, source, analyzers } = this.#options;
    const attention = analyzers.attend(config.name);
    // Without a sub-stream the detector sees what is recorded.
    const hurry = source.sub === undefined ? this.#pace.hurry() : undefined;
    return {
      [Symbol.dispose]: () => {
        attention[Symbol.dispose]();
        hurry?.[Symbol.dispose]();
      },
    };
  }

  /** Its analysed pictures, explained: see `AnalyzerPool.explain`. */
  explained(signal: AbortSignal): AsyncIterable<ExplainedPicture> {
    const { config, analyzers } = this.#options;
    return analyzers.explain(config.name, config.event.minimalDurationMs, signal);
  }

  /** Somebody keeps an event, or lets it go again: recordings of it that are not finished will tell. */
  markEvent(triggerWallMs: WallMs, isKept: boolean): void {
    this.#recorder.markEvent(new Date(triggerWallMs).toISOString(), { kept: isKept ? true : undefined });
  }

  /** Somebody has deleted an event: recordings of it that are not finished will not tell of it. */
  forgetEvent(triggerWallMs: WallMs): void {
    this.#recorder.forgetEvent(new Date(triggerWallMs).toISOString());
  }

  start(): void {
    this.#schedule.follow(this.#options.clock.wallMs());
    this.#transcoder?.start();
    this.#stream.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mainFeed.end();
    await this.#sub?.[Symbol.asyncDispose]();
    await this.#stream[Symbol.asyncDispose]();
    this.#options.analyzers.unwatch(this.#options.config.name);
    await this.#transcoder?.[Symbol.asyncDispose]();
    await this.#recorder[Symbol.asyncDispose]();
    await this.#timelapse?.[Symbol.asyncDispose]();
  }

  /** Tells what has grown since the last time. */
  tellGrowth(): void {
    const { open } = this.#tracker;
    if (this.#history.tellGrowth(open) && open !== undefined) this.#options.onEvent('updated', open);
  }

  runStarted(run: Run): void {
    this.#options.ledger.playing();
    this.#recorded.runStarted(run);
    this.#mainFeed.runStarted(run);
    this.#tracker.connected(run.startWallMs);
    this.#history.runStarted(run);
  }

  packet(packet: Packet, run: Run): void {
    if (packet.track.kind === 'video') {
      this.#lastWallMs = wallOfPacket(packet, run);
      this.#schedule.follow(this.#lastWallMs);
    }
    this.#recorded.packet(packet, run);
    this.#mainFeed.packet(packet, run);
    if (packet.track.kind !== 'video') {
      this.#audio = packet.track;
      return;
    }
    if (packet.track !== this.#video) this.#tellVideo(packet.track);
    if (this.#options.source.sub === undefined) this.#watch?.forward(packet, run);
    this.#tracker.advance(this.#lastWallMs);
  }

  runEnded(run: Run, endAsTold: RunEnd): void {
    const end = this.#redacted(endAsTold);
    this.#tracker.disconnected(this.#options.clock.wallMs());
    this.#recorded.runEnded(run, end);
    this.#history.runEnded(run, this.#lastWallMs, end);
    this.#mainFeed.runEnded();
    this.#video = undefined;
    this.#audio = undefined;
    this.#options.onChanged();
  }

  #away(end: RunEnd, awayForMs: number): void {
    this.#options.ledger.away(reasonOfEnd(end), awaySinceMs(end, awayForMs));
    this.#mainFeed.away(end.message);
    this.#options.onChanged();
  }

  /** What goes into files and into the index. */
  #redacted(end: RunEnd): RunEnd {
    return { ...end, message: this.#options.redact(end.message) };
  }

  /** Where packets go to be recorded. */
  get #recorded(): StreamSink {
    return this.#transcoder ?? this.#recorders;
  }

  #takeSample(sample: MotionSample): void {
    if (sample.isSceneChange === true) this.#log.debug('the scene changed; its background is learned anew');
    this.#tracker.sample(sample);
    this.#history.sample(sample);
    this.#options.onSample(sample);
  }

  #makeSchedule(): CameraSchedule {
    return new CameraSchedule({
      config: this.#options.config,
      timeZone: this.#options.timeZone,
      recorder: this.#recorder,
      timelapse: this.#timelapse,
      tracker: this.#tracker,
      lookForMotion: () => this.#lookForMotion(),
      ignoreMotion: () => this.#ignoreMotion(),
      log: this.#log,
    });
  }

  #lookForMotion(): void {
    const { config, source, analyzers } = this.#options;
    const watch = {
      camera: config.name,
      source: watchSource(source),
      rateFps: config.motion.rateFps,
      ...detectionSettings(config.motion),
    };
    this.#watch = analyzers.watch(watch, { sample: (sample) => this.#takeSample(sample) });
  }

  #ignoreMotion(): void {
    this.#options.analyzers.unwatch(this.#options.config.name);
    this.#watch = undefined;
  }

  #makeTranscoder(): Transcoder | undefined {
    const { config, timeZone, transcoderProgram, clock } = this.#options;
    if (config.reencode === undefined) return undefined;
    return new Transcoder({
      order: { reencode: config.reencode, camera: config.name, timeZone },
      makeChild: superviseTranscoder(transcoderProgram, clock),
      sink: this.#recorders,
      clock,
      log: this.#log,
    });
  }

  /** Holds what an event may ask for, unless everything is recorded anyway. */
  #makeRecorder(): Recorder {
    const { config, fileLengthMs, ringMaxBytes } = this.#options;
    const hasRing = [...modesOf(config.modes)].some((mode) => recordsOf(mode) !== 'everything');
    const ring = { spanMs: config.event.preRollMs + TRIGGER_DELAY_MS, maxBytes: ringMaxBytes };
    return new Recorder({
      ...this.#recorderOptions(),
      wholeKind: 'continuous',
      fileLengthMs,
      ring: hasRing ? ring : undefined,
    });
  }

  #makeTimelapse(): Recorder | undefined {
    const { modes } = this.#options.config;
    if (![...modesOf(modes)].some((mode) => recordsOf(mode) === 'key pictures')) return undefined;
    return new Recorder({
      ...this.#recorderOptions(),
      wholeKind: 'timelapse',
      fileLengthMs: TIMELAPSE_FILE_LENGTH_MS,
      ring: undefined,
    });
  }

  #recorderOptions() {
    const { config, volumes, clock } = this.#options;
    return {
      camera: config.name,
      createFile: (start: WallMs) => volumes.create(config.name, start),
      clock,
      log: this.#log,
      onSegment: (segment: SegmentRecord) => {
        this.#history.segment(segment);
        this.#options.ledger.recorded(segment);
      },
      onAbandoned: (file: FileKey) => volumes.abandoned(file),
      onFailed: (error: RecordingError, file: FileKey | undefined) => {
        if (error.kind === 'packets') this.#options.ledger.trouble(error.message);
        else this.#options.ledger.diskFailed(error.message);
        if (file !== undefined && error.kind !== 'packets') volumes.failed(file, error);
      },
    };
  }

  #openMain() {
    const { config, source, clock } = this.#options;
    return (signal: AbortSignal) =>
      openRtsp(
        {
          camera: config.name,
          ...revealed(source.main),
          transport: source.transport,
          audio: source.audio,
          onProblem: (problem) => this.#noteProblem(problem),
          pace: this.#pace,
          clock,
          log: this.#log,
        },
        signal,
      );
  }

  #makeSub(): OnDemandStream | undefined {
    const { config, source, ringMaxBytes: maxBytes, clock, redact } = this.#options;
    const { sub, transport, audio } = source;
    if (sub === undefined) return undefined;
    const log = this.#log.with({ stream: 'sub' });
    return new OnDemandStream({
      open: (signal) =>
        openRtsp({ camera: config.name, ...revealed(sub), transport, audio, clock, log }, signal),
      maxBytes,
      clock,
      log,
      redact,
    });
  }

  #noteProblem(problem: MediaProblem): void {
    const trouble = troubleOf(problem);
    if (trouble !== undefined) this.#options.ledger.trouble(trouble);
  }

  #tellVideo(track: VideoTrack): void {
    const picture = `${track.codecString} ${track.widthPx}x${track.heightPx}`;
    const isNew = this.#video === undefined;
    this.#video = track;
    this.#options.onChanged();
    if (!isNew) {
      this.#log.info(`the camera changed its picture: now ${picture}`);
      return;
    }
    const watched = this.#options.source.sub === undefined ? 'the same stream' : 'the sub-stream';
    const motion = this.#watch === undefined ? '' : `, looking for motion in ${watched}`;
    this.#log.info(`connected: ${picture}; mode ${this.status.mode}${motion}`);
  }

  #eventOpened(event: Event): void {
    const trigger = new Date(event.triggerWallMs).toISOString();
    if (event.continues !== undefined) this.#recorder.splitEventFile();
    this.#log.info(`event: ${describeOpening(event)}`, { trigger, ...zonesField(event) });
    this.#history.eventOpened(event);
    this.#recorder.keepFrom(event.fromWallMs, eventJson(event));
    this.#options.onEvent('begun', event);
  }

  #eventClosed(event: Event): void {
    const seconds = Number(((event.untilWallMs - event.triggerWallMs) / 1000).toFixed(1));
    const peak = event.peak === undefined ? {} : { peak: event.peak.score };
    this.#log.info('event ended', {
      causes: event.causes.join(', '),
      seconds,
      ...peak,
      ...zonesField(event),
    });
    this.#history.eventClosed(event);
    this.#recorder.keepUntil(event.untilWallMs, eventJson(event));
    this.#options.onEvent('ended', event);
  }
}

function describeOpening({ causes, continues, trigger }: Event): string {
  if (continues !== undefined) return `${causes.join(', ')}, going on from an event of maximal length`;
  if (causes[0] === 'motion') return `motion (score ${trigger?.score ?? 0})`;
  if (causes[0] === 'unwatched') return 'the camera is not being analysed, so everything is kept';
  return causes.join(', ');
}

function zonesField({ zones }: Event): LogFields {
  return zones.length === 0 ? {} : { zones: zones.join(', ') };
}

function watchSource(source: RtspSource): WatchSource {
  if (source.sub === undefined) return { kind: 'forwarded' };
  return { kind: 'rtsp', ...revealed(source.sub), transport: source.transport };
}

/** An address with its password in the clear, for the one who connects. */
export function revealed({ url, credentials }: StreamAddress) {
  return credentials === undefined
    ? { url }
    : { url, credentials: { username: credentials.username, password: credentials.password.reveal() } };
}
