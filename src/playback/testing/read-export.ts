import { readFile } from 'node:fs/promises';
import { MOVIE_CLOCK_RATE_HZ } from '../../media/mp4/movie.ts';
import { readMovie, type ReadSample, type ReadTrack } from '../../media/mp4/testing/read-movie.ts';

/** A packet as a player that follows the edit list plays it. */
export interface PlayedSample {
  /** By default the one that `makeTestRun` put into it. */
  readonly number: number;
  readonly startSeconds: number;
  /** Until the next one of its track, or the end. */
  readonly endSeconds: number;
}

export interface ReadExport {
  readonly durationSeconds: number;
  /** Each track's packets in the order in which they are played. */
  readonly tracks: readonly (readonly PlayedSample[])[];
  /** Numbers of all video packets in the order of decoding, and of the key pictures among them. */
  readonly decoded: readonly number[];
  readonly keys: readonly number[];
}

/**
 * @param clockRatesHz of the file's tracks.
 * @param numberIn the number in a packet's bytes.
 */
export async function readExport(
  path: string,
  clockRatesHz: readonly number[],
  numberIn = (packet: Buffer) => packet.readUInt32BE(),
): Promise<ReadExport> {
  const file = await readFile(path);
  const movie = readMovie(file);
  const numberAt = ({ positionBytes, sizeBytes }: ReadSample) =>
    numberIn(file.subarray(positionBytes, positionBytes + sizeBytes));
  const video = movie.tracks[0]?.samples ?? [];
  return {
    durationSeconds: movie.durationTicks / MOVIE_CLOCK_RATE_HZ,
    tracks: movie.tracks.map((track, i) => play(track, clockRatesHz[i] ?? Number.NaN, numberAt)),
    decoded: video.map(numberAt),
    keys: video.filter(({ isKey }) => isKey).map(numberAt),
  };
}

function play(
  { samples, edits }: ReadTrack,
  clockRateHz: number,
  numberAt: (sample: ReadSample) => number,
): readonly PlayedSample[] {
  const ordered = samples.toSorted((a, b) => a.pts - b.pts);
  const played: PlayedSample[] = [];
  let lineSeconds = 0;
  for (const { mediaTime, lastsTicks } of edits) {
    const lastsSeconds = lastsTicks / MOVIE_CLOCK_RATE_HZ;
    if (mediaTime >= 0) {
      const fromSeconds = mediaTime / clockRateHz;
      for (const [i, sample] of ordered.entries()) {
        const from = Math.max(sample.pts / clockRateHz, fromSeconds);
        const to = Math.min((ordered[i + 1]?.pts ?? Infinity) / clockRateHz, fromSeconds + lastsSeconds);
        // Less than that is what rounding to two clocks makes.
        if (to - from < 1e-4) continue;
        played.push({
          number: numberAt(sample),
          startSeconds: lineSeconds + from - fromSeconds,
          endSeconds: lineSeconds + to - fromSeconds,
        });
      }
    }
    lineSeconds += lastsSeconds;
  }
  return played;
}
