import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { LiveFeed, type LiveListener, type LiveStream } from '../media/live-feed.ts';
import { CameraStream, type OpenSource } from './stream.ts';

export interface OnDemandOptions {
  readonly open: OpenSource;
  /** Of the GOP that is held. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Carries the camera and stream in its fields. */
  readonly log: Log;
  /** Masks credentials in what a camera answered. */
  readonly redact: (text: string) => string;
}

/** How long it goes on without anybody: who comes back meanwhile sees a picture at once. */
const LINGER_MS = 30_000;

/** A stream of a camera that is open while somebody watches it, and a little longer. */
export class OnDemandStream implements LiveStream, AsyncDisposable {
  readonly #options: OnDemandOptions;
  #open: { readonly feed: LiveFeed; readonly stream: CameraStream } | undefined;
  #watching = 0;
  #lingering: Timer | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(options: OnDemandOptions) {
    this.#options = options;
  }

  join(listener: LiveListener): Disposable {
    this.#lingering?.[Symbol.dispose]();
    this.#watching += 1;
    const { feed } = (this.#open ??= this.#start());
    const joined = feed.join(listener);
    let hasLeft = false;
    return {
      [Symbol.dispose]: () => {
        if (hasLeft) return;
        hasLeft = true;
        joined[Symbol.dispose]();
        this.#watching -= 1;
        if (this.#watching === 0) this.#linger();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lingering?.[Symbol.dispose]();
    this.#close();
    await Promise.all(this.#closing);
  }

  #start() {
    const { open, maxBytes, clock, log, redact } = this.#options;
    const feed = new LiveFeed(maxBytes);
    const onAway = ({ message }: { readonly message: string }) => feed.away(redact(message));
    const stream = new CameraStream({ open, sink: feed, onAway, clock, log });
    stream.start();
    return { feed, stream };
  }

  #linger(): void {
    this.#lingering = this.#options.clock.setTimer(LINGER_MS, () => this.#close());
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    open.feed.end();
    const closing = open.stream[Symbol.asyncDispose]().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
