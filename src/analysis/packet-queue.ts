import type { Clock } from '../base/clock.ts';
import type { MonotonicMs, WallMs } from '../base/time.ts';
import type { VideoPacket } from '../media/packet.ts';

/** A packet that waits this long is decoded, but its picture not analysed. */
export const LATE_MS = 1_000;
/** One that waits this long is left out, with all up to the next key packet. */
export const TOO_LATE_MS = 3_000;
/** The same when so much waits: what a camera may send in that time at 20 Mbit/s. */
export const MAX_WAITING_BYTES = 8 * 2 ** 20;
/** Nothing may have been left out for so long before the analyzer counts as caught up. */
const CALM_MS = 10_000;

/** `all`, `decode` without a look at the picture, or `leave-out`. */
export type Effort = 'all' | 'decode' | 'leave-out';

export interface PacketQueueOptions {
  readonly clock: Clock;
  /** Runs the function after what is to be read from the network now. */
  readonly defer: (work: () => void) => void;
  /** Deals with a packet, the memory of which is held during the call only. */
  readonly handle: (packet: VideoPacket, atWallMs: WallMs, effort: Effort) => void;
  /** Told when pictures are left out because there is too little CPU, and with how many once that is over. */
  readonly onBehind: () => void;
  readonly onCaughtUp: (leftOut: number) => void;
}

interface Waiting {
  readonly packet: VideoPacket;
  readonly atWallMs: WallMs;
  readonly sinceMs: MonotonicMs;
}

/**
 * The packets of one camera that wait for their analysis. Packets are taken from the network as they come, so that
 * an overloaded analyzer neither mistakes its own slowness for the camera's nor holds the camera up; how long they
 * wait here says how far behind it is, and the longer that is, the less it does with them.
 */
export class PacketQueue implements Disposable {
  readonly #options: PacketQueueOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #isDeferred = false;
  /** Packets are left out up to a key packet that is not late. */
  #isKeyOnly = false;
  #leftOut = 0;
  #leftOutAtMs: MonotonicMs | undefined;

  constructor(options: PacketQueueOptions) {
    this.#options = options;
  }

  /** @param atWallMs the wall time of the packet's `pts`. */
  push(packet: VideoPacket, atWallMs: WallMs): void {
    packet.memory?.hold();
    this.#waiting.push({ packet, atWallMs, sinceMs: this.#options.clock.monotonicMs() });
    this.#waitingBytes += packet.data.byteLength;
    this.#defer();
  }

  /** Leaves out all that waits, as at the end of a run. */
  clear(): void {
    while (this.#waiting.length > 0) this.#takeNext(() => 'leave-out');
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #defer(): void {
    if (this.#isDeferred || this.#waiting.length === 0) return;
    this.#isDeferred = true;
    this.#options.defer(() => {
      this.#isDeferred = false;
      // One only, so that others have their turn and the network is read.
      this.#takeNext((waiting) => this.#effortFor(waiting));
      this.#defer();
    });
  }

  #takeNext(effortFor: (waiting: Waiting) => Effort): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) return;
    const { packet, atWallMs } = waiting;
    const effort = effortFor(waiting);
    this.#waitingBytes -= packet.data.byteLength;
    try {
      this.#options.handle(packet, atWallMs, effort);
    } finally {
      packet.memory?.release();
    }
  }

  #effortFor({ packet, sinceMs }: Waiting): Effort {
    const nowMs = this.#options.clock.monotonicMs();
    const waitedMs = nowMs - sinceMs;
    const isLate = waitedMs > LATE_MS;
    if (waitedMs > TOO_LATE_MS || this.#waitingBytes > MAX_WAITING_BYTES) this.#isKeyOnly = true;
    else if (packet.isKey && !isLate) this.#isKeyOnly = false;
    const isNewerKeyWaiting = () => this.#waiting.some((other) => other.packet.isKey);
    if (this.#isKeyOnly && (!packet.isKey || isNewerKeyWaiting())) return this.#less('leave-out', nowMs);
    if (isLate && !this.#isKeyOnly) return this.#less('decode', nowMs);
    this.#noteCalm(nowMs);
    return 'all';
  }

  #less(effort: Effort, nowMs: MonotonicMs): Effort {
    if (this.#leftOut === 0) this.#options.onBehind();
    this.#leftOut++;
    this.#leftOutAtMs = nowMs;
    return effort;
  }

  #noteCalm(nowMs: MonotonicMs): void {
    if (this.#leftOutAtMs === undefined || nowMs - this.#leftOutAtMs < CALM_MS) return;
    this.#options.onCaughtUp(this.#leftOut);
    this.#leftOut = 0;
    this.#leftOutAtMs = undefined;
  }
}
