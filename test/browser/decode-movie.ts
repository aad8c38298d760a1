import type { DecodedPicture } from '../../src/decode/decoder.ts';
import { dotSizePx } from '../../src/media/burnt-text.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../../src/media/packet.ts';
import { VideoFile } from '../../src/lab/video-file.ts';
import { readExport } from '../../src/playback/testing/read-export.ts';
import { readBurntNumber } from './burnt-number.ts';

/** What became of a file that was downloaded when it was decoded. */
interface DecodedMovie {
  readonly lengthMs: number;
  /** That a player shows which follows the edit list: those before it are only there to be decoded. */
  readonly pictures: number;
  /** That came out of a decoder that follows it too. */
  readonly decoded: number;
  readonly damaged: number;
  /** The numbers that are burnt into the first picture and into the last one. */
  readonly first: number | undefined;
  readonly last: number | undefined;
}

/** The demo camera's sound. */
const SOUND_RATE_HZ = 16_000;

export async function decodeMovie(path: string): Promise<DecodedMovie> {
  const { durationSeconds, tracks } = await readExport(path, [VIDEO_CLOCK_RATE_HZ, SOUND_RATE_HZ], () => 0);
  using video = new VideoFile(path);
  const numbers: (number | undefined)[] = [];
  const visit = (picture: DecodedPicture): void => {
    const { data, stride, heightPx } = picture.readLuma();
    numbers.push(readBurntNumber(data, stride, dotSizePx(heightPx)));
  };
  while (video.advance(visit));
  return {
    lengthMs: durationSeconds * 1_000,
    pictures: tracks[0]?.length ?? 0,
    decoded: numbers.length,
    damaged: video.damaged,
    first: numbers[0],
    last: numbers.at(-1),
  };
}
