import type { MediaTicks } from '../base/time.ts';
import { LONGEST_PAUSE_MS } from '../db/recorded-spans.ts';
import { VIDEO_CLOCK_RATE_HZ, type Packet } from '../media/packet.ts';
import type { TrackRun } from '../media/fmp4/fragment.ts';
import { isMp4Track, type Mp4Track } from '../media/fmp4/mp4-track.ts';

/**
 * A fragment lasts half a GOP within these bounds, so that a crash, which costs the fragment being made and what was not
 * read yet, costs less than a GOP (design/decisions.md). Where a stream is read in long turns, it ends with the turn.
 */
const FRAGMENT_MS = { shortest: 500, longest: 2_000 };
/** GOPs are not all of one length: the second half is to leave no third fragment of a picture or two. */
const HALF_SLACK_MS = 50;
const TICKS_PER_MS = VIDEO_CLOCK_RATE_HZ / 1_000;
const LONGEST_PAUSE_TICKS = LONGEST_PAUSE_MS * TICKS_PER_MS;
/** How many of the last pictures tell how far apart a stream's pictures are. */
const KNOWN_INTERVALS = 8;
/** A picture that comes so many times later than usual does not follow the one before. */
const HOLE_INTERVALS = 3;

/** A packet as it can go into a file. */
export interface Mp4Packet extends Packet {
  readonly track: Mp4Track;
}

export function isMp4Packet(packet: Packet): packet is Mp4Packet {
  return isMp4Track(packet.track);
}

/**
 * Collects the packets of a file into fragments. A fragment starts on a key picture, where the one before would have
 * become too long, and after a hole in the stream: the picture before a hole does not last until the one after it, so that
 * the file does not claim to hold what is missing.
 */
export class FragmentCutter {
  readonly #isTimelapse: boolean;
  #isInLongTurns = false;
  #packets = new Map<number, Mp4Packet[]>();
  #startTicks: MediaTicks | undefined;
  #lastTicks: MediaTicks | undefined;
  #keyTicks: MediaTicks | undefined;
  /** Of the last GOP; 0 until the first one of the file is over. */
  #gopMs = 0;
  /** Between the last pictures, in ticks. */
  #intervals: number[] = [];

  /** Whether the stream is read in long turns. */
  get isInLongTurns(): boolean {
    return this.#isInLongTurns;
  }

  /** @param isTimelapse whether only key pictures come: these last until the next one, whenever that comes. */
  constructor(isTimelapse = false) {
    this.#isTimelapse = isTimelapse;
  }

  /** Takes a packet of a track that MP4 can hold, and gives the fragment that it completes, itself not included. */
  push(packet: Mp4Packet): readonly TrackRun[] | undefined {
    const complete =
      packet.track.kind === 'video' && this.#startsNext(packet) ? this.cut(packet.dts) : undefined;
    this.#collect(packet);
    if (packet.track.kind === 'video') {
      if (this.#lastTicks !== undefined) this.#intervals.push(packet.dts - this.#lastTicks);
      if (this.#intervals.length > KNOWN_INTERVALS) this.#intervals.shift();
      this.#lastTicks = packet.dts;
      if (packet.isKey) this.#noteKey(packet.dts);
    }
    return complete;
  }

  /**
   * All packets so far have been pushed.
   * @param isLongPause whether the next ones come in a while only.
   * @returns in that case what is collected, but for the last picture: how long it lasts the next one tells.
   */
  allRead(isLongPause: boolean): readonly TrackRun[] | undefined {
    this.#isInLongTurns = isLongPause;
    const pictures = [...this.#packets.values()].find(([first]) => first?.track.kind === 'video');
    const last = pictures?.at(-1);
    if (!isLongPause || pictures === undefined || last === undefined || pictures.length === 1)
      return undefined;
    pictures.pop();
    const complete = this.cut(last.dts);
    this.#collect(last);
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

  #collect(packet: Mp4Packet): void {
    const sameTrack = this.#packets.get(packet.track.index);
    if (sameTrack === undefined) this.#packets.set(packet.track.index, [packet]);
    else sameTrack.push(packet);
    if (packet.track.kind === 'video') this.#startTicks ??= packet.dts;
  }

  #startsNext(packet: Mp4Packet): boolean {
    if (this.#startTicks === undefined || this.#lastTicks === undefined) return false;
    if (packet.isKey || this.#isHoleBefore(packet.dts)) return true;
    const intervalTicks = packet.dts - this.#lastTicks;
    const lengthTicks = packet.dts + intervalTicks - this.#startTicks;
    return lengthTicks > this.#longestMs() * TICKS_PER_MS;
  }

  #longestMs(): number {
    const { shortest, longest } = FRAGMENT_MS;
    if (this.#isInLongTurns) return longest;
    return Math.min(longest, Math.max(shortest, this.#gopMs / 2 + HALF_SLACK_MS));
  }

  #noteKey(ticks: MediaTicks): void {
    if (this.#keyTicks !== undefined) this.#gopMs = (ticks - this.#keyTicks) / TICKS_PER_MS;
    this.#keyTicks = ticks;
  }

  #isHoleBefore(ticks: MediaTicks): boolean {
    if (this.#isTimelapse || this.#lastTicks === undefined || this.#intervals.length === 0) return false;
    const intervalTicks = ticks - this.#lastTicks;
    // As nearly always.
    if (intervalTicks <= LONGEST_PAUSE_TICKS) return false;
    const usualTicks = Math.min(...this.#intervals);
    return intervalTicks - usualTicks > LONGEST_PAUSE_TICKS && intervalTicks > HOLE_INTERVALS * usualTicks;
  }
}
