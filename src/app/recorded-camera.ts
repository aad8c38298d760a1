import type { Volumes } from '../archive/volumes.ts';
import type { AnalyzerPool } from '../analysis/analyzer-pool.ts';
import type { ExplainedPicture } from '../analysis/messages.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { wallMs } from '../base/time.ts';
import { EngineChoice } from '../camera/engine-choice.ts';
import { openChosenStream } from '../camera/open-chosen-stream.ts';
import { CameraStream } from '../camera/stream.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import type { CameraConfig, StreamsSource } from '../config/config.ts';
import { revealed, type SourceEncoding } from '../config/revealed-address.ts';
import type { TimeZone } from '../config/folder-template.ts';
import { modeAt } from '../config/recording-mode.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { CameraMeterJson, StreamName } from '../control/controlled-recorder.ts';
import type { LiveStream } from '../media/live-feed.ts';
import { shownSize } from '../media/orientation.ts';
import { isVideo, type AudioTrack, type Packet, type VideoTrack, type VideoPacket } from '../media/packet.ts';
import { isGradual } from '../media/recovery-point.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { awaySinceMs, reasonOfEnd, troubleOf } from '../recording/gap-cause.ts';
import { describeGapDetail } from '../recording/gap-detail.ts';
import type { GapLedger } from '../recording/gap-ledger.ts';
import type { NotWanted } from '../recording/gap-ledgers.ts';
import type { MediaProblem } from '../rtsp/media-problem.ts';
import type { SoundProcess } from '../sound/sound-process.ts';
import { CameraEvents, type CameraEventsOptions } from './camera-events.ts';
import { CameraHistory } from './camera-history.ts';
import { CameraLoudness } from './camera-loudness.ts';
import { CameraLive } from './camera-live.ts';
import { CameraRecorders } from './camera-recorders.ts';
import { Transcoder } from '../transcode/transcoder.ts';
import { superviseTranscoder } from '../transcode/transcoder-child.ts';
import { CameraSchedule } from './camera-schedule.ts';
import type { CameraStatus } from './camera-status.ts';
import { CameraWatch } from './camera-watch.ts';
import type { CameraEngines } from './engine-memory.ts';

export interface RecordedCameraOptions {
  readonly config: CameraConfig;
  /** Where it is reached; for the demo camera not what the configuration says. */
  readonly source: StreamsSource;
  readonly engines: CameraEngines;
  readonly volumes: Volumes;
  readonly fileLengthMs: number;
  /** Of schedules. */
  readonly timeZone: TimeZone;
  readonly ringMaxBytes: number;
  /** Whether there is a web server to watch it by. */
  readonly isServed: () => boolean;
  readonly analyzers: AnalyzerPool;
  /** The transcoder's program, a path to built JavaScript. */
  readonly transcoderProgram: string;
  readonly sourceProgram: string;
  readonly sound: SoundProcess;
  /** Takes changes of the index; never throws and never waits. */
  readonly tellIndex: (write: IndexWrite) => void;
  readonly ledger: GapLedger;
  /** Told what others may want to know; `CameraStatus` may have changed with it. */
  readonly onEvent: CameraEventsOptions['onEvent'];
  readonly onSample: (sample: MotionSample) => void;
  /** `CameraStatus` may have changed. */
  readonly onChanged: () => void;
  /** Masks credentials in what a camera answered. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Chromium's Media Source and WebCodecs begin with nothing else than a key picture (design/sources.md). */
const GRADUAL =
  'its pictures are refreshed stripe by stripe, without key pictures: it is recorded, but browsers made of Chromium ' +
  "show single pictures of it only. Switch intra refresh off in the camera's settings";

/** One camera with all its parts: the stream that is recorded, its recorder, its events, its watch. */
export class RecordedCamera implements StreamSink, AsyncDisposable {
  readonly #options: RecordedCameraOptions;
  readonly #log: Log;
  readonly #recorders: CameraRecorders;
  /** Where the video is re-encoded. */
  readonly #transcoder: Transcoder | undefined;
  /** Where packets of the open stream go to be recorded: past the transcoder if they were encoded on their way. */
  #recorded: StreamSink;
  readonly events: CameraEvents;
  readonly #schedule: CameraSchedule;
  readonly #stream: CameraStream;
  readonly #live: CameraLive;
  readonly #history: CameraHistory;
  readonly #watch: CameraWatch;
  /** Where loud sound makes events. */
  readonly #loudness: CameraLoudness | undefined;
  #video: VideoTrack | undefined;
  #audio: AudioTrack | undefined;
  /** When the last picture was taken. */
  #lastWallMs = wallMs(0);
  #bytes = 0;
  #pictures = 0;

  constructor(options: RecordedCameraOptions) {
    const { config, clock } = options;
    this.#options = options;
    this.#log = options.log.with({ camera: config.name });
    this.#history = new CameraHistory(config.name, options.tellIndex);
    this.#recorders = this.#makeRecorders();
    this.#transcoder = this.#makeTranscoder();
    this.#recorded = this.#recorders;
    this.events = new CameraEvents({
      config,
      recorder: this.#recorders.main,
      history: this.#history,
      onEvent: options.onEvent,
      clock,
      log: this.#log,
    });
    this.#schedule = this.#makeSchedule();
    this.#loudness = this.#makeLoudness();
    this.#live = new CameraLive({
      camera: config.name,
      source: options.source,
      subMemory: options.engines.sub,
      encoding: this.#encoding,
      sourceProgram: options.sourceProgram,
      sound: options.sound,
      maxGopBytes: options.ringMaxBytes,
      // What is encoded anew comes when it is done.
      onRead: (isLongPause) => this.#recorders.allRead(isLongPause && this.#recorded === this.#recorders),
      isServed: options.isServed,
      redact: options.redact,
      clock,
      log: this.#log,
    });
    this.#watch = new CameraWatch({
      config,
      source: options.source,
      subMemory: options.engines.sub,
      encoding: this.#encoding,
      sourceProgram: options.sourceProgram,
      analyzers: options.analyzers,
      pace: this.#live.pace,
      onSample: (sample) => this.#takeSample(sample),
      onCost: options.onChanged,
    });
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
      isRecording: this.#recorders.isRecording,
      failure: this.#recorders.failure,
      held: this.events.held,
      event: this.events.tracker.open,
      video: this.#video,
      audio: this.#audio,
      hasSub: this.#live.hasSub,
      fallbacks: this.#options.engines.fallbacks,
      analysis: this.#watch.cost,
    };
  }

  get meter(): CameraMeterJson {
    return { camera: this.#options.config.name, bytes: this.#bytes, pictures: this.#pictures };
  }

  /** Why nothing is to be recorded; undefined if something is. */
  get whyNotWanted(): NotWanted | undefined {
    if (this.#recorders.isWanted) return undefined;
    const { mode } = this.status;
    return {
      cause: 'policy',
      detail: describeGapDetail({ kind: 'mode', mode }),
      isInAnyCase: mode === 'off',
    };
  }

  live(stream: StreamName): LiveStream {
    return this.#live.stream(stream);
  }

  /** See `CameraWatch.attend`. */
  attend(): Disposable {
    return this.#watch.attend();
  }

  /** See `CameraWatch.explained`. */
  explained(signal: AbortSignal): AsyncIterable<ExplainedPicture> {
    return this.#watch.explained(signal);
  }

  start(): void {
    this.#schedule.follow(this.#options.clock.wallMs());
    // Other sources may turn out to encode by themselves.
    if (this.#options.source.main.input.kind === 'rtsp') this.#transcoder?.start();
    this.#stream.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#live[Symbol.asyncDispose]();
    await this.#stream[Symbol.asyncDispose]();
    this.#watch.end();
    await this.#transcoder?.[Symbol.asyncDispose]();
    await this.#recorders[Symbol.asyncDispose]();
  }

  runStarted(run: Run): void {
    this.#options.ledger.playing();
    this.#recorded.runStarted(run);
    this.#live.main.runStarted(run);
    this.#watch.runStarted();
    this.events.tracker.connected(run.startWallMs);
    this.#history.runStarted(run);
  }

  packet(packet: Packet, run: Run): void {
    this.#bytes += packet.data.byteLength;
    if (packet.track.kind === 'video') {
      this.#pictures += 1;
      this.#lastWallMs = wallOfPacket(packet, run);
      this.#schedule.follow(this.#lastWallMs);
    }
    this.#recorded.packet(packet, run);
    this.#live.main.packet(packet, run);
    if (packet.track.kind !== 'video') {
      this.#audio = packet.track;
      this.#loudness?.packet(packet, run);
      return;
    }
    if (isVideo(packet) && packet.track !== this.#video) this.#tellVideo(packet);
    this.#watch.packet(packet, run);
    this.events.tracker.advance(this.#lastWallMs);
  }

  runEnded(run: Run, endAsTold: RunEnd): void {
    const end = this.#redacted(endAsTold);
    this.events.tracker.disconnected(this.#options.clock.wallMs());
    this.#recorded.runEnded(run, end);
    this.#history.runEnded(run, this.#lastWallMs, end);
    this.#live.main.runEnded();
    this.#loudness?.[Symbol.dispose]();
    this.#video = undefined;
    this.#audio = undefined;
    this.#options.onChanged();
  }

  #away(end: RunEnd, awayForMs: number): void {
    this.#options.ledger.away(reasonOfEnd(end), awaySinceMs(end, awayForMs));
    this.#live.main.away(end.message);
    this.#options.onChanged();
  }

  /** What goes into files and into the index. */
  #redacted(end: RunEnd): RunEnd {
    return { ...end, message: this.#options.redact(end.message) };
  }

  #takeSample(sample: MotionSample): void {
    if (sample.isSceneChange === true) this.#log.debug('the scene changed; its background is learned anew');
    this.events.tracker.sample(sample);
    this.#history.sample(sample);
    this.#options.onSample(sample);
  }

  #makeSchedule(): CameraSchedule {
    return new CameraSchedule({
      config: this.#options.config,
      timeZone: this.#options.timeZone,
      recorder: this.#recorders.main,
      timelapse: this.#recorders.timelapse,
      tracker: this.events.tracker,
      lookForMotion: () => this.#watch.begin(),
      ignoreMotion: () => this.#watch.end(),
      log: this.#log,
    });
  }

  #makeLoudness(): CameraLoudness | undefined {
    const { config, sound: process, timeZone } = this.#options;
    if (config.event.loud === undefined || !this.#options.source.audio) return undefined;
    return new CameraLoudness({
      config: config.event.loud,
      process,
      isWanted: (at) => modeAt(config.modes, at, timeZone) !== 'off',
      onLoud: (since, until) => this.events.tracker.loud(since, until),
      log: this.#log,
    });
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

  #makeRecorders(): CameraRecorders {
    const { config, volumes, fileLengthMs, ringMaxBytes, ledger, clock } = this.#options;
    return new CameraRecorders({
      config,
      volumes,
      fileLengthMs,
      ringMaxBytes,
      onSegment: (segment) => {
        this.#history.segment(segment);
        ledger.recorded(segment);
      },
      onFailed: (error, file) => {
        if (error.kind === 'packets') ledger.trouble(error.message);
        else ledger.diskFailed(error.message);
        if (file !== undefined && error.kind !== 'packets') volumes.failed(file, error);
      },
      clock,
      log: this.#log,
    });
  }

  #openMain() {
    const { config, source, engines, sourceProgram, sound, clock } = this.#options;
    const choice = new EngineChoice({ setting: source.engine, memory: engines.main, clock });
    return async (signal: AbortSignal) => {
      const stream = await openChosenStream(
        {
          camera: config.name,
          address: revealed(source.main),
          transport: source.transport,
          audio: source.audio,
          sound,
          orientation: source.orientation,
          encoding: this.#encoding,
          sourceProgram,
          onProblem: (problem) => this.#noteProblem(problem),
          pace: this.#live.pace,
          clock,
          log: this.#log,
        },
        choice,
        signal,
      );
      if (!stream.isEncoded) this.#transcoder?.start();
      this.#recorded = stream.isEncoded ? this.#recorders : (this.#transcoder ?? this.#recorders);
      return stream;
    };
  }

  get #encoding(): SourceEncoding {
    const { config, timeZone } = this.#options;
    return { reencode: config.reencode ?? PLAIN_ENCODING, camera: config.name, timeZone };
  }

  #noteProblem(problem: MediaProblem): void {
    const trouble = troubleOf(problem);
    if (trouble !== undefined) this.#options.ledger.trouble(trouble);
  }

  #tellVideo(packet: VideoPacket): void {
    const { track } = packet;
    const { widthPx, heightPx } = shownSize(track);
    const picture = `${track.codecString} ${widthPx}x${heightPx}`;
    const isNew = this.#video === undefined;
    this.#video = track;
    this.#options.onChanged();
    if (!isNew) {
      this.#log.info(`the camera changed its picture: now ${picture}`);
      return;
    }
    const { place } = this.#watch;
    const motion = place === undefined ? '' : `, looking for motion in ${place}`;
    this.#log.info(`connected: ${picture}; mode ${this.status.mode}${motion}`);
    if (isGradual(packet)) this.#log.warn(GRADUAL);
  }
}
