import type { MediaTicks } from '../base/time.ts';
import type { Packet } from '../media/packet.ts';
import type { TrackRun } from '../media/fmp4/fragment.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';

/** A fragment lasts a GOP, and never longer than this: what a crash may cost. */
export const LONGEST_FRAGMENT_MS = 2_000;

/** A packet as it can go into a file. */
export interface Mp4Packet extends Packet {
  readonly track: Mp4Track;
}

/**
 * Collects the packets of a file into fragments. A fragment starts on a key picture, or where the one before would
 * have become longer than two seconds.
 */
export class FragmentCutter {
  #packets = new Map<number, Mp4Packet[]>();
  #startTicks: MediaTicks | undefined;
  #lastTicks: MediaTicks | undefined;

  /** Takes a packet of a track that MP4 can hold, and gives the fragment that it completes, itself not included. */
  push(packet: Mp4Packet): readonly TrackRun[] | undefined {
    const complete =
      packet.track.kind === 'video' && this.#startsNext(packet) ? this.cut(packet.dts) : undefined;
    const sameTrack = this.#packets.get(packet.track.index);
    if (sameTrack === undefined) this.#packets.set(packet.track.index, [packet]);
    else sameTrack.push(packet);
    if (packet.track.kind === 'video') {
      this.#startTicks ??= packet.dts;
      this.#lastTicks = packet.dts;
    }
    return complete;
  }

  /**
   * Gives what is collected, or undefined if there is nothing.
   * @param nextDts of the next video packet, if there is one: the last picture lasts until then.
   */
  cut(nextDts: MediaTicks | undefined): readonly TrackRun[] | undefined {
    if (this.#packets.size === 0) return undefined;
    const runs = [...this.#packets.values()].flatMap((packets) => {
      const track = packets[0]?.track;
      return track === undefined
        ? []
        : { track, packets, nextDts: track.kind === 'video' ? nextDts : undefined };
    });
    this.#packets = new Map();
    this.#startTicks = undefined;
    this.#lastTicks = undefined;
    return runs.toSorted((a, b) => a.track.index - b.track.index);
  }

  #startsNext(packet: Mp4Packet): boolean {
    if (this.#startTicks === undefined || this.#lastTicks === undefined) return false;
    if (packet.isKey) return true;
    const intervalTicks = packet.dts - this.#lastTicks;
    const lengthTicks = packet.dts + intervalTicks - this.#startTicks;
    return lengthTicks > (LONGEST_FRAGMENT_MS * packet.track.clockRateHz) / 1000;
  }
}
