import { seededRandom } from '../../src/demo/grain.ts';
import type { PacketFilter } from '../../src/rtsp/server/outlet.ts';
import type { MediaUnit } from '../../src/rtsp/server/served-stream.ts';

/** What is wrong with a fake camera at the moment. Shares are probabilities, 0..1. */
export interface Faults {
  /** Connections stay open, nothing is answered and nothing sent. */
  readonly isStalled: boolean;
  /** The session lives, sender reports go on, but there are no pictures and no sound; time goes on. */
  readonly isFrozen: boolean;
  /** RTP packets that get lost. */
  readonly lossShare: number;
  /** RTP packets that come twice. */
  readonly duplicateShare: number;
  /** RTP packets that change place with the next one of their picture. */
  readonly reorderShare: number;
  /** Pictures with flipped bits in their slices. */
  readonly corruptShare: number;
  /** Added to the media time of all that is sent from now on. */
  readonly timestampOffsetSeconds: number;
  /** Where DESCRIBE sends clients instead of answering. */
  readonly redirectTo: string | undefined;
}

export const NO_FAULTS: Faults = {
  isStalled: false,
  isFrozen: false,
  lossShare: 0,
  duplicateShare: 0,
  reorderShare: 0,
  corruptShare: 0,
  timestampOffsetSeconds: 0,
  redirectTo: undefined,
};

const CLOCK_RATES_HZ = [90_000, 16_000] as const;
const FLIPPED_BYTES = 8;

/** Applies the present faults; the same seed gives the same accidents. */
export class FaultInjector {
  faults: Faults = NO_FAULTS;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** What a stream sends, or undefined while frozen. See `LoopPlayerOptions.alter`. */
  readonly alter = (unit: MediaUnit): MediaUnit | undefined => {
    const { isFrozen, corruptShare, timestampOffsetSeconds } = this.faults;
    if (isFrozen) return undefined;
    const ticks = timestampOffsetSeconds * (CLOCK_RATES_HZ[unit.track] ?? 0);
    const isHit = unit.track === 0 && this.#random() < corruptShare;
    return {
      ...unit,
      timestamp: unit.timestamp + ticks,
      parts: isHit ? this.#corruptLast(unit.parts) : unit.parts,
    };
  };

  readonly filter: PacketFilter = (packets, { kind }) => {
    if (this.faults.isStalled) return [];
    return kind === 'rtcp'
      ? packets
      : this.#shuffle(packets.filter(() => this.#random() >= this.faults.lossShare));
  };

  #shuffle(packets: readonly Uint8Array[]): readonly Uint8Array[] {
    const { duplicateShare, reorderShare } = this.faults;
    const sent = packets.flatMap((packet) => (this.#random() < duplicateShare ? [packet, packet] : [packet]));
    for (let index = 0; index + 1 < sent.length; index++) {
      const [first, second] = [sent[index], sent[index + 1]];
      if (first === undefined || second === undefined || this.#random() >= reorderShare) continue;
      sent[index] = second;
      sent[index + 1] = first;
    }
    return sent;
  }

  /** Flips bytes behind the slice header of the picture's last NAL unit. */
  #corruptLast(parts: readonly Uint8Array[]): readonly Uint8Array[] {
    const last = parts.at(-1);
    if (last === undefined || last.length < 64) return parts;
    const damaged = Uint8Array.from(last);
    for (let count = 0; count < FLIPPED_BYTES; count++) {
      const at = 20 + Math.floor(this.#random() * (damaged.length - 20));
      damaged[at] = 1 + Math.floor(this.#random() * 254);
    }
    return [...parts.slice(0, -1), damaged];
  }
}
