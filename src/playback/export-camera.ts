import { parse, join } from 'node:path';
import { requireFree } from '../base/output-file.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { GapPolicy } from './clip.ts';
import { makeClips } from './clips.ts';
import type { Span } from './cut.ts';
import type { Extent } from './payload.ts';
import { PlaybackError } from './playback-error.ts';
import type { SegmentFile } from './segment.ts';
import { writeClip } from './write-clip.ts';

export interface ExportOptions {
  readonly camera: string;
  /** That may hold footage of the span, in the order in which they were recorded. */
  readonly files: readonly SegmentFile[];
  readonly span: Span;
  readonly gaps: GapPolicy;
  /** Of the first file. Where the format changes, or a kept gap is too long for players, another begins: `NAME_2.mp4`. */
  readonly path: string;
  readonly isReplaced: boolean;
  /** Told now and then how far it is, as a moment of the span. */
  readonly onProgress: (at: WallMs) => void;
  readonly signal: AbortSignal;
}

/** A file that was written. */
export interface ExportedFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
  readonly lengthMs: number;
  readonly pictures: number;
  /** As in RFC 6381. */
  readonly codecs: readonly string[];
}

/** What became of an export of one camera. */
export interface CameraExport {
  readonly camera: string;
  readonly files: readonly ExportedFile[];
  /** What of the span was not recorded, or could not be read. */
  readonly missing: readonly Span[];
  /** About recordings that could not be read, or not whole, or are damaged. */
  readonly problems: readonly PlaybackError[];
}

/** Less than that is not called missing: it may lie between two pictures. */
const LEAST_MISSING_MS = 1_000;

/**
 * Copies a span of a camera's recordings to MP4 files, without decoding.
 * @throws PlaybackError `nothing` when there is no picture in the span, `changed`; OutputError; Mp4Error; the signal's
 *   reason. Files that were complete stay.
 */
export async function exportCamera(options: ExportOptions): Promise<CameraExport> {
  const { camera, span } = options;
  // A long span takes a while to be laid out.
  requireFree(options.path, options.isReplaced);
  const problems: PlaybackError[] = [];
  const files: ExportedFile[] = [];
  const recorded: Span[] = [];
  for await (const clip of makeClips({ ...options, onProblem: (problem) => problems.push(problem) })) {
    const finished = clip.finish();
    const [fromWallMs, toWallMs] = [
      finished.recorded[0]?.fromWallMs ?? span.fromWallMs,
      finished.recorded.at(-1)?.toWallMs ?? span.toWallMs,
    ];
    const { damages, ...written } = await writeClip(finished, {
      path: numbered(options.path, files.length + 1),
      isReplaced: options.isReplaced,
      onProgress: (share) => options.onProgress(wallMs(fromWallMs + share * (toWallMs - fromWallMs))),
      signal: options.signal,
    });
    problems.push(...damages.map(damageIn));
    recorded.push(...finished.recorded);
    files.push({
      ...written,
      fromWallMs,
      toWallMs,
      lengthMs: finished.lengthMs,
      pictures: finished.pictures,
      codecs: finished.tracks.map(({ table }) => table.track.codecString),
    });
  }
  if (files.length === 0) {
    const why = problems.length === 0 ? undefined : { cause: problems[0] };
    throw new PlaybackError('nothing', 'nothing was recorded in that time', why);
  }
  return { camera, files, missing: missingOf(span, recorded), problems };
}

function damageIn({ path, positionBytes, sizeBytes }: Extent): PlaybackError {
  const place = `${sizeBytes} bytes from ${positionBytes} on`;
  return new PlaybackError(
    'damaged',
    `${path}: ${place} are not as they were recorded, and were exported as they are`,
  );
}

/** In alphabetical order they come behind the first. */
function numbered(path: string, number: number): string {
  if (number === 1) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}_${number}${ext}`);
}

/** @param recorded in order, except where the host's clock was put back. */
function missingOf({ fromWallMs, toWallMs }: Span, recorded: readonly Span[]): Span[] {
  const missing: Span[] = [];
  let covered = fromWallMs;
  for (const stretch of recorded.toSorted((a, b) => a.fromWallMs - b.fromWallMs)) {
    if (stretch.fromWallMs > covered) missing.push({ fromWallMs: covered, toWallMs: stretch.fromWallMs });
    covered = wallMs(Math.max(covered, stretch.toWallMs));
  }
  if (toWallMs > covered) missing.push({ fromWallMs: covered, toWallMs });
  return missing.filter((gap) => gap.toWallMs - gap.fromWallMs >= LEAST_MISSING_MS);
}
