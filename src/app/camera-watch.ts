import type { AnalyzerPool, WatchHandle } from '../analysis/analyzer-pool.ts';
import type { AnalysisCost } from '../analysis/cpu-budget.ts';
import type { ExplainedPicture, WatchSource } from '../analysis/messages.ts';
import type { FallbackMemory } from '../camera/engine-choice.ts';
import type { CameraConfig, StreamsSource } from '../config/config.ts';
import { revealed, type SourceEncoding } from '../config/revealed-address.ts';
import type { Packet } from '../media/packet.ts';
import type { Run } from '../media/run.ts';
import type { MotionSample } from '../motion/motion-sample.ts';
import type { StreamPace } from '../rtsp/stream-pace.ts';
import { detectionSettings } from './detection-settings.ts';

export interface CameraWatchOptions {
  readonly config: CameraConfig;
  readonly source: StreamsSource;
  /** Of the sub-stream. */
  readonly subMemory: FallbackMemory;
  /** How video is encoded that cannot be decoded as it comes. */
  readonly encoding: SourceEncoding;
  /** The source program, a path to built JavaScript. */
  readonly sourceProgram: string;
  readonly analyzers: AnalyzerPool;
  /** Of the stream that is recorded. */
  readonly pace: StreamPace;
  readonly onSample: (sample: MotionSample) => void;
  /** `cost` has changed. */
  readonly onCost: () => void;
}

/** Motion is looked for in a camera's sub-stream, or without one in the stream that is recorded. */
export class CameraWatch {
  readonly #options: CameraWatchOptions;
  #handle: WatchHandle | undefined;
  #cost: AnalysisCost | undefined;

  constructor(options: CameraWatchOptions) {
    this.#options = options;
  }

  /** For people; undefined while it is not looked for. */
  get place(): string | undefined {
    if (this.#handle === undefined) return undefined;
    return this.#isForwarded ? 'the same stream' : 'the sub-stream';
  }

  /** What it takes; undefined until that is known. */
  get cost(): AnalysisCost | undefined {
    return this.#cost;
  }

  begin(): void {
    const { config, analyzers, subMemory, pace, onSample, onCost } = this.#options;
    const watch = {
      camera: config.name,
      source: this.#source(),
      rateFps: config.motion.rateFps,
      ...detectionSettings(config.motion),
    };
    pace.isAnalysed = this.#isForwarded;
    this.#handle = analyzers.watch(watch, {
      sample: onSample,
      cost: (cost) => {
        this.#cost = cost;
        onCost();
      },
      fellBack: (fallback) => subMemory.remember(fallback),
      forgotFallback: (isMended) => subMemory.forget(isMended),
    });
  }

  end(): void {
    this.#options.analyzers.unwatch(this.#options.config.name);
    this.#options.pace.isAnalysed = false;
    this.#handle = undefined;
    this.#cost = undefined;
  }

  /** A run of the stream that is recorded has begun. */
  runStarted(): void {
    if (!this.#isForwarded) this.#handle?.playing();
  }

  /** @param packet a picture of the stream that is recorded. */
  packet(packet: Packet, run: Run): void {
    if (this.#isForwarded) this.#handle?.forward(packet, run);
  }

  /** What the detector says is told as it says it, until disposed of. */
  attend(): Disposable {
    const { config, analyzers, pace } = this.#options;
    const attention = analyzers.attend(config.name);
    const hurry = this.#isForwarded ? pace.hurry() : undefined;
    return {
      [Symbol.dispose]: () => {
        attention[Symbol.dispose]();
        hurry?.[Symbol.dispose]();
      },
    };
  }

  /** The analysed pictures, explained: see `AnalyzerPool.explain`. */
  explained(signal: AbortSignal): AsyncIterable<ExplainedPicture> {
    const { config, analyzers } = this.#options;
    return analyzers.explain(config.name, config.event.minimalDurationMs, signal);
  }

  get #isForwarded(): boolean {
    return this.#options.source.sub === undefined;
  }

  #source(): WatchSource {
    const { source, subMemory, encoding, sourceProgram } = this.#options;
    const { sub, engine, transport, orientation } = source;
    if (sub === undefined) return { kind: 'forwarded' };
    const { fallback } = subMemory;
    const address = revealed(sub);
    return { kind: 'own', address, engine, fallback, transport, orientation, encoding, sourceProgram };
  }
}
