import type { Volumes } from '../archive/volumes.ts';
import type { AnalyzerPool, WatchHandle } from '../analysis/analyzer-pool.ts';
import type { WatchSource } from '../analysis/messages.ts';
import type { Clock } from '../base/clock.ts';
import type { Log, LogFields } from '../base/log.ts';
import { CameraStream, type StreamState } from '../camera/stream.ts';
import type { CameraConfig, RtspSource, StreamAddress } from '../config/config.ts';
import type { Event } from '../event/event.ts';
import { eventJson } from '../event/event-json.ts';
import { EventTracker } from '../event/event-tracker.ts';
import type { Packet, VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type RunEnd, type StreamSink } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { Recorder, type RecordingMode } from '../recording/recorder.ts';
import { openRtsp } from '../rtsp/session.ts';
import { detectionSettings } from './detection-settings.ts';

export interface RecordedCameraOptions {
  readonly config: CameraConfig;
  /** Where it is reached; for the demo camera not what the configuration says. */
  readonly source: RtspSource;
  readonly volumes: Volumes;
  readonly fileLengthMs: number;
  readonly ringMaxBytes: number;
  readonly analyzers: AnalyzerPool;
  readonly clock: Clock;
  readonly log: Log;
}

/** A camera at a glance, for the status line and pages. */
export interface CameraStatus {
  readonly camera: string;
  readonly stream: StreamState;
  readonly isRecording: boolean;
  readonly event: Event | undefined;
  readonly video: VideoTrack | undefined;
}

/**
 * How much longer than the pre-roll the ring reaches back: a trigger is told after it happened, by the time it takes
 * to notice that a camera is unwatched at most.
 */
const TRIGGER_DELAY_MS = 4_000;

/** One camera with all its parts: the stream that is recorded, its recorder, its events, its watch. */
export class RecordedCamera implements StreamSink, AsyncDisposable {
  readonly #options: RecordedCameraOptions;
  readonly #log: Log;
  readonly #recorder: Recorder;
  readonly #tracker: EventTracker;
  readonly #stream: CameraStream;
  #watch: WatchHandle | undefined;
  #video: VideoTrack | undefined;

  constructor(options: RecordedCameraOptions) {
    const { config, clock } = options;
    this.#options = options;
    this.#log = options.log.with({ camera: config.name });
    this.#recorder = this.#makeRecorder();
    this.#tracker = new EventTracker(config.name, config.event, {
      opened: (event) => this.#eventOpened(event),
      closed: (event) => this.#eventClosed(event),
    });
    this.#stream = new CameraStream({ open: this.#openMain(), sink: this, clock, log: this.#log });
  }

  get status(): CameraStatus {
    return {
      camera: this.#options.config.name,
      stream: this.#stream.state,
      isRecording: this.#recorder.isRecording,
      event: this.#tracker.open,
      video: this.#video,
    };
  }

  start(): void {
    const { config, source, analyzers } = this.#options;
    const watch = {
      camera: config.name,
      source: watchSource(source),
      rateFps: config.motion.rateFps,
      ...detectionSettings(config.motion),
    };
    this.#watch = analyzers.watch(watch, {
      sample: (sample) => this.#takeSample(sample),
    });
    this.#stream.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
    this.#options.analyzers.unwatch(this.#options.config.name);
    await this.#recorder[Symbol.asyncDispose]();
  }

  runStarted(run: Run): void {
    this.#recorder.runStarted(run);
    this.#tracker.connected(run.startWallMs);
  }

  packet(packet: Packet, run: Run): void {
    this.#recorder.packet(packet, run);
    if (packet.track.kind !== 'video') return;
    if (packet.track !== this.#video) this.#tellVideo(packet.track);
    if (this.#options.source.sub === undefined) this.#watch?.forward(packet, run);
    this.#tracker.advance(wallOfPacket(packet, run));
  }

  runEnded(run: Run, end: RunEnd): void {
    this.#tracker.disconnected(this.#options.clock.wallMs());
    this.#recorder.runEnded(run, end);
    this.#video = undefined;
  }

  #takeSample(sample: MotionSample): void {
    if (sample.isSceneChange === true) this.#log.debug('the scene changed; its background is learned anew');
    this.#tracker.sample(sample);
  }

  #makeRecorder(): Recorder {
    const { config, volumes, fileLengthMs, ringMaxBytes, clock } = this.#options;
    const mode: RecordingMode =
      config.mode === 'always'
        ? { kind: 'always', fileLengthMs }
        : {
            kind: 'event',
            ring: { spanMs: config.event.preRollMs + TRIGGER_DELAY_MS, maxBytes: ringMaxBytes },
            fileLengthMs: config.event.maximalLengthMs,
          };
    return new Recorder({
      camera: config.name,
      mode,
      createFile: (start) => volumes.create(config.name, start),
      clock,
      log: this.#log,
      onFailed: (error, file) => {
        if (file !== undefined && error.kind !== 'packets') volumes.failed(file, error);
      },
    });
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
          clock,
          log: this.#log,
        },
        signal,
      );
  }

  #tellVideo(track: VideoTrack): void {
    const picture = `${track.codecString} ${track.widthPx}x${track.heightPx}`;
    const isNew = this.#video === undefined;
    this.#video = track;
    if (!isNew) {
      this.#log.info(`the camera changed its picture: now ${picture}`);
      return;
    }
    const watched = this.#options.source.sub === undefined ? 'the same stream' : 'the sub-stream';
    this.#log.info(`connected: ${picture}; looking for motion in ${watched}`);
  }

  #eventOpened(event: Event): void {
    const why =
      event.causes[0] === 'motion'
        ? `motion (score ${event.trigger?.score ?? 0})`
        : 'the camera is not being analysed, so everything is kept';
    const trigger = new Date(event.triggerWallMs).toISOString();
    this.#log.info(`event: ${why}`, { trigger, ...zonesField(event) });
    this.#recorder.keepFrom(event.fromWallMs, eventJson(event));
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
    this.#recorder.keepUntil(event.untilWallMs, eventJson(event));
  }
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
