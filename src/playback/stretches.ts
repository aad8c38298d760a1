import { isSameFormat } from '../media/fmp4/sample-entry.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { Mp4SoundTrack } from '../media/packet.ts';
import { PlaybackError } from './playback-error.ts';
import { Segment, type FragmentSamples, type SegmentFile, type SegmentFragment } from './segment.ts';

/**
 * Footage without a gap, of one run and one format, from one or more files. An object for each, to be compared by
 * identity.
 */
export interface Stretch {
  /** Counts them, from 1. */
  readonly ordinal: number;
}

/** A fragment, or what is new of one. */
export interface Piece extends FragmentSamples {
  readonly segment: Segment;
  readonly stretch: Stretch;
}

/** A fragment that was read. */
interface ReadFragment {
  readonly segment: Segment;
  readonly fragment: SegmentFragment;
}

/**
 * Reads files as what the camera sent: where one goes on from another or reaches back over it (an event's pre-roll over
 * the event before it), every picture comes once. A time-lapse fills what others leave.
 * @param files in the order in which they were recorded.
 * @param onProblem told about what cannot be read; the rest is footage all the same.
 */
export async function* readStretches(
  files: readonly SegmentFile[],
  onProblem: (problem: PlaybackError) => void,
): AsyncGenerator<Piece> {
  const joiner = new Joiner();
  const whole = readFragments(
    files.filter((file) => !file.isTimelapse),
    onProblem,
  );
  const timelapse = readFragments(
    files.filter((file) => file.isTimelapse),
    onProblem,
  );
  for await (const { segment, fragment } of inOrder(whole, timelapse)) {
    const piece = joiner.join(segment, fragment);
    if (piece !== undefined) yield piece;
  }
}

async function* readFragments(
  files: readonly SegmentFile[],
  onProblem: (problem: PlaybackError) => void,
): AsyncGenerator<ReadFragment> {
  for (const file of files) {
    try {
      const segment = await Segment.read(file);
      segment.problems.forEach(onProblem);
      for (const fragment of segment.fragments) yield { segment, fragment };
    } catch (error) {
      if (!(error instanceof PlaybackError)) throw error;
      onProblem(error);
    }
  }
}

/** Both in one order of decoding; the first one's fragments before those of the other that begin at the same time. */
async function* inOrder(
  one: AsyncIterator<ReadFragment>,
  other: AsyncIterator<ReadFragment>,
): AsyncGenerator<ReadFragment> {
  let [a, b] = [await one.next(), await other.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && !isBefore(b.value, a.value))) {
      if (a.done !== true) yield a.value;
      a = await one.next();
    } else {
      yield b.value;
      b = await other.next();
    }
  }
}

function isBefore(a: ReadFragment, b: ReadFragment): boolean {
  const [runA, runB] = [a.segment.file.runStartWallMs, b.segment.file.runStartWallMs];
  if (runA !== runB) return runA < runB;
  const start = ({ fragment }: ReadFragment) => fragment.video[0]?.dts ?? Number.NEGATIVE_INFINITY;
  return start(a) < start(b);
}

/** What is known of the footage so far. */
interface Before {
  readonly segment: Segment;
  readonly stretch: Stretch;
  /** Where its pictures end, in decoding. */
  readonly endDts: number;
}

/** Decides which footage goes on from which, and leaves out what came already. */
class Joiner {
  #before: Before | undefined;
  /** The sound that came last, in whatever file. */
  #sound: Mp4SoundTrack | undefined;
  /** How far the present run has come. */
  #lastDts = Number.NEGATIVE_INFINITY;
  #lastSoundSeconds = Number.NEGATIVE_INFINITY;

  /** Undefined for a fragment of which nothing is new. */
  join(segment: Segment, fragment: SegmentFragment): Piece | undefined {
    const stretch = this.#stretchOf(segment, fragment);
    if (stretch === undefined) return undefined;
    this.#sound = segment.audio ?? this.#sound;
    const video = fragment.video.filter(({ dts }) => dts > this.#lastDts);
    const audio = this.#newSound(segment, fragment.audio);
    const last = video.at(-1);
    if (last !== undefined) {
      this.#lastDts = last.dts;
      this.#before = { segment, stretch, endDts: last.dts + last.durationTicks };
    }
    return video.length + audio.length === 0 ? undefined : { segment, stretch, video, audio };
  }

  /** Undefined where nobody can place it: sound from before the first picture, or before the next after damage. */
  #stretchOf(segment: Segment, { video, followsDamage }: SegmentFragment): Stretch | undefined {
    const before = this.#before;
    const [first] = video;
    if (before?.segment === segment && !followsDamage) return before.stretch;
    if (first === undefined) return before?.segment === segment ? before.stretch : undefined;
    if (before !== undefined && !followsDamage && this.#goesOn(before, segment, first)) return before.stretch;
    if (before?.segment.file.runStartWallMs !== segment.file.runStartWallMs) {
      this.#lastDts = Number.NEGATIVE_INFINITY;
      this.#lastSoundSeconds = Number.NEGATIVE_INFINITY;
    }
    return { ordinal: (before?.stretch.ordinal ?? 0) + 1 };
  }

  /** Whether a file's picture comes next after those before it, or is one of them. */
  #goesOn(before: Before, { file, video, audio }: Segment, first: Mp4Sample): boolean {
    const isSameRun = file.runStartWallMs === before.segment.file.runStartWallMs;
    const isOtherSound =
      audio !== undefined && this.#sound !== undefined && !isSameFormat(audio, this.#sound);
    return (
      isSameRun && first.dts <= before.endDts && !isOtherSound && isSameFormat(video, before.segment.video)
    );
  }

  #newSound({ audio }: Segment, samples: readonly Mp4Sample[]): readonly Mp4Sample[] {
    if (audio === undefined) return [];
    const fresh = samples.filter(({ pts }) => pts / audio.clockRateHz > this.#lastSoundSeconds);
    const last = fresh.at(-1);
    if (last !== undefined) this.#lastSoundSeconds = last.pts / audio.clockRateHz;
    return fresh;
  }
}
