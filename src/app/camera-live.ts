import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { EngineChoice, type FallbackMemory } from '../camera/engine-choice.ts';
import { OnDemandStream } from '../camera/on-demand-stream.ts';
import { openChosenStream } from '../camera/open-chosen-stream.ts';
import type { StreamsSource } from '../config/config.ts';
import { revealed, type SourceEncoding } from '../config/revealed-address.ts';
import { LiveFeed, type LiveStream } from '../media/live-feed.ts';
import { StreamPace, type OnRead } from '../rtsp/stream-pace.ts';
import type { SoundProcess } from '../sound/sound-process.ts';

export interface CameraLiveOptions {
  readonly camera: string;
  readonly source: StreamsSource;
  /** Of the sub-stream. */
  readonly subMemory: FallbackMemory;
  /** How video is encoded that cannot be shown as it comes. */
  readonly encoding: SourceEncoding;
  /** The source program, a path to built JavaScript. */
  readonly sourceProgram: string;
  readonly sound: SoundProcess;
  /** Of a GOP that is held for those who come. */
  readonly maxGopBytes: number;
  /** Told about main. */
  readonly onRead: OnRead;
  /** Whether anybody can come. */
  readonly isServed: () => boolean;
  /** Masks credentials in what a camera answered. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  /** Carries the camera in its fields. */
  readonly log: Log;
}

/** A camera's streams for those who watch it now: main as it is recorded, the sub-stream opened while somebody watches. */
export class CameraLive implements AsyncDisposable {
  /** Of main. */
  readonly pace: StreamPace;
  /** Is to be fed with the stream that is recorded. */
  readonly main: LiveFeed;
  /** Where there is one. */
  readonly #sub: OnDemandStream | undefined;

  constructor(options: CameraLiveOptions) {
    this.pace = new StreamPace(options.clock, options.onRead);
    this.main = new LiveFeed(options.maxGopBytes, options.isServed);
    this.#sub = makeSub(options);
  }

  get hasSub(): boolean {
    return this.#sub !== undefined;
  }

  /** Main is read as it comes while somebody watches it; it serves for a sub-stream that there is not. */
  stream(name: 'main' | 'sub'): LiveStream {
    if (name === 'sub' && this.#sub !== undefined) return this.#sub;
    return {
      join: (listener) => {
        const hurry = this.pace.hurry();
        const joined = this.main.join(listener);
        return {
          [Symbol.dispose]: () => {
            joined[Symbol.dispose]();
            hurry[Symbol.dispose]();
          },
        };
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.main.end();
    await this.#sub?.[Symbol.asyncDispose]();
  }
}

function makeSub(options: CameraLiveOptions): OnDemandStream | undefined {
  const { camera, source, subMemory: memory, encoding, sourceProgram, sound, redact, clock } = options;
  const { sub, engine: setting, transport, audio, orientation } = source;
  if (sub === undefined) return undefined;
  const log = options.log.with({ stream: 'sub' });
  const fixed = { camera, transport, audio, orientation, encoding, sourceProgram, sound };
  const choice = new EngineChoice({ setting, memory, clock });
  return new OnDemandStream({
    open: (signal) => openChosenStream({ ...fixed, address: revealed(sub), clock, log }, choice, signal),
    maxBytes: options.maxGopBytes,
    clock,
    log,
    redact,
  });
}
