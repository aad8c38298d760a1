import { FileSource } from '../archive/file-source.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { Mp4Fragment } from '../media/fmp4/fragment-reader.ts';
import { scanMp4, type ScannedFile } from '../media/fmp4/fragment-scan.ts';
import type { TrackHeader } from '../media/fmp4/header-reader.ts';
import { Mp4Error } from '../media/fmp4/mp4-error.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { Mp4SoundTrack, VideoTrack } from '../media/packet.ts';
import { PlaybackError } from './playback-error.ts';

/** A recording that may hold footage of the time that is asked for. */
export interface SegmentFile {
  /** Absolute. */
  readonly path: string;
  readonly startWallMs: WallMs;
  readonly runStartWallMs: WallMs;
  /** Whether it holds key pictures only. */
  readonly isTimelapse: boolean;
  /** Whether a last fragment that is not whole is to be expected, because it is being written. */
  readonly isOpen: boolean;
}

/** The pictures and sound of one fragment, each in decoding order. */
export interface FragmentSamples {
  readonly video: readonly Mp4Sample[];
  readonly audio: readonly Mp4Sample[];
}

/** A fragment as it lies in its file. */
export interface SegmentFragment extends FragmentSamples {
  /** Whether something is damaged between it and the one before. */
  readonly followsDamage: boolean;
}

/** A recording's tables. */
export class Segment {
  readonly file: SegmentFile;
  readonly video: VideoTrack;
  readonly audio: Mp4SoundTrack | undefined;
  /** The whole ones, in order. */
  readonly fragments: readonly SegmentFragment[];
  /** What is damaged in it. */
  readonly problems: readonly PlaybackError[];
  readonly #createdAt: WallMs;
  /** What is shown at its first moment. */
  readonly #firstShownTicks: number;
  /** By where the payload of a fragment begins. */
  readonly #checksums: ReadonlyMap<
    number,
    { readonly sizeBytes: number; readonly checksum: number | undefined }
  >;

  private constructor(file: SegmentFile, scanned: ScannedFile, pictures: VideoHeader) {
    const { header, fragments } = scanned;
    const sound = header.tracks.map(({ track }) => track).find((track) => track.kind === 'audio');
    this.file = file;
    this.video = pictures.track;
    this.audio = sound;
    this.#createdAt = header.createdAt;
    this.#firstShownTicks = pictures.firstShown;
    const damaged = fragments.filter(({ checksum }) => checksum === 'wrong');
    this.fragments = fragments.flatMap((fragment, i) => {
      if (damaged.includes(fragment)) return [];
      return { ...samplesOf(fragment, this), followsDamage: followsDamage(scanned, i) };
    });
    this.#checksums = new Map(
      fragments.map(({ positionBytes, sizeBytes, dataSizeBytes, payloadChecksum }) => [
        positionBytes + sizeBytes - dataSizeBytes,
        { sizeBytes: dataSizeBytes, checksum: payloadChecksum },
      ]),
    );
    this.problems = [
      ...damaged.map(({ positionBytes }) => damage(file, `a fragment at byte ${positionBytes} is damaged`)),
      ...scanned.damages.map(({ cause }) => damage(file, 'a place in it is damaged', cause)),
      ...(scanned.tear === undefined || file.isOpen
        ? []
        : [damage(file, 'its end is torn or damaged', scanned.tear.cause)]),
    ];
  }

  /** @throws PlaybackError `missing` or `damaged` */
  static async read(file: SegmentFile): Promise<Segment> {
    const scanned = await scan(file);
    const pictures = scanned.header.tracks.find(isVideoHeader);
    if (pictures !== undefined) return new Segment(file, scanned, pictures);
    throw damage(file, 'expected video that begins at 0:00, found none');
  }

  /** Of bytes that are the whole payload of a fragment (`checksumOf`); undefined for others, and where it is not known. */
  checksumAt(positionBytes: number, sizeBytes: number): number | undefined {
    const found = this.#checksums.get(positionBytes);
    return found?.sizeBytes === sizeBytes ? found.checksum : undefined;
  }

  /** When a picture is shown. */
  wallOf(pts: number): WallMs {
    return wallMs(this.#createdAt + ((pts - this.#firstShownTicks) * 1000) / this.video.clockRateHz);
  }

  /** The reverse of `wallOf`; not a whole number of ticks. */
  ticksAt(wall: WallMs): number {
    return this.#firstShownTicks + ((wall - this.#createdAt) * this.video.clockRateHz) / 1000;
  }
}

type VideoHeader = TrackHeader & { readonly track: VideoTrack; readonly firstShown: number };

function isVideoHeader(header: TrackHeader): header is VideoHeader {
  return header.track.kind === 'video' && header.firstShown !== undefined;
}

async function scan(file: SegmentFile): Promise<ScannedFile> {
  try {
    await using source = await FileSource.open(file.path);
    return await scanMp4(source);
  } catch (error) {
    if (error instanceof Mp4Error) throw damage(file, 'is no whole recording', error);
    throw new PlaybackError('missing', `${file.path}: cannot be read`, { cause: error });
  }
}

function samplesOf({ runs }: Mp4Fragment, { video, audio }: Segment): FragmentSamples {
  const samples = (track: VideoTrack | Mp4SoundTrack | undefined): readonly Mp4Sample[] =>
    runs.find((run) => run.header.track === track)?.samples ?? [];
  return { video: samples(video), audio: samples(audio) };
}

function followsDamage({ fragments, damages }: ScannedFile, index: number): boolean {
  const [before, fragment] = [fragments[index - 1], fragments[index]];
  return (
    before?.checksum === 'wrong' ||
    damages.some(({ positionBytes, sizeBytes }) => positionBytes + sizeBytes === fragment?.positionBytes)
  );
}

function damage({ path }: SegmentFile, found: string, cause?: Mp4Error): PlaybackError {
  const why = cause === undefined ? undefined : { cause };
  return new PlaybackError('damaged', `${path}: ${found}; preroll archive check tells more`, why);
}
