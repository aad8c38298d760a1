import type { WallMs } from '../../base/time.ts';
import type { Packet } from '../packet.ts';
import { timelineFrom, type FileTimeline } from './file-timeline.ts';
import { encodeFragment, type TrackRun } from './fragment.ts';
import { encodeInitSegment } from './init-segment.ts';
import { Mp4Error } from './mp4-error.ts';
import type { Mp4Track } from './mp4-track.ts';

export interface FileMuxerOptions {
  /** At least one, in the order players list them. */
  readonly tracks: readonly Mp4Track[];
  /** The wall time of the file's first video packet. */
  readonly createdAt: WallMs;
  /** When the run began of which the file is a part. */
  readonly runStartWallMs: WallMs;
}

/**
 * Turns the packets of one file into its bytes: fragmented MP4, whole after every fragment. Does no I/O and keeps no
 * packet.
 */
export class FileMuxer {
  readonly #options: FileMuxerOptions;
  #timeline: FileTimeline | undefined;
  #fragments = 0;
  #headerBytes = 0;

  constructor(options: FileMuxerOptions) {
    this.#options = options;
  }

  /** Where the first fragment begins in the file; 0 until it is encoded. */
  get headerBytes(): number {
    return this.#headerBytes;
  }

  /**
   * The next fragment as pieces for a single `writev`, before the first one the file's header. The first video packet
   * of the first fragment is shown at 0:00. See `encodeFragment` for the rest.
   * @throws Mp4Error `unrepresentable`; the file can go on without these packets. BitstreamError, from the first
   *   fragment, for parameter sets that cannot be parsed.
   */
  encode(runs: readonly TrackRun[]): readonly Uint8Array[] {
    const timeline = this.#timeline ?? timelineFrom(this.#options.tracks, runs);
    const fragment = encodeFragment(this.#fragments + 1, runs, timeline);
    const header = this.#timeline === undefined ? this.#header(runs, timeline) : undefined;
    this.#timeline = timeline;
    this.#fragments += 1;
    if (header === undefined) return fragment;
    this.#headerBytes = header.byteLength;
    return [header, ...fragment];
  }

  #header(runs: readonly TrackRun[], timeline: FileTimeline): Uint8Array {
    return encodeInitSegment({ ...this.#options, timeline, first: firstShown(runs) });
  }
}

/** The first video packet, or in a file without video the first packet. */
function firstShown(runs: readonly TrackRun[]): Packet {
  const started = runs.filter((run) => run.packets.length > 0);
  const first = (started.find((run) => run.track.kind === 'video') ?? started[0])?.packets[0];
  if (first === undefined) throw new Mp4Error('unrepresentable', 'cannot begin a file without packets');
  return first;
}
