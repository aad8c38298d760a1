import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { RecorderLink } from '../control/recorder-link.ts';
import type { LiveStreams } from './live-player.ts';
import type { LiveStreamName } from './protocol.ts';
import { SharedStream, type StreamFollower } from './shared-stream.ts';

export interface LiveHubOptions {
  readonly link: RecorderLink;
  /** Whether a camera has a sub-stream; undefined for a camera that there is not. */
  readonly hasSub: (camera: string) => boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Media time 0 lies so long before the server's start: streams begin with pictures from before. */
const EPOCH_LEAD_MS = 3_600_000;

/** All streams that are watched in this process, each of them once. */
export class LiveHub implements LiveStreams, AsyncDisposable {
  readonly #options: LiveHubOptions;
  readonly #epochWallMs: WallMs;
  readonly #streams = new Map<string, SharedStream>();
  #gen = 0;
  #seq = 0;

  constructor(options: LiveHubOptions) {
    this.#options = options;
    this.#epochWallMs = wallMs(options.clock.wallMs() - EPOCH_LEAD_MS);
  }

  hasSub(camera: string): boolean | undefined {
    return this.#options.hasSub(camera);
  }

  follow(camera: string, stream: LiveStreamName, follower: StreamFollower): Disposable {
    return this.#stream(camera, stream).follow(follower);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#streams.values(), (stream) => stream[Symbol.asyncDispose]()));
  }

  #stream(camera: string, stream: LiveStreamName): SharedStream {
    const key = `${stream} ${camera}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const { link, clock, log } = this.#options;
    const shared = new SharedStream({
      watched: { camera, stream },
      link,
      epochWallMs: this.#epochWallMs,
      nextGen: () => (this.#gen = (this.#gen + 1) & 0xffff),
      nextSeq: () => (this.#seq = (this.#seq + 1) >>> 0),
      clock,
      log: log.with({ camera, stream }),
    });
    this.#streams.set(key, shared);
    return shared;
  }
}
