import { FileSource } from '../archive/file-source.ts';
import type { MountedVolume } from '../archive/mounted-volume.ts';
import { findOwnedFile } from '../archive/owned-file.ts';
import { wallMs, type MediaTicks, type WallMs } from '../base/time.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { FragmentRecord, SegmentRecord } from '../db/records.ts';
import { readExactly } from '../media/fmp4/byte-source.ts';
import { readFragment } from '../media/fmp4/fragment-reader.ts';
import { readHeader, type Mp4Header, type TrackHeader } from '../media/fmp4/header-reader.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import { dropEditLists, toWallTime, wallShift, type WallShift } from '../media/fmp4/wall-time.ts';
import { PlaybackError } from './playback-error.ts';

/**
 * Names a segment of a camera among its others, wherever it lies: when it begins, and whether it is a time-lapse, which may
 * be recorded beside others.
 */
export interface SegmentId {
  readonly startWallMs: WallMs;
  readonly isTimelapse: boolean;
}

export function segmentIdOf({ startWallMs, kind }: SegmentRecord): SegmentId {
  return { startWallMs, isTimelapse: kind === 'timelapse' };
}

/** A segment as the index names it; undefined when it names none (any more). @throws IndexError */
export async function findSegment(
  index: Pick<IndexQueries, 'segments'>,
  camera: string,
  { startWallMs, isTimelapse }: SegmentId,
): Promise<SegmentRecord | undefined> {
  const toWallMs = wallMs(startWallMs + 1);
  const found = await index.segments({ cameras: [camera], fromWallMs: startWallMs, toWallMs });
  return found.find((one) => one.startWallMs === startWallMs && (one.kind === 'timelapse') === isTimelapse);
}

/** Whoever asks has times rounded down to whole milliseconds. */
export const ROUNDING_MS = 1;

/** The file of a segment, open for reading, its times those of the wall. Dispose of it. */
export class StoredSegment implements AsyncDisposable {
  readonly record: SegmentRecord;
  readonly header: Mp4Header;
  readonly #source: FileSource;
  readonly #shift: WallShift;

  private constructor(record: SegmentRecord, header: Mp4Header, source: FileSource) {
    this.record = record;
    this.header = header;
    this.#source = source;
    this.#shift = wallShift(header, record.startWallMs);
  }

  /**
   * Opens what the index names, and nothing else.
   * @param volumes that are there.
   * @throws PlaybackError `missing`, `outside` or `damaged`.
   */
  static async open(volumes: readonly MountedVolume[], record: SegmentRecord): Promise<StoredSegment> {
    const source = await openSource(volumes, record);
    try {
      return new StoredSegment(record, await readHeader(source), source);
    } catch (error) {
      await source[Symbol.asyncDispose]();
      throw damage(record, error);
    }
  }

  /** What players are given before fragments: `ftyp` and `moov` without edit lists. @throws PlaybackError `damaged` */
  async init(): Promise<Uint8Array> {
    return await this.#reading(async () => {
      const bytes = await readExactly(this.#source, 0, this.header.sizeBytes);
      dropEditLists(bytes);
      return bytes;
    });
  }

  /**
   * `moof` and `mdat`, on the wall clock.
   * @param untilMs what only pictures after this moment need is left out at the end, when given.
   * @throws PlaybackError `damaged`
   */
  async fragment({ offsetBytes, sizeBytes }: FragmentRecord, untilMs?: WallMs): Promise<Uint8Array> {
    return await this.#reading(async () => {
      const neededBytes = untilMs === undefined ? sizeBytes : await this.#bytesUntil(offsetBytes, untilMs);
      const bytes = await readExactly(this.#source, offsetBytes, Math.min(sizeBytes, neededBytes));
      toWallTime(bytes, this.#shift);
      return bytes;
    });
  }

  /** When a picture or a packet of sound with this time is due. */
  wallMsOf({ track, firstShown }: TrackHeader, pts: MediaTicks): WallMs {
    const { startTicks, clockRateHz } = this.header.timeline;
    const zeroTicks = firstShown ?? startTicks * (track.clockRateHz / clockRateHz);
    return wallMs(this.record.startWallMs + ((pts - zeroTicks) * 1000) / track.clockRateHz);
  }

  /** Reads at other places. @throws PlaybackError `damaged` */
  async read<Result>(read: (source: FileSource, header: Mp4Header) => Promise<Result>): Promise<Result> {
    return await this.#reading(() => read(this.#source, this.header));
  }

  /** Of the fragment at `offsetBytes`, up to the last picture that is shown by then; all where that is not known. */
  async #bytesUntil(offsetBytes: number, untilMs: WallMs): Promise<number> {
    const fragment = await readFragment(this.#source, this.header, offsetBytes);
    const run = fragment?.runs.find(({ header: { track } }) => track.kind === 'video');
    if (run === undefined || run.samples.length === 0) return Number.POSITIVE_INFINITY;
    const endsBytes = run.samples
      .filter(({ pts }, i) => i === 0 || this.wallMsOf(run.header, pts) < untilMs + ROUNDING_MS)
      .map(({ positionBytes, sizeBytes }) => positionBytes + sizeBytes);
    return Math.max(...endsBytes) - offsetBytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source[Symbol.asyncDispose]();
  }

  async #reading<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      throw damage(this.record, error);
    }
  }
}

async function openSource(volumes: readonly MountedVolume[], record: SegmentRecord): Promise<FileSource> {
  const root = volumes.find(({ id }) => id === record.volume)?.path;
  if (root === undefined) throw missing(record, 'the volume that holds it is not there');
  const owned = await findOwnedFile(root, record.path);
  if (owned.kind === 'foreign') {
    throw new PlaybackError('outside', `${record.path}: is no file of the archive`);
  }
  if (owned.kind === 'missing') throw missing(record, 'is gone');
  try {
    return await FileSource.open(owned.path);
  } catch (error) {
    throw missing(record, 'cannot be opened', error);
  }
}

function missing({ path }: SegmentRecord, found: string, cause?: unknown): PlaybackError {
  return new PlaybackError('missing', `${path}: ${found}`, cause === undefined ? undefined : { cause });
}

function damage({ path }: SegmentRecord, cause: unknown): unknown {
  if (!(cause instanceof Mp4Error)) return cause;
  return new PlaybackError('damaged', `${path}: is damaged; preroll archive check tells more`, { cause });
}
