import { GopRing } from './gop-ring.ts';
import type { Packet } from './packet.ts';
import type { Run, StreamSink } from './run.ts';

/** Somebody who watches a stream now. Must neither throw nor wait. */
export interface LiveListener {
  /** A packet's data is valid during the call (see `PacketMemory`). The first one of a run is a key picture. */
  packet(packet: Packet, run: Run): void;
  /** What was held has been told; what comes now is new. */
  caughtUp(): void;
  /** The stream does not play, and why; what comes after it is another run. */
  away(reason: string): void;
  /** There will be no more of this stream; another one may have come to its place. */
  ended(): void;
}

/** A stream that can be watched as it comes. */
export interface LiveStream {
  /** Tells the current GOP, then what comes, until disposed of. */
  join(listener: LiveListener): Disposable;
}

/** Hands a stream on to those who watch, and holds its current GOP so that they see a picture at once. */
export class LiveFeed implements StreamSink, LiveStream {
  readonly #ring: GopRing;
  readonly #isHeld: () => boolean;
  readonly #listeners = new Set<LiveListener>();
  #run: Run | undefined;
  #awayReason: string | undefined;

  /**
   * @param maxBytes of a GOP; of a larger one only what comes is told.
   * @param isHeld asked again and again, whether the current GOP is held. If not, only what comes is told.
   */
  constructor(maxBytes: number, isHeld: () => boolean = () => true) {
    this.#ring = new GopRing({ spanMs: 0, maxBytes });
    this.#isHeld = isHeld;
  }

  join(listener: LiveListener): Disposable {
    const run = this.#run;
    if (run !== undefined) {
      for (const packet of this.#ring.since(Number.POSITIVE_INFINITY)) listener.packet(packet, run);
    }
    listener.caughtUp();
    if (this.#awayReason !== undefined) listener.away(this.#awayReason);
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  runStarted(run: Run): void {
    this.#run = run;
    this.#awayReason = undefined;
    this.#ring.clear();
  }

  packet(packet: Packet, run: Run): void {
    if (this.#isHeld()) this.#ring.push(packet);
    else this.#ring.clear();
    for (const listener of this.#listeners) listener.packet(packet, run);
  }

  runEnded(): void {
    this.#run = undefined;
    this.#ring.clear();
  }

  end(): void {
    this.runEnded();
    for (const listener of this.#listeners) listener.ended();
    this.#listeners.clear();
  }

  /** A run has ended, or an attempt at one has failed; without credentials. */
  away(reason: string): void {
    this.#awayReason = reason;
    for (const listener of this.#listeners) listener.away(reason);
  }
}
