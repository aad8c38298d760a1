import type { Clock, Timer } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { EngineName, EngineSetting } from '../config/config.ts';
import type { Fallback } from '../db/records.ts';
import { isProtocolFailure } from './protocol-failure.ts';

/** What is remembered of one stream, beyond the process that decides. */
export interface FallbackMemory {
  readonly fallback: Fallback | undefined;
  /** FFmpeg reads it, and our own client cannot; told again when that has been tried once more. */
  remember(fallback: Fallback): void;
  /** @param isMended whether our own client reads it again; else FFmpeg's cannot any more either. */
  forget(isMended: boolean): void;
}

export interface EngineChoiceOptions {
  readonly setting: EngineSetting;
  readonly memory: FallbackMemory;
  readonly clock: Clock;
}

/** So often in a row an engine may fail before the other one is tried. */
const FAILURES = 3;
/** A run at least this long has shown that an engine reads the camera. */
const PROOF_MS = 10_000;
/** Key pictures are seconds apart, a minute where a camera spares them most. */
const PICTURE_PATIENCE_MS = 120_000;
/** Our own client is tried again when the camera is reached so long after it was tried last: cameras get other firmware. */
const TRY_AGAIN_MS = 24 * 3_600_000;

/**
 * Chooses what reads an RTSP camera, attempt by attempt. With `auto` that is our own client, until it has not understood the
 * camera three times in a row; then FFmpeg's is tried once, and remembered if a picture comes of it.
 */
export class EngineChoice {
  readonly #options: EngineChoiceOptions;
  /** In a row, of the engine in use. */
  #failures = 0;
  /** In a row, of our own client where it is tried again: it did not even come to where it understands or does not. */
  #vainRetries = 0;
  #reason = '';

  constructor(options: EngineChoiceOptions) {
    this.#options = options;
  }

  /** To be disposed of when it is over. */
  attempt(): EngineAttempt {
    const engine = this.#engine();
    const { setting, clock } = this.#options;
    const patienceMs = setting === 'auto' && engine === 'native' ? PICTURE_PATIENCE_MS : undefined;
    return new EngineAttempt(engine, patienceMs, clock, {
      picture: () => this.#picture(engine),
      proved: () => this.#proved(engine),
      failed: (error) => this.#failed(engine, error),
    });
  }

  #engine(): EngineName {
    const { setting, memory, clock } = this.#options;
    if (setting !== 'auto') return setting;
    if (memory.fallback === undefined) return this.#failures < FAILURES ? 'native' : 'ffmpeg';
    // A clock that was set back must not put it off for years.
    const triedForMs = Math.abs(clock.wallMs() - memory.fallback.triedWallMs);
    if (triedForMs < TRY_AGAIN_MS) return 'ffmpeg';
    // Whether the camera is away, or only our own client hears nothing of it any more, shows when FFmpeg tries.
    return this.#vainRetries < FAILURES ? 'native' : 'ffmpeg';
  }

  #picture(engine: EngineName): void {
    const { setting, memory, clock } = this.#options;
    if (setting !== 'auto' || engine !== 'ffmpeg') return;
    const { fallback } = memory;
    const nowMs = clock.wallMs();
    if (fallback === undefined) {
      this.#failures = 0;
      memory.remember({ reason: this.#reason, sinceWallMs: nowMs, triedWallMs: nowMs });
    } else if (this.#vainRetries > 0) memory.remember({ ...fallback, triedWallMs: nowMs });
    this.#vainRetries = 0;
  }

  #proved(engine: EngineName): void {
    const { setting, memory } = this.#options;
    this.#failures = 0;
    if (setting === 'auto' && engine === 'native' && memory.fallback !== undefined) memory.forget(true);
  }

  #failed(engine: EngineName, error: unknown): void {
    const { memory, clock } = this.#options;
    const { fallback } = memory;
    this.#vainRetries = engine === 'native' && fallback !== undefined ? this.#vainRetries + 1 : 0;
    const isUntried = engine === 'ffmpeg' && fallback === undefined;
    if (isUntried) this.#failures = 0;
    else if (!isProtocolFailure(error)) return;
    else if (engine === 'native' && fallback !== undefined) {
      memory.remember({ ...fallback, reason: describeError(error), triedWallMs: clock.wallMs() });
    } else {
      this.#failures += 1;
      if (engine === 'native') this.#reason = describeError(error);
      else if (this.#failures >= FAILURES) {
        this.#failures = 0;
        memory.forget(false);
      }
    }
  }
}

interface AttemptListener {
  picture(): void;
  proved(): void;
  failed(error: unknown): void;
}

/** One attempt to play a stream, by one engine. */
export class EngineAttempt implements Disposable {
  readonly engine: EngineName;
  /** How long media may come of which no picture can be made; for ever where no other engine may be tried. */
  readonly patienceMs: number | undefined;
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  #proof: Timer | undefined;
  #hasEnded = false;

  /** @internal Use `EngineChoice`. */
  constructor(engine: EngineName, patienceMs: number | undefined, clock: Clock, listener: AttemptListener) {
    this.engine = engine;
    this.patienceMs = patienceMs;
    this.#clock = clock;
    this.#listener = listener;
  }

  get hasPicture(): boolean {
    return this.#proof !== undefined;
  }

  /** A picture has come: a run has begun. */
  runStarted(): void {
    if (this.#hasEnded || this.#proof !== undefined) return;
    this.#listener.picture();
    this.#proof = this.#clock.setTimer(PROOF_MS, () => this.#listener.proved());
  }

  /** Not of one that was given up. */
  failed(error: unknown): void {
    if (!this.#hasEnded) this.#listener.failed(error);
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#hasEnded = true;
    this.#proof?.[Symbol.dispose]();
  }
}
