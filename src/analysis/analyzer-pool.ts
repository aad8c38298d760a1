import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Fallback } from '../db/records.ts';
import type { Packet } from '../media/packet.ts';
import type { Run } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import { AnalyzerProcess } from './analyzer-process.ts';
import type { AnalysisCost } from './cpu-budget.ts';
import { ExplainRequests } from './explain-requests.ts';
import type { ExplainedPicture, FromAnalyzer, Watch } from './messages.ts';
import { PacketForwarder } from './packet-forwarder.ts';

export interface AnalyzerPoolOptions {
  /** How many processes at most: one a core. */
  readonly processCount: number;
  /** The analyzer's program, a path to built JavaScript. */
  readonly program: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a watched camera's owner hears. */
export interface WatchListener {
  sample(sample: MotionSample): void;
  /** What it takes is known, or has changed. */
  cost(cost: AnalysisCost): void;
  /** See `FallbackMemory`, of the stream that the analyzer opens by itself. */
  fellBack(fallback: Fallback): void;
  forgotFallback(isMended: boolean): void;
}

/** A camera under analysis. */
export interface WatchHandle {
  /** For `forwarded` sources: a packet of the recorded stream. */
  forward(packet: Packet, run: Run): void;
  /** For `own` sources: the camera plays, so that its other stream may be tried at once. */
  playing(): void;
}

interface Watched {
  readonly process: AnalyzerProcess;
  readonly listener: WatchListener;
  readonly forwarder: PacketForwarder;
  readonly explaining: ExplainRequests;
}

/** Spreads the cameras over analyzer processes, one a core, and hands each camera's results to its owner. */
export class AnalyzerPool implements AsyncDisposable {
  readonly #options: AnalyzerPoolOptions;
  readonly #processes: AnalyzerProcess[] = [];
  readonly #watched = new Map<string, Watched>();
  /** How many look at what a camera's detector says; also while it is not watched. */
  readonly #attending = new Map<string, number>();

  constructor(options: AnalyzerPoolOptions) {
    this.#options = options;
  }

  /** Process ids of the analyzers that run now. */
  get pids(): readonly number[] {
    return this.#processes.flatMap((process) => process.pid ?? []);
  }

  /** Analyses a camera from now on. A camera is watched once. */
  watch(watch: Watch, listener: WatchListener): WatchHandle {
    const log = this.#options.log.with({ camera: watch.camera });
    const process = this.#leastBusy();
    const forwarder = new PacketForwarder({
      camera: watch.camera,
      clock: this.#options.clock,
      send: (message) => process.send(message),
      onBehind: () => log.warn('the analyzer is behind; leaving pictures out until it has caught up'),
      onCaughtUp: (dropped) => log.warn(`the analyzer has caught up; ${dropped} pictures were not analysed`),
    });
    const explaining = new ExplainRequests((minimalDurationMs) =>
      process.send({ type: 'explain', camera: watch.camera, minimalDurationMs }),
    );
    this.#watched.set(watch.camera, { process, listener, forwarder, explaining });
    process.watch(watch);
    if (this.#attending.has(watch.camera)) this.#tellAttended(watch.camera);
    return {
      forward: (packet, run) => forwarder.forward(packet, run),
      playing: () => process.send({ type: 'playing', camera: watch.camera }),
    };
  }

  /**
   * A watched camera's analysed pictures, explained, live: each is made when it is asked for, so that one that looks
   * slowly sees fewer. Ends when the signal aborts or the camera is no longer watched.
   * @param minimalDurationMs for the label, of the camera's events.
   */
  async *explain(
    camera: string,
    minimalDurationMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<ExplainedPicture, void, void> {
    for (;;) {
      const picture = await this.#watched.get(camera)?.explaining.next(minimalDurationMs, signal);
      if (picture === undefined) return;
      yield picture;
    }
  }

  /** The camera's samples come at once instead of with others, until disposed of. */
  attend(camera: string): Disposable {
    this.#changeAttending(camera, 1);
    let isOver = false;
    return {
      [Symbol.dispose]: () => {
        if (!isOver) this.#changeAttending(camera, -1);
        isOver = true;
      },
    };
  }

  unwatch(camera: string): void {
    this.#watched.get(camera)?.explaining.end();
    this.#watched.get(camera)?.process.unwatch(camera);
    this.#watched.delete(camera);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { explaining } of this.#watched.values()) explaining.end();
    await Promise.all(this.#processes.map((process) => process[Symbol.asyncDispose]()));
  }

  #changeAttending(camera: string, by: 1 | -1): void {
    const before = this.#attending.get(camera) ?? 0;
    if (before + by > 0) this.#attending.set(camera, before + by);
    else this.#attending.delete(camera);
    if (before === 0 || before + by === 0) this.#tellAttended(camera);
  }

  #tellAttended(camera: string): void {
    const isAttended = this.#attending.has(camera);
    this.#watched.get(camera)?.process.send({ type: 'attend', camera, isAttended });
  }

  #leastBusy(): AnalyzerProcess {
    const idle = this.#processes.toSorted((a, b) => a.cameraCount - b.cameraCount)[0];
    if (
      idle !== undefined &&
      (idle.cameraCount === 0 || this.#processes.length >= this.#options.processCount)
    ) {
      return idle;
    }
    const { program, clock, log } = this.#options;
    const process = new AnalyzerProcess({
      ordinal: this.#processes.length + 1,
      program,
      clock,
      log,
      onMessage: (message) => this.#receive(message),
      onStarted: () => this.#started(process),
    });
    this.#processes.push(process);
    return process;
  }

  #started(process: AnalyzerProcess): void {
    for (const [camera, watched] of this.#watched) {
      if (watched.process !== process) continue;
      if (this.#attending.has(camera)) this.#tellAttended(camera);
      watched.forwarder.beginAgain();
      watched.explaining.beginAgain();
    }
  }

  #receive(message: FromAnalyzer): void {
    switch (message.type) {
      case 'heartbeat':
        return;
      case 'log':
        this.#options.log[message.level](message.message, message.fields);
        return;
      case 'taken':
        this.#watched.get(message.camera)?.forwarder.taken();
        return;
      case 'sample':
        this.#watched.get(message.camera)?.listener.sample(message.sample);
        return;
      case 'cost':
        this.#watched.get(message.camera)?.listener.cost(message.cost);
        return;
      case 'fell-back':
        this.#watched.get(message.camera)?.process.rememberFallback(message.camera, message.fallback);
        this.#watched.get(message.camera)?.listener.fellBack(message.fallback);
        return;
      case 'forgot-fallback':
        this.#watched.get(message.camera)?.process.rememberFallback(message.camera, undefined);
        this.#watched.get(message.camera)?.listener.forgotFallback(message.isMended);
        return;
      case 'explained':
        this.#watched.get(message.camera)?.explaining.answered(message.picture);
    }
  }
}
