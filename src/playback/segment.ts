import { FileSource } from '../archive/file-source.ts';
import { wallMs, type MediaTicks, type WallMs } from '../base/time.ts';
import { WindowedSource } from '../media/fmp4/byte-source.ts';
import { readFragment, type Mp4Fragment } from '../media/fmp4/fragment-reader.ts';
import { readHeader, type Mp4Header } from '../media/fmp4/header-reader.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { AacTrack, VideoTrack } from '../media/packet.ts';
import { PlaybackError } from './playback-error.ts';

/** A recording that may hold footage of the time that is asked for. */
export interface SegmentFile {
  /** Absolute, without links. */
  readonly path: string;
  /** Whether a last fragment that is not whole is to be expected: it is being written. */
  readonly isOpen: boolean;
}

/** The pictures and sound of one fragment, each in decoding order. */
export interface FragmentSamples {
  readonly video: readonly Mp4Sample[];
  readonly audio: readonly Mp4Sample[];
}

/** An opened recording. What it says about tracks and times holds after it has been closed, too. */
export class Segment implements AsyncDisposable {
  readonly file: SegmentFile;
  readonly video: VideoTrack;
  readonly audio: AacTrack | undefined;
  readonly #source: FileSource;
  readonly #header: Mp4Header;
  /** What is shown at its first moment. */
  readonly #firstShown: MediaTicks;

  private constructor(file: SegmentFile, source: FileSource, header: Mp4Header) {
    const tracks = header.tracks.map(({ track }) => track);
    const video = tracks.find((track) => track.kind === 'video');
    const shown = header.tracks.find(({ track }) => track === video)?.firstShown;
    if (video === undefined || shown === undefined) {
      throw new PlaybackError('unreadable', `${file.path}: expected video that begins at 0:00, found none`);
    }
    this.file = file;
    this.video = video;
    this.audio = tracks.find((track) => track.kind === 'audio');
    this.#source = source;
    this.#header = header;
    this.#firstShown = shown;
  }

  /** @throws PlaybackError `missing` or `unreadable` */
  static async open(file: SegmentFile): Promise<Segment> {
    let source: FileSource;
    try {
      source = await FileSource.open(file.path);
    } catch (error) {
      throw new PlaybackError('missing', `${file.path}: cannot be opened`, { cause: error });
    }
    try {
      return new Segment(file, source, await readHeader(new WindowedSource(source)));
    } catch (error) {
      await source[Symbol.asyncDispose]();
      if (!(error instanceof Mp4Error)) throw error;
      throw new PlaybackError('unreadable', `${file.path}: is no whole recording`, { cause: error });
    }
  }

  /** When its run began. */
  get runStartWallMs(): WallMs {
    return this.#header.runStartWallMs;
  }

  /** When a picture is shown. */
  wallOf(pts: number): WallMs {
    return wallMs(this.#header.createdAt + ((pts - this.#firstShown) * 1000) / this.video.clockRateHz);
  }

  /** The reverse of `wallOf`; not a whole number of ticks. */
  ticksAt(wall: WallMs): number {
    return this.#firstShown + ((wall - this.#header.createdAt) * this.video.clockRateHz) / 1000;
  }

  /**
   * Its fragments in order, up to the last whole one.
   * @throws PlaybackError `unreadable` where one is not what the recorder writes, or the last is torn although nobody
   *   is writing it any more.
   */
  async *fragments(): AsyncGenerator<FragmentSamples> {
    const source = new WindowedSource(this.#source);
    let positionBytes = this.#header.sizeBytes;
    for (;;) {
      const fragment = await this.#read(source, positionBytes);
      if (fragment === undefined) return;
      positionBytes = fragment.positionBytes + fragment.sizeBytes;
      yield { video: samplesOf(fragment, this.video), audio: samplesOf(fragment, this.audio) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source[Symbol.asyncDispose]();
  }

  async #read(source: WindowedSource, positionBytes: number): Promise<Mp4Fragment | undefined> {
    try {
      return await readFragment(source, this.#header, positionBytes);
    } catch (error) {
      if (!(error instanceof Mp4Error)) throw error;
      if (error.kind === 'truncated' && this.file.isOpen) return undefined;
      throw new PlaybackError('unreadable', `${this.file.path}: its end is torn or damaged`, {
        cause: error,
      });
    }
  }
}

function samplesOf({ runs }: Mp4Fragment, track: VideoTrack | AacTrack | undefined): readonly Mp4Sample[] {
  return runs.find((run) => run.header.track === track)?.samples ?? [];
}
