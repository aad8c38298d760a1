import type { MediaTicks, WallMs } from '../base/time.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { Segment } from './segment.ts';
import type { Piece, Stretch } from './stretches.ts';

/** From the first moment on, up to but without the second. */
export interface Span {
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
}

/** What is wanted of a stretch; an object for each, to be compared by identity. */
export interface CutStretch {
  /** Of the first picture that is wanted. Those before it are there to decode it. */
  readonly startTicks: MediaTicks;
  readonly startWallMs: WallMs;
}

/** What is wanted of a fragment. */
export interface CutPiece {
  readonly stretch: CutStretch;
  readonly segment: Segment;
  /** Also those that are not shown but needed to decode others. */
  readonly video: readonly Mp4Sample[];
  readonly audio: readonly Mp4Sample[];
}

/** An AAC frame is decoded together with the one before it: from that much earlier on, sound is taken. */
const SOUND_LEAD_SECONDS = 0.1;

/**
 * Leaves of each stretch what decoders need to show the pictures of a span: from the last key picture before it on, up to
 * the last picture, in decoding order, that is shown within.
 */
export async function* cutSpan(pieces: AsyncIterable<Piece>, span: Span): AsyncGenerator<CutPiece> {
  let stretch: Stretch | undefined;
  let cutter = new Cutter(span);
  for await (const piece of pieces) {
    if (piece.stretch !== stretch) {
      yield* cutter.end();
      cutter = new Cutter(span);
      stretch = piece.stretch;
    }
    yield* cutter.push(piece);
  }
  yield* cutter.end();
}

/** Cuts one stretch. Holds a GOP until it is known which picture is the first. */
class Cutter {
  readonly #span: Span;
  #held: Piece[] = [];
  #cut: CutStretch | undefined;
  #keys = 0;
  /** Pictures of the first GOP that are shown before this refer to a GOP that is not there. */
  #firstKeyPts = Number.POSITIVE_INFINITY;
  /** Shown after the span, but perhaps needed by some that are shown within. */
  #late: CutPiece[] = [];

  constructor(span: Span) {
    this.#span = span;
  }

  push(piece: Piece): CutPiece[] {
    if (this.#cut !== undefined) return this.#take(piece, this.#cut);
    this.#hold(this.#fromKeyOn(piece));
    const first = this.#firstShown();
    const lastDts = piece.video.at(-1)?.dts ?? Number.NEGATIVE_INFINITY;
    // A picture decoded later is shown later than that.
    return first !== undefined && lastDts >= first.startTicks ? this.#begin(first) : [];
  }

  end(): CutPiece[] {
    if (this.#cut !== undefined) return [];
    const first = this.#firstShown();
    return first === undefined ? [] : this.#begin(first);
  }

  /** A stretch begins with a key picture; after damage, with the next one. */
  #fromKeyOn(piece: Piece): Piece {
    if (this.#held.some(({ video }) => video.length > 0)) return piece;
    const keyIndex = piece.video.findIndex(({ isKey }) => isKey);
    return { ...piece, video: keyIndex < 0 ? [] : piece.video.slice(keyIndex) };
  }

  #hold(piece: Piece): void {
    const fromTicks = piece.segment.ticksAt(this.#span.fromWallMs);
    const keyIndex = piece.video.findLastIndex(({ isKey, pts }) => isKey && pts <= fromTicks);
    if (keyIndex < 0) {
      this.#held.push(piece);
      return;
    }
    this.#held = this.#held.filter(({ audio }) => audio.length > 0).map((held) => ({ ...held, video: [] }));
    this.#held.push({ ...piece, video: piece.video.slice(keyIndex) });
    this.#held = this.#held.map((held) => ({ ...held, audio: this.#soundFrom(held, fromTicks) }));
  }

  #soundFrom({ segment: { audio: track, video }, audio }: Piece, fromTicks: number): readonly Mp4Sample[] {
    const fromSeconds = fromTicks / video.clockRateHz - SOUND_LEAD_SECONDS;
    return track === undefined ? [] : audio.filter(({ pts }) => pts / track.clockRateHz >= fromSeconds);
  }

  /** The earliest wanted picture of those held. */
  #firstShown(): CutStretch | undefined {
    const { fromWallMs, toWallMs } = this.#span;
    const key = this.#held.flatMap(({ video }) => video.slice(0, 1))[0];
    if (key === undefined) return undefined;
    let found: CutStretch | undefined;
    for (const { segment, video } of this.#held) {
      const fromTicks = segment.ticksAt(fromWallMs);
      const toTicks = segment.ticksAt(toWallMs);
      for (const { pts } of video) {
        if (pts < Math.max(fromTicks, key.pts) || pts >= Math.min(toTicks, found?.startTicks ?? Infinity)) {
          continue;
        }
        found = { startTicks: pts, startWallMs: segment.wallOf(pts) };
      }
    }
    return found;
  }

  #begin(cut: CutStretch): CutPiece[] {
    this.#cut = cut;
    const held = this.#held;
    this.#held = [];
    return held.flatMap((piece) => this.#take(piece, cut));
  }

  #take({ segment, video, audio }: Piece, stretch: CutStretch): CutPiece[] {
    const toTicks = segment.ticksAt(this.#span.toWallMs);
    const decodable = video.filter((sample) => this.#isDecodable(sample));
    const lastIndex = decodable.findLastIndex(({ pts }) => pts < toTicks);
    const taken: CutPiece[] = [];
    if (lastIndex >= 0) {
      taken.push(...this.#late);
      this.#late = [];
    }
    const within = decodable.slice(0, lastIndex + 1);
    const sound = this.#soundWithin(segment, audio, toTicks);
    if (within.length + sound.length > 0) taken.push({ stretch, segment, video: within, audio: sound });
    const late = decodable.slice(lastIndex + 1);
    if (late.length > 0 && this.#mayStillBeNeeded(late, toTicks)) {
      this.#late.push({ stretch, segment, video: late, audio: [] });
    }
    return taken;
  }

  /** A picture is never shown more than a GOP of two seconds before it is decoded. */
  #mayStillBeNeeded(late: readonly Mp4Sample[], toTicks: number): boolean {
    const [first] = late;
    return first !== undefined && first.dts < toTicks + 2 * 90_000;
  }

  #isDecodable({ isKey, pts }: Mp4Sample): boolean {
    if (isKey) {
      this.#keys += 1;
      if (this.#keys === 1) this.#firstKeyPts = pts;
    }
    return this.#keys > 1 || pts >= this.#firstKeyPts;
  }

  #soundWithin(
    { audio: track, video }: Segment,
    audio: readonly Mp4Sample[],
    toTicks: number,
  ): readonly Mp4Sample[] {
    if (track === undefined) return [];
    const toSeconds = toTicks / video.clockRateHz;
    return audio.filter(({ pts }) => pts / track.clockRateHz < toSeconds);
  }
}
