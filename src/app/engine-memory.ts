import { createHash } from 'node:crypto';
import type { Log } from '../base/log.ts';
import type { FallbackMemory } from '../camera/engine-choice.ts';
import type { StreamAddress, StreamsSource } from '../config/config.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { Fallback, FallbackRecord } from '../db/records.ts';

export interface EngineMemoryOptions {
  readonly tellIndex: (write: IndexWrite) => void;
  /** Which engine reads a camera has changed. */
  readonly onChanged: () => void;
  /** Masks credentials in what a camera answered. */
  readonly redact: (text: string) => string;
  readonly log: Log;
}

/** Of one camera. */
export interface CameraEngines {
  readonly main: FallbackMemory;
  readonly sub: FallbackMemory;
  /** Of those streams that FFmpeg reads because our own client does not understand the camera. */
  readonly fallbacks: readonly FallbackRecord[];
}

type StreamName = FallbackRecord['stream'];

/** Which RTSP streams FFmpeg reads because our own client does not understand the camera: over restarts, until the address changes. */
export class EngineMemory {
  readonly #options: EngineMemoryOptions;
  readonly #fallbacks = new Map<string, FallbackRecord>();
  /** Of what the log has told. */
  readonly #said = new Set<string>();

  constructor(options: EngineMemoryOptions) {
    this.#options = options;
  }

  /** What the index knows from before. */
  recall(fallbacks: readonly FallbackRecord[]): void {
    for (const fallback of fallbacks) this.#fallbacks.set(keyOf(fallback.camera, fallback.stream), fallback);
  }

  /** The index has begun anew. */
  retell(): void {
    for (const fallback of this.#fallbacks.values()) this.#options.tellIndex({ type: 'fallback', fallback });
  }

  /** What was remembered of other addresses, or is not to be chosen any more, is forgotten. */
  of(camera: string, { engine, main, sub }: StreamsSource): CameraEngines {
    const memoryOf = (stream: StreamName, address: StreamAddress | undefined): FallbackMemory => {
      const addressHash = hashOf(address?.url ?? '');
      const known = this.#fallbacks.get(keyOf(camera, stream));
      const isOutdated = engine !== 'auto' || known?.addressHash !== addressHash;
      if (known !== undefined && isOutdated) this.#forget(camera, stream);
      return this.#stream({ camera, stream, addressHash });
    };
    const fallbacks = () => [...this.#fallbacks.values()].filter((one) => one.camera === camera);
    return {
      main: memoryOf('main', main),
      sub: memoryOf('sub', sub),
      get fallbacks() {
        return fallbacks();
      },
    };
  }

  #stream(place: Pick<FallbackRecord, 'camera' | 'stream' | 'addressHash'>): FallbackMemory {
    const { camera, stream } = place;
    const key = keyOf(camera, stream);
    const fallbacks = this.#fallbacks;
    const log = this.#options.log.with(stream === 'sub' ? { camera, stream } : { camera });
    return {
      get fallback() {
        return fallbacks.get(key);
      },
      remember: ({ reason, sinceWallMs, triedWallMs }: Fallback) => {
        const record = { ...place, reason: this.#options.redact(reason), sinceWallMs, triedWallMs };
        const isNew = !fallbacks.has(key);
        fallbacks.set(key, record);
        this.#options.tellIndex({ type: 'fallback', fallback: record });
        if (isNew) this.#fellBack(record, log);
      },
      forget: (isMended) => {
        if (!fallbacks.has(key)) return;
        this.#forget(camera, stream);
        if (isMended) log.info('our own RTSP client reads the camera again, and FFmpeg no longer does');
      },
    };
  }

  /** Says so once, whatever becomes of it. */
  #fellBack({ camera, stream, addressHash, reason }: FallbackRecord, log: Log): void {
    const id = `${keyOf(camera, stream)} ${addressHash}`;
    if (!this.#said.has(id)) {
      log.warn(
        `FFmpeg reads the camera from now on, for our own RTSP client does not understand it: ${reason}`,
      );
    }
    this.#said.add(id);
    this.#options.onChanged();
  }

  #forget(camera: string, stream: StreamName): void {
    this.#fallbacks.delete(keyOf(camera, stream));
    this.#options.tellIndex({ type: 'fallback-forgotten', camera, stream });
    this.#options.onChanged();
  }
}

function keyOf(camera: string, stream: StreamName): string {
  return `${camera} ${stream}`;
}

/** Addresses may hold what is not to be found in an index. */
function hashOf(url: string): string {
  return createHash('sha256').update(url).digest('hex');
}
