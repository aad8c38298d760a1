import type { MediaTicks } from '../base/time.ts';
import { LONGEST_PAUSE_MS } from '../db/recorded-spans.ts';
import { VIDEO_CLOCK_RATE_HZ, type Packet } from '../media/packet.ts';
import type { TrackRun } from '../media/fmp4/fragment.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';

/** A fragment lasts a GOP, and never longer than this: what a crash may cost. */
export const LONGEST_FRAGMENT_MS = 2_000;
/** How many of the last pictures tell how far apart a stream's pictures are. */
const KNOWN_INTERVALS = 8;
/** A picture that comes so many times later than usual does not follow the one before. */
const HOLE_INTERVALS = 3;

/** A packet as it can go into a file. */
export interface Mp4Packet extends Packet {
  readonly track: Mp4Track;
}

/**
 * Collects the packets of a file into fragments. A fragment starts on a key picture, where the one before would have
 * become longer than two seconds, and after a hole in the stream: the picture before a hole does not last until the one
 * after it, so that the file does not claim to hold what is missing.
 */
export class FragmentCutter {
  readonly #isTimelapse: boolean;
  #packets = new Map<number, Mp4Packet[]>();
  #startTicks: MediaTicks | undefined;
  #lastTicks: MediaTicks | undefined;
  /** Between the last pictures, in ticks. */
  #intervals: number[] = [];

  /** @param isTimelapse whether only key pictures come: these last until the next one, whenever that comes. */
  constructor(isTimelapse = false) {
    this.#isTimelapse = isTimelapse;
  }

  /** Takes a packet of a track that MP4 can hold, and gives the fragment that it completes, itself not included. */
  push(packet: Mp4Packet): readonly TrackRun[] | undefined {
    const complete =
      packet.track.kind === 'video' && this.#startsNext(packet) ? this.cut(packet.dts) : undefined;
    const sameTrack = this.#packets.get(packet.track.index);
    if (sameTrack === undefined) this.#packets.set(packet.track.index, [packet]);
    else sameTrack.push(packet);
    if (packet.track.kind === 'video') {
      this.#startTicks ??= packet.dts;
      if (this.#lastTicks !== undefined) this.#intervals.push(packet.dts - this.#lastTicks);
      if (this.#intervals.length > KNOWN_INTERVALS) this.#intervals.shift();
      this.#lastTicks = packet.dts;
    }
    return complete;
  }

  /**
   * Gives what is collected, or undefined if there is nothing.
   * @param next the decode time of the next video packet, if there is one: the last picture lasts until then.
   */
  cut(next: MediaTicks | undefined): readonly TrackRun[] | undefined {
    if (this.#packets.size === 0) return undefined;
    const nextDts = next !== undefined && this.#isHoleBefore(next) ? undefined : next;
    const runs = [...this.#packets.values()].flatMap((packets) => {
      const track = packets[0]?.track;
      return track === undefined
        ? []
        : { track, packets, nextDts: track.kind === 'video' ? nextDts : undefined };
    });
    this.#packets = new Map();
    this.#startTicks = undefined;
    return runs.toSorted((a, b) => a.track.index - b.track.index);
  }

  #startsNext(packet: Mp4Packet): boolean {
    if (this.#startTicks === undefined || this.#lastTicks === undefined) return false;
    if (packet.isKey || this.#isHoleBefore(packet.dts)) return true;
    const intervalTicks = packet.dts - this.#lastTicks;
    const lengthTicks = packet.dts + intervalTicks - this.#startTicks;
    return lengthTicks > (LONGEST_FRAGMENT_MS * packet.track.clockRateHz) / 1000;
  }

  #isHoleBefore(ticks: MediaTicks): boolean {
    if (this.#isTimelapse || this.#lastTicks === undefined || this.#intervals.length === 0) return false;
    const usualTicks = Math.min(...this.#intervals);
    const intervalTicks = ticks - this.#lastTicks;
    const missingMs = ((intervalTicks - usualTicks) * 1000) / VIDEO_CLOCK_RATE_HZ;
    return missingMs > LONGEST_PAUSE_MS && intervalTicks > HOLE_INTERVALS * usualTicks;
  }
}
