import { Clip, type GapPolicy } from './clip.ts';
import { cutSpan, type CutStretch, type Span } from './cut.ts';
import type { PlaybackError } from './playback-error.ts';
import type { SegmentFile } from './segment.ts';
import { readStretches } from './stretches.ts';

export interface ClipsOptions {
  /** That may hold footage of the span, in the order in which they were recorded. */
  readonly files: readonly SegmentFile[];
  readonly span: Span;
  readonly gaps: GapPolicy;
  /** Told about what cannot be read; the rest is footage all the same. */
  readonly onProblem: (problem: PlaybackError) => void;
  readonly signal: AbortSignal;
}

/**
 * Lays out a span of recordings as files, as few as can be. Only one is in memory at a time.
 * @throws the signal's reason.
 */
export async function* makeClips({
  files,
  span,
  gaps,
  onProblem,
  signal,
}: ClipsOptions): AsyncGenerator<Clip> {
  let clip: Clip | undefined;
  let stretch: CutStretch | undefined;
  for await (const piece of cutSpan(readStretches(files, onProblem), span)) {
    signal.throwIfAborted();
    // Within a stretch the format stays the same.
    if (clip !== undefined && piece.stretch !== stretch && !clip.accepts(piece)) {
      yield clip;
      clip = undefined;
    }
    stretch = piece.stretch;
    clip ??= new Clip(piece.segment, span, gaps);
    clip.add(piece);
  }
  if (clip !== undefined) yield clip;
}
