import { AnalysisSession } from '../analysis/analysis-session.ts';
import { DozingSession } from '../analysis/dozing-session.ts';
import { Glancer } from '../analysis/glancer.ts';
import {
  HEARTBEAT_MS,
  PICTURES_A_REQUEST,
  type ForwardedPacket,
  type FromAnalyzer,
  type LogLevel,
  type ToAnalyzer,
  type Watch,
} from '../analysis/messages.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log, LogFields } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import { CostReport } from '../analysis/cost-report.ts';
import { CpuBudget, type CpuShare } from '../analysis/cpu-budget.ts';
import { OUTBOX_MS } from '../analysis/outbox.ts';
import { PacketQueue, type Effort } from '../analysis/packet-queue.ts';
import { EngineChoice, type FallbackMemory } from '../camera/engine-choice.ts';
import { openChosenStream } from '../camera/open-chosen-stream.ts';
import { CameraStream } from '../camera/stream.ts';
import type { Fallback } from '../db/records.ts';
import type { DecodedPicture } from '../decode/decoder.ts';
import { wholeSecondsLeft, type Moment } from '../lab/lane.ts';
import { LiveExplainer } from '../lab/live-explainer.ts';
import { isVideo, type Packet, type VideoPacket, type VideoTrack } from '../media/packet.ts';
import { wallOfPacket, type Run, type StreamSink } from '../media/run.ts';
import { glanceSettings } from '../motion/glance-settings.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { StreamPace } from '../rtsp/stream-pace.ts';
import { Detectors } from './detectors.ts';

export interface AnalyzerOptions {
  readonly clock: Clock;
  /** Sends a message soon, where `longestWaitMs` is given at the latest after so long. */
  readonly send: (message: FromAnalyzer, longestWaitMs?: number) => void;
  /** Runs the function after what is to be read from the network now. */
  readonly defer: (work: () => void) => void;
  /** The recorder wants the process to leave. */
  readonly onStop: () => void;
  /** CPU time that the process has taken so far. */
  readonly cpuMs: () => number;
  /** Of the motion kernel. */
  readonly kernelFile: string;
}

/** A sample that says the same as the one before it waits so long for others. */
const LONGEST_SAMPLE_WAIT_MS = 1_000;
/** A sample is sent so long after the one before it at the latest. */
const LATEST_SAMPLE_MS = 1_500;

/** The inside of an analyzer process: decodes the streams of its cameras and tells what moves. */
export class Analyzer implements AsyncDisposable {
  readonly #options: AnalyzerOptions;
  readonly #detectors: Detectors;
  readonly #budget: CpuBudget;
  readonly #cameras = new Map<string, WatchedCamera>();
  /** Streams of cameras no longer watched, on their way out. */
  readonly #leaving = new Set<Promise<void>>();
  #heartbeat: Timer | undefined;

  constructor(options: AnalyzerOptions) {
    this.#options = options;
    this.#detectors = new Detectors(new SentLog(options.send, {}), options.kernelFile);
    this.#budget = new CpuBudget(options);
  }

  start(): void {
    const { clock, send } = this.#options;
    send({ type: 'heartbeat' });
    this.#heartbeat = clock.setTimer(HEARTBEAT_MS, () => this.start());
  }

  receive(message: ToAnalyzer): void {
    switch (message.type) {
      case 'watch':
        this.#rewatch(message.watch);
        return;
      case 'unwatch':
        this.#unwatch(message.camera);
        return;
      case 'explain':
        this.#cameras.get(message.camera)?.explainNext(message.minimalDurationMs);
        return;
      case 'attend':
        this.#cameras.get(message.camera)?.attend(message.isAttended);
        return;
      case 'playing':
        this.#cameras.get(message.camera)?.tryNow();
        return;
      case 'stop':
        this.#options.onStop();
        return;
      case 'track':
        this.#cameras.get(message.camera)?.takeTrack(message.track, message.isNewRun);
        return;
      case 'packet':
        this.#cameras.get(message.camera)?.takePacket(message.packet);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#heartbeat?.[Symbol.dispose]();
    for (const camera of this.#cameras.keys()) this.#unwatch(camera);
    await Promise.all(this.#leaving);
  }

  #rewatch(watch: Watch): void {
    this.#unwatch(watch.camera);
    const share = this.#budget.join();
    const session = this.#makeSession(watch, share);
    const options = { ...this.#options, share };
    this.#cameras.set(watch.camera, new WatchedCamera(watch, session, options));
  }

  #makeSession({ detector, areas, rateFps }: Watch, share: CpuShare): DozingSession {
    const session = new AnalysisSession({ detector: this.#detectors.make(detector, areas), rateFps, share });
    const glance = glanceSettings(detector);
    return new DozingSession(session, glance && new Glancer(this.#detectors.make(glance, areas), share));
  }

  #unwatch(camera: string): void {
    const watched = this.#cameras.get(camera);
    if (watched === undefined) return;
    this.#cameras.delete(camera);
    const leaving = watched[Symbol.asyncDispose]().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

interface WatchedCameraOptions extends AnalyzerOptions {
  /** Of the session. */
  readonly share: CpuShare;
}

/** One camera under analysis, its packets coming from its own connection or from the recorder. */
class WatchedCamera implements StreamSink, AsyncDisposable {
  readonly #watch: Watch;
  readonly #options: WatchedCameraOptions;
  readonly #session: DozingSession;
  readonly #queue: PacketQueue;
  readonly #cost: CostReport;
  readonly #stream: CameraStream | undefined;
  readonly #pace: StreamPace;
  /** While somebody looks at what the detector says. */
  #attention: Disposable | undefined;
  readonly #explainer = new LiveExplainer();
  #forwardedTrack: VideoTrack | undefined;
  #lastMotionWallMs: WallMs | undefined;
  #wasMotion = false;

  constructor(watch: Watch, session: DozingSession, options: WatchedCameraOptions) {
    this.#watch = watch;
    this.#options = options;
    this.#session = session;
    this.#queue = this.#makeQueue();
    this.#cost = this.#makeCostReport();
    this.#pace = new StreamPace(options.clock);
    this.#stream = this.#openStream();
    this.#stream?.start();
  }

  runStarted(): void {
    this.#queue.clear();
    this.#session.reset();
  }

  packet(packet: Packet, run: Run): void {
    if (isVideo(packet)) this.#queue.push(packet, wallOfPacket(packet, run));
  }

  /** Each run begins with a reset. */
  runEnded(): void {}

  takeTrack(track: VideoTrack, isNewRun: boolean): void {
    this.#forwardedTrack = track;
    if (isNewRun) this.runStarted();
  }

  takePacket({ wallMs, ...packet }: ForwardedPacket): void {
    if (this.#forwardedTrack === undefined) this.#tellTaken();
    else this.#queue.push({ ...packet, track: this.#forwardedTrack }, wallMs);
  }

  explainNext(minimalDurationMs: number): void {
    this.#session.explainNext(PICTURES_A_REQUEST, (picture, sample, stages) => {
      const lastMotion = sample.isMotion ? sample.wallMs : this.#lastMotionWallMs;
      const secondsLeft = wholeSecondsLeft(lastMotion, minimalDurationMs, sample.wallMs);
      this.#sendExplained(picture, { sample, stages, secondsLeft });
    });
  }

  tryNow(): void {
    this.#stream?.tryNow();
  }

  attend(isAttended: boolean): void {
    this.#attention?.[Symbol.dispose]();
    this.#attention = isAttended ? this.#pace.hurry() : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream?.[Symbol.asyncDispose]();
    this.#queue[Symbol.dispose]();
    this.#session[Symbol.dispose]();
    this.#explainer[Symbol.dispose]();
  }

  #analyse(packet: VideoPacket, wallMs: WallMs, effort: Effort): void {
    const { camera, source } = this.#watch;
    for (const sample of this.#session.push(packet, wallMs, effort)) {
      if (sample.isMotion) this.#lastMotionWallMs = sample.wallMs;
      this.#options.send({ type: 'sample', camera, sample }, this.#waitFor(sample));
    }
    if (packet.isKey) this.#cost.update();
    if (source.kind === 'forwarded') this.#tellTaken();
  }

  /** How long a sample may wait to be sent: not long if it is the first with motion, or without. */
  #waitFor({ isMotion }: MotionSample): number {
    const isNews = isMotion !== this.#wasMotion;
    this.#wasMotion = isMotion;
    if (this.#attention !== undefined) return 0;
    if (isNews || this.#session.isDozing) return OUTBOX_MS;
    // The recorder takes a camera for unwatched that it has heard nothing of for `UNWATCHED_AFTER_MS`.
    const intervalMs = 1_000 / this.#watch.rateFps;
    return Math.max(OUTBOX_MS, Math.min(LONGEST_SAMPLE_WAIT_MS, LATEST_SAMPLE_MS - intervalMs));
  }

  #tellTaken(): void {
    this.#options.send({ type: 'taken', camera: this.#watch.camera });
  }

  #makeQueue(): PacketQueue {
    const { clock, defer, send } = this.#options;
    const log = new SentLog(send, { camera: this.#watch.camera });
    return new PacketQueue({
      clock,
      defer,
      handle: (packet, wallMs, effort) => this.#analyse(packet, wallMs, effort),
      onBehind: () => log.warn('too little CPU to analyse every picture in time; some are passed over'),
      onCaughtUp: (passedOver) =>
        log.warn(`pictures are analysed in time again; ${passedOver} were passed over`),
    });
  }

  #makeCostReport(): CostReport {
    const { clock, send, share } = this.#options;
    const { camera, source } = this.#watch;
    return new CostReport({
      share,
      tell: (cost) => send({ type: 'cost', camera, cost }),
      clock,
      log: new SentLog(send, { camera }),
      advice: source.kind === 'forwarded' ? '; a sub-stream (subUrl) costs much less' : '',
    });
  }

  /** Whoever looks must not cost the camera its analysis. */
  #sendExplained(picture: DecodedPicture, moment: Moment): void {
    const { camera } = this.#watch;
    const { send } = this.#options;
    try {
      const jpeg = this.#explainer.explain(picture, moment);
      send({ type: 'explained', camera, picture: { sample: moment.sample, jpeg } });
    } catch (error) {
      new SentLog(send, { camera }).warn(`could not explain a picture: ${describeError(error)}`);
    }
  }

  #openStream(): CameraStream | undefined {
    const { camera, source } = this.#watch;
    if (source.kind !== 'own') return undefined;
    const { kind: _, engine: setting, fallback, ...opening } = source;
    const { clock, send } = this.#options;
    const log = new SentLog(send, { camera, stream: 'sub' });
    const fixed = { camera, ...opening, audio: false, pace: this.#pace, clock, log };
    const choice = new EngineChoice({ setting, memory: new ToldMemory(camera, fallback, send), clock });
    return new CameraStream({
      open: (signal) => openChosenStream(fixed, choice, signal),
      sink: this,
      clock,
      log,
    });
  }
}

/** What the recorder remembers of a stream of ours. */
class ToldMemory implements FallbackMemory {
  readonly #camera: string;
  readonly #send: (message: FromAnalyzer) => void;
  #fallback: Fallback | undefined;

  constructor(camera: string, fallback: Fallback | undefined, send: (message: FromAnalyzer) => void) {
    this.#camera = camera;
    this.#fallback = fallback;
    this.#send = send;
  }

  get fallback(): Fallback | undefined {
    return this.#fallback;
  }

  remember(fallback: Fallback): void {
    this.#fallback = fallback;
    this.#send({ type: 'fell-back', camera: this.#camera, fallback });
  }

  forget(isMended: boolean): void {
    this.#fallback = undefined;
    this.#send({ type: 'forgot-fallback', camera: this.#camera, isMended });
  }
}

/** A log whose lines the recorder writes. */
class SentLog implements Log {
  readonly #send: (message: FromAnalyzer) => void;
  readonly #fields: LogFields;

  constructor(send: (message: FromAnalyzer) => void, fields: LogFields) {
    this.#send = send;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  with(fields: LogFields): Log {
    return new SentLog(this.#send, { ...this.#fields, ...fields });
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    this.#send({ type: 'log', level, message, fields: { ...this.#fields, ...fields } });
  }
}
