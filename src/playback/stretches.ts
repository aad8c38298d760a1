import { isSameFormat } from '../media/fmp4/sample-entry.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { AacTrack } from '../media/packet.ts';
import { PlaybackError } from './playback-error.ts';
import { Segment, type FragmentSamples, type SegmentFile } from './segment.ts';

/**
 * Footage without a gap, of one run and one format, from one or more files. An object for each, to be compared by
 * identity.
 */
export interface Stretch {
  /** Counts them, from 1. */
  readonly ordinal: number;
}

/** A fragment, or what is wanted of one. */
export interface Piece extends FragmentSamples {
  readonly segment: Segment;
  readonly stretch: Stretch;
}

/** What is known of the footage before a file, and of how far it was passed on. */
interface Before {
  readonly segment: Segment;
  readonly stretch: Stretch;
  endDts: number;
}

/**
 * Reads files one after the other as what the camera sent: where one goes on from the one before or reaches back over
 * it (an event's pre-roll over the event before it), every picture comes once.
 * @param files in the order in which they were recorded.
 * @param onProblem told about a file that cannot be read, or not to its end; the rest is footage all the same.
 */
export async function* readStretches(
  files: readonly SegmentFile[],
  onProblem: (problem: PlaybackError) => void,
): AsyncGenerator<Piece> {
  const joiner = new Joiner();
  for (const file of files) {
    try {
      await using segment = await Segment.open(file);
      for await (const samples of segment.fragments()) {
        const piece = joiner.join(segment, samples);
        if (piece !== undefined) yield piece;
      }
    } catch (error) {
      if (!(error instanceof PlaybackError)) throw error;
      onProblem(error);
    }
  }
}

/** Decides which footage goes on from which, and leaves out what came already. */
class Joiner {
  #before: Before | undefined;
  #current: Before | undefined;
  /** The sound that came last, in whatever file. */
  #sound: AacTrack | undefined;
  /** How far the present stretch has come. */
  #lastDts = Number.NEGATIVE_INFINITY;
  #lastSoundSeconds = Number.NEGATIVE_INFINITY;

  /** Undefined for a fragment of which nothing is new. */
  join(segment: Segment, samples: FragmentSamples): Piece | undefined {
    const current = this.#enter(segment, samples);
    if (current === undefined) return undefined;
    const last = samples.video.at(-1);
    if (last !== undefined) current.endDts = last.dts + last.durationTicks;
    const video = samples.video.filter(({ dts }) => dts > this.#lastDts);
    this.#lastDts = video.at(-1)?.dts ?? this.#lastDts;
    const audio = this.#newSound(segment, samples.audio);
    if (video.length + audio.length === 0) return undefined;
    return { segment, stretch: current.stretch, video, audio };
  }

  #enter(segment: Segment, { video }: FragmentSamples): Before | undefined {
    if (this.#current?.segment === segment) return this.#current;
    const [first] = video;
    // A file begins with a picture; what comes before the first of one that does not, nobody can place.
    if (first === undefined) return undefined;
    this.#leave();
    const before = this.#before;
    const isContinued = before !== undefined && goesOn(before, segment, first) && this.#hasSameSound(segment);
    const stretch = isContinued ? before.stretch : { ordinal: (before?.stretch.ordinal ?? 0) + 1 };
    if (!isContinued) {
      this.#lastDts = Number.NEGATIVE_INFINITY;
      this.#lastSoundSeconds = Number.NEGATIVE_INFINITY;
    }
    this.#sound = segment.audio ?? this.#sound;
    this.#current = { segment, stretch, endDts: first.dts };
    return this.#current;
  }

  #hasSameSound({ audio }: Segment): boolean {
    return audio === undefined || this.#sound === undefined || isSameFormat(audio, this.#sound);
  }

  /** A file that lies within the one before tells nothing about what comes next. */
  #leave(): void {
    const current = this.#current;
    const before = this.#before;
    if (current === undefined) return;
    const isWithin = before?.stretch === current.stretch && before.endDts > current.endDts;
    if (!isWithin) this.#before = current;
  }

  #newSound({ audio }: Segment, samples: readonly Mp4Sample[]): readonly Mp4Sample[] {
    if (audio === undefined) return [];
    const fresh = samples.filter(({ pts }) => pts / audio.clockRateHz > this.#lastSoundSeconds);
    const last = fresh.at(-1);
    if (last !== undefined) this.#lastSoundSeconds = last.pts / audio.clockRateHz;
    return fresh;
  }
}

/** Whether a file's first picture comes next after those of another file, or is one of them. */
function goesOn({ segment, endDts }: Before, next: Segment, first: Mp4Sample): boolean {
  const isSameRun = segment.runStartWallMs === next.runStartWallMs;
  return isSameRun && first.dts <= endDts && isSameFormat(segment.video, next.video);
}
