import { mediaTicks, wallMs, type WallMs } from '../base/time.ts';
import { LONGEST_PAUSE_MS } from '../db/recorded-spans.ts';
import { isSameFormat } from '../media/fmp4/sample-entry.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import { MOVIE_CLOCK_RATE_HZ, type MovieTrack } from '../media/mp4/movie.ts';
import { VIDEO_CLOCK_RATE_HZ, type Mp4SoundTrack } from '../media/packet.ts';
import type { CutPiece, CutStretch, Span } from './cut.ts';
import { Payload, type Extent } from './payload.ts';
import type { Segment } from './segment.ts';
import { TrackLine } from './track-line.ts';

/** What becomes of time without footage: left out, or the last picture before it stands. */
export type GapPolicy = 'skip' | 'keep';

/** A file to be written, but for its payload, which is copied. */
export interface FinishedClip {
  readonly tracks: readonly MovieTrack[];
  readonly payload: { readonly sizeBytes: number; readonly extents: readonly Extent[] };
  /** When what it shows was recorded, in order. */
  readonly recorded: readonly Span[];
  readonly lengthMs: number;
  /** How many are shown. */
  readonly pictures: number;
}

/** Players count a packet's ticks in 31 bits: 6.6 hours at 90 kHz, 6.2 at 96 kHz. */
const LONGEST_KEPT_GAP_MS = 6 * 3_600_000;
/** Before the first picture, so that sound is whole from there on; hidden. */
const SOUND_LEAD_SECONDS = 0.1;

/** Pictures and sound of stretches of one format, laid one behind the other on a time line that begins at 0:00. */
export class Clip {
  readonly #span: Span;
  readonly #gaps: GapPolicy;
  readonly #payload = new Payload();
  readonly #video: TrackLine;
  #audio: TrackLine | undefined;
  #stretch: CutStretch | undefined;
  /** Where the pictures so far end in the ticks of their run. */
  #runEndTicks = Number.POSITIVE_INFINITY;
  /** Where the present stretch, or what follows a hole in it, begins on the time line and in its run. */
  #startSeconds = 0;
  #runStartSeconds = 0;
  /** Sound from before that is left out, on the time line. */
  #soundFromSeconds = 0;
  /** The end of the last picture that is shown, on the time line. */
  #endTicks = 0;
  readonly #recorded: { fromWallMs: WallMs; toWallMs: WallMs }[] = [];
  #pictures = 0;

  /** @param segment whose format the file has. */
  constructor({ video }: Segment, span: Span, gaps: GapPolicy) {
    this.#video = new TrackLine(video);
    this.#span = span;
    this.#gaps = gaps;
  }

  /** Whether the beginning of a stretch can follow in this file. */
  accepts({ segment: { video, audio }, stretch }: CutPiece): boolean {
    const hasOtherSound =
      audio !== undefined && this.#audio !== undefined && !isSameFormat(audio, this.#audio.track);
    const isTooFar = this.#gaps === 'keep' && this.#gapBeforeMs(stretch) > LONGEST_KEPT_GAP_MS;
    return !hasOtherSound && !isTooFar && isSameFormat(video, this.#video.track);
  }

  /** @throws Mp4Error `unrepresentable` */
  add({ segment, stretch, video, audio }: CutPiece): void {
    if (stretch !== this.#stretch) this.#begin(stretch);
    else if (this.#isHoleBefore(video)) this.#begin(afterHole(segment, video));
    this.#stretch = stretch;
    this.#addVideo(segment, stretch, video);
    if (segment.audio !== undefined) this.#addAudio(segment, segment.audio, audio);
  }

  finish(): FinishedClip {
    const lines = this.#audio === undefined ? [this.#video] : [this.#video, this.#audio];
    return {
      tracks: lines.flatMap((line) => line.finish(this.#endTicks) ?? []),
      payload: this.#payload,
      recorded: this.#recorded,
      lengthMs: (this.#endTicks * 1000) / MOVIE_CLOCK_RATE_HZ,
      pictures: this.#pictures,
    };
  }

  /** A stretch, or what comes after a hole in the stream within a file, which the recorder does not close for that. */
  #begin({ startTicks, startWallMs }: CutStretch): void {
    const isFirst = this.#recorded.length === 0;
    const keptMs = this.#gaps === 'keep' ? this.#gapBeforeMs({ startWallMs }) : 0;
    this.#startSeconds = this.#endTicks / VIDEO_CLOCK_RATE_HZ + keptMs / 1000;
    this.#runStartSeconds = startTicks / VIDEO_CLOCK_RATE_HZ;
    this.#soundFromSeconds = isFirst ? -SOUND_LEAD_SECONDS : this.#soundlessFrom();
    this.#video.place(this.#runStartSeconds, this.#startSeconds);
    this.#audio?.place(this.#runStartSeconds, this.#startSeconds);
    this.#recorded.push({ fromWallMs: startWallMs, toWallMs: startWallMs });
    this.#runEndTicks = Number.POSITIVE_INFINITY;
  }

  #gapBeforeMs({ startWallMs }: Pick<CutStretch, 'startWallMs'>): number {
    const before = this.#recorded.at(-1);
    return before === undefined ? 0 : Math.max(0, startWallMs - before.toWallMs);
  }

  #isHoleBefore([first]: readonly Mp4Sample[]): boolean {
    if (first === undefined || this.#pictures === 0) return false;
    return first.dts - this.#runEndTicks > (LONGEST_PAUSE_MS * VIDEO_CLOCK_RATE_HZ) / 1000;
  }

  #addVideo(segment: Segment, { startTicks }: CutStretch, samples: readonly Mp4Sample[]): void {
    this.#video.add(samples, this.#payload.sizeBytes);
    this.#payload.add(segment, samples);
    const last = samples.at(-1);
    if (last !== undefined) this.#runEndTicks = last.dts + last.durationTicks;
    const toTicks = segment.ticksAt(this.#span.toWallMs);
    for (const { pts, durationTicks } of samples) {
      if (pts < startTicks || pts >= toTicks) continue;
      this.#pictures += 1;
      const endTicks = Math.min(pts + durationTicks, Math.round(toTicks));
      this.#endTicks = Math.max(this.#endTicks, this.#video.lineTicks(endTicks));
      const recorded = this.#recorded.at(-1);
      if (recorded !== undefined) {
        recorded.toWallMs = wallMs(Math.max(recorded.toWallMs, segment.wallOf(endTicks)));
      }
    }
  }

  #addAudio(segment: Segment, track: Mp4SoundTrack, samples: readonly Mp4Sample[]): void {
    if (samples.length === 0) return;
    if (this.#audio === undefined) {
      this.#audio = new TrackLine(track);
      this.#audio.place(this.#runStartSeconds, this.#startSeconds);
    }
    const line = this.#audio;
    const fromTicks = Math.round(this.#soundFromSeconds * track.clockRateHz);
    const heard = samples.filter(({ pts }) => line.lineTicks(pts) >= fromTicks);
    line.add(heard, this.#payload.sizeBytes);
    this.#payload.add(segment, heard);
  }

  /** What the stretch before still plays is not played over. */
  #soundlessFrom(): number {
    const line = this.#audio;
    return line === undefined
      ? this.#startSeconds
      : Math.max(this.#startSeconds, line.endTicks / line.track.clockRateHz);
  }
}

/** Pictures that are decoded later may be shown before the first one. */
function afterHole(segment: Segment, video: readonly Mp4Sample[]): CutStretch {
  const startTicks = mediaTicks(Math.min(...video.map(({ pts }) => pts)));
  return { startTicks, startWallMs: segment.wallOf(startTicks) };
}
