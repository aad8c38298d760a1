import type { MediaTicks, WallMs } from '../base/time.ts';
import type { FragmentRecord } from '../db/records.ts';
import { readExactly, type ByteSource } from '../media/fmp4/byte-source.ts';
import { readFragment } from '../media/fmp4/fragment-reader.ts';
import type { Mp4Header, TrackHeader } from '../media/fmp4/header-reader.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import type { VideoTrack } from '../media/packet.ts';
import { recoveryPointOf } from '../media/recovery-point.ts';
import { MOST_REFRESHING, type StoredPacket } from './key-pictures.ts';
import { PlaybackError } from './playback-error.ts';
import { ROUNDING_MS, type StoredSegment } from './stored-segment.ts';

/** The picture that is shown at a moment, to be decoded. */
export interface MomentPicture {
  readonly track: VideoTrack;
  /** From a key picture on up to itself, in the order of decoding. */
  readonly packets: readonly StoredPacket[];
  /** Its own: what is shown later may have to be decoded before it. */
  readonly shownPts: MediaTicks;
  readonly wallMs: WallMs;
}

/** All of it goes to another process. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * @param key the last fragment at or before the moment that begins with a key picture.
 * @throws PlaybackError `damaged`; `nothing` where more than 64 MiB would have to be decoded.
 */
export async function readMomentPicture(
  stored: StoredSegment,
  key: FragmentRecord,
  at: WallMs,
): Promise<MomentPicture> {
  const { path, fragments } = stored.record;
  const before = fragments.slice(0, fragments.indexOf(key)).findLast(({ isKey }) => isKey);
  return await stored.read(async (source, header) => {
    const isDue: IsDue = (track, ticks) => stored.wallMsOf(track, ticks) < at + ROUNDING_MS;
    let stretch = await readStretch({ source, header, from: key, isDue });
    // What is refreshed stripe by stripe is whole only behind the key picture before.
    if (stretch.refreshing > 0 && before !== undefined) {
      stretch = await readStretch({ source, header, from: before, isDue });
    }
    const { track, samples } = stretch;
    const whole = samples.slice(Math.min(stretch.refreshing, samples.length - 1));
    const due = whole.filter(({ pts }) => track !== undefined && isDue(track, pts));
    const shown = due.toSorted((a, b) => b.pts - a.pts)[0] ?? whole[0];
    if (track?.track.kind !== 'video' || shown === undefined) {
      throw new PlaybackError(
        'damaged',
        `${path}: expected a picture behind byte ${key.offsetBytes}, found none`,
      );
    }
    const needed = samples.slice(0, samples.indexOf(shown) + 1);
    const neededBytes = needed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (neededBytes > MOST_BYTES) {
      throw new PlaybackError(
        'nothing',
        `${path}: one picture needs ${neededBytes} bytes of others, too many`,
      );
    }
    const read = async ({ isKey, pts, dts, positionBytes, sizeBytes }: Mp4Sample): Promise<StoredPacket> => {
      return { isKey, pts, dts, data: await readExactly(source, positionBytes, sizeBytes) };
    };
    return {
      track: track.track,
      packets: await Promise.all(needed.map(read)),
      shownPts: shown.pts,
      wallMs: stored.wallMsOf(track, shown.pts),
    };
  });
}

type IsDue = (track: TrackHeader, ticks: MediaTicks) => boolean;

interface Stretch {
  /** Undefined where there is no picture. */
  readonly track: TrackHeader | undefined;
  /** From a key picture on, in the order of decoding, all that are due and perhaps more. */
  readonly samples: readonly Mp4Sample[];
  /** So many of them are not whole yet. */
  readonly refreshing: number;
}

interface StretchOptions {
  readonly source: ByteSource;
  readonly header: Mp4Header;
  readonly from: FragmentRecord;
  readonly isDue: IsDue;
}

async function readStretch({ source, header, from, isDue }: StretchOptions): Promise<Stretch> {
  const samples: Mp4Sample[] = [];
  let [track, refreshing]: [TrackHeader | undefined, number] = [undefined, 0];
  for (let offsetBytes = from.offsetBytes; ;) {
    const fragment = await readFragment(source, header, offsetBytes);
    if (fragment === undefined) return { track, samples, refreshing };
    const run = fragment.runs.find((one) => one.header.track.kind === 'video');
    for (const sample of run?.samples ?? []) {
      track ??= run?.header;
      const { positionBytes, sizeBytes, dts } = sample;
      if (samples.length === 0 && track?.track.kind === 'video') {
        const first = await readExactly(source, positionBytes, sizeBytes);
        refreshing = Math.min(MOST_REFRESHING, recoveryPointOf(track.track.codec, first) ?? 0);
      }
      // What is decoded later is shown later still.
      if (samples.length > refreshing && track !== undefined && !isDue(track, dts))
        return { track, samples, refreshing };
      samples.push(sample);
    }
    offsetBytes = fragment.positionBytes + fragment.sizeBytes;
  }
}
