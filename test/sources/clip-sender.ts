import { sleep, systemClock } from '../../src/base/clock.ts';
import { muxClip, type MuxOptions } from './mux-clip.ts';

const LOOPS = 1_000;

/** Sends a clip again and again, at its pace, until it is disposed of or whoever reads it leaves. */
export class ClipSender implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #sending: Promise<void>;

  constructor(options: Pick<MuxOptions, 'clip' | 'format' | 'to' | 'options'>) {
    const { signal } = this.#stop;
    const startedMs = systemClock.monotonicMs();
    const pace = async (seconds: number) => {
      const waitMs = startedMs + seconds * 1_000 - systemClock.monotonicMs();
      if (waitMs > 0) await sleep(systemClock, waitMs, signal);
      signal.throwIfAborted();
    };
    // Both ends of it are errors of FFmpeg or of ours.
    this.#sending = muxClip({ ...options, pace, loops: LOOPS }).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#sending;
  }
}
