import { mediaTicks, type MediaTicks, type WallMs } from '../base/time.ts';
import { toFileTicks, type FileTimeline } from '../media/fmp4/file-timeline.ts';
import { encodeInitSegment } from '../media/fmp4/init-segment.ts';
import type { Mp4Track } from '../media/fmp4/mp4-track.ts';
import { opusTicks } from '../media/opus.ts';
import {
  shownAtMs,
  type Mp4SoundTrack,
  type Packet,
  type VideoPacket,
  type VideoTrack,
} from '../media/packet.ts';
import { encodeLiveFragment, type LiveRun } from './live-fragment.ts';

export interface LiveMuxerOptions {
  /** The first one. */
  readonly first: VideoPacket;
  readonly firstWallMs: WallMs;
  /** That packet is placed where it lies from here, in media time. Not after it. */
  readonly epochWallMs: WallMs;
  readonly audio: Mp4SoundTrack | undefined;
  /** The usual time between pictures, where it is known; in ticks of the video. */
  readonly intervalTicks: number | undefined;
}

export interface LiveFragment {
  readonly pieces: readonly Uint8Array[];
  /** Wall time at media time 0, in microseconds since 1970. */
  readonly epochUs: number;
  /** Pictures are missing before it. */
  readonly hasGap: boolean;
}

/** A picture's duration is the longest of so many last intervals between pictures. */
const KNOWN_INTERVALS = 8;
/** Of AAC (ISO 14496-3 4.5.1.1). */
const AAC_UNIT_TICKS = 1_024;
/** A first picture is told to last so long where nothing better is known: a 25th of a second. */
const FIRST_INTERVAL_TICKS = 3_600;

/**
 * Turns packets into fragments of one picture, or one access unit of sound, each as soon as it is there.
 *
 * How long a picture lasts is not known before the next one, so its duration is that of the pictures before it, and a
 * browser that finds the next one more than two durations later drops everything up to the next key picture (Media Source
 * Extensions 3.5.8). So where pictures are missing, what follows is moved up to two durations behind; media time then
 * has another epoch.
 */
export class LiveMuxer {
  readonly #video: VideoTrack;
  readonly #audio: Mp4SoundTrack | undefined;
  readonly #firstWallMs: WallMs;
  readonly #firstMediaMs: number;
  #timeline: FileTimeline;
  #epochUs: number;
  #fragments = 0;
  /** Between the last pictures as they are told; at first what is usual. */
  readonly #intervals: number[];
  #lastDts: MediaTicks | undefined;
  /** The sound told last, and where it ends on the time line, in ticks of its own. */
  #sound: { readonly packet: Packet; readonly endTicks: number } | undefined;

  constructor({ first, firstWallMs, epochWallMs, audio, intervalTicks }: LiveMuxerOptions) {
    this.#video = first.track;
    this.#audio = audio;
    this.#firstWallMs = firstWallMs;
    this.#firstMediaMs = shownAtMs(first);
    this.#intervals = [intervalTicks ?? FIRST_INTERVAL_TICKS];
    const clockRateHz = this.tracks(true)
      .map((track) => track.clockRateHz)
      .reduce(greatestCommonDivisor, 0);
    const startMs = this.#firstMediaMs - (firstWallMs - epochWallMs);
    this.#timeline = { startTicks: Math.floor((startMs * clockRateHz) / 1000), clockRateHz };
    this.#epochUs = this.#reckonEpochUs();
  }

  /** Those that a fragment may be of. */
  tracks(withSound: boolean): readonly Mp4Track[] {
    return withSound && this.#audio !== undefined ? [this.#video, this.#audio] : [this.#video];
  }

  /** Wall time at media time 0, in microseconds since 1970. */
  get epochUs(): number {
    return this.#epochUs;
  }

  /** @throws Mp4Error, BitstreamError for parameter sets that cannot be used. */
  init(withSound: boolean): Uint8Array {
    return encodeInitSegment({
      tracks: this.tracks(withSound),
      timeline: this.#timeline,
      first: undefined,
      createdAt: this.#firstWallMs,
      runStartWallMs: this.#firstWallMs,
    });
  }

  /** @throws Mp4Error for a packet that cannot be told; the stream can go on without it. */
  picture(packet: VideoPacket): LiveFragment {
    const hasGap = this.#closeGap(packet.dts);
    const run: LiveRun = {
      track: this.#video,
      packets: [packet],
      lastTicks: Math.max(...this.#intervals),
    };
    const fragment = this.#fragment(run, hasGap);
    this.#lastDts = packet.dts;
    return fragment;
  }

  /** @returns undefined for sound that is not told: of another track, or from before what was told. */
  sound(packet: Packet): LiveFragment | undefined {
    const track = this.#audio;
    if (track === undefined || packet.track.index !== track.index) return undefined;
    const startTicks = toFileTicks(this.#timeline, packet.dts, track.clockRateHz);
    const last = this.#sound;
    const gapTicks = startTicks - (last?.endTicks ?? startTicks);
    const unitTicks = track.codec === 'aac' ? AAC_UNIT_TICKS : opusTicks(packet.data);
    if (unitTicks === 0 || gapTicks < -unitTicks / 2) return undefined;
    this.#sound = { packet, endTicks: startTicks + unitTicks };
    // The last one again, for as long as nothing came: behind a gap in the sound browsers would drop pictures too.
    const fillerTicks = mediaTicks(packet.dts - gapTicks);
    const isGap = last !== undefined && gapTicks > unitTicks / 2;
    const packets: LiveRun['packets'] = isGap
      ? [{ ...last.packet, pts: fillerTicks, dts: fillerTicks }, packet]
      : [packet];
    return this.#fragment({ track, packets, lastTicks: unitTicks }, false);
  }

  #fragment(run: LiveRun, hasGap: boolean): LiveFragment {
    this.#fragments += 1;
    const head = encodeLiveFragment(this.#fragments, run, this.#timeline);
    const pieces = [head, ...run.packets.map(({ data }) => data)];
    return { pieces, epochUs: this.#epochUs, hasGap };
  }

  /** Learns the interval before a picture, after moving it and what follows where that is too long. */
  #closeGap(dts: MediaTicks): boolean {
    if (this.#lastDts === undefined) return false;
    const intervalTicks = dts - this.#lastDts;
    const longestTicks = 2 * Math.max(...this.#intervals);
    this.#intervals.push(Math.min(intervalTicks, longestTicks));
    if (this.#intervals.length > KNOWN_INTERVALS) this.#intervals.shift();
    if (intervalTicks <= longestTicks) return false;
    const { startTicks, clockRateHz } = this.#timeline;
    // Rounded up: rather closer to the picture before than too far from it.
    const moveTicks = Math.ceil(((intervalTicks - longestTicks) * clockRateHz) / this.#video.clockRateHz);
    this.#timeline = { startTicks: startTicks + moveTicks, clockRateHz };
    this.#epochUs = this.#reckonEpochUs();
    return true;
  }

  #reckonEpochUs(): number {
    const { startTicks, clockRateHz } = this.#timeline;
    const startMs = (startTicks * 1000) / clockRateHz;
    return Math.round((this.#firstWallMs - this.#firstMediaMs + startMs) * 1000);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
