import type { Mp4Track } from '../media/fmp4/mp4-track.ts';
import type { Mp4Sample } from '../media/fmp4/track-fragment-reader.ts';
import { MOVIE_CLOCK_RATE_HZ, type MovieTrack } from '../media/mp4/movie.ts';
import { SampleTable, type TableSample } from '../media/mp4/sample-table.ts';

/**
 * The packets of one track of a file to be written. They come in the ticks of their runs and are moved to the file's
 * time line, stretch by stretch; decode times increase strictly across stretches.
 */
export class TrackLine {
  readonly #table: SampleTable;
  /** From a run's ticks to those of the time line. */
  #shiftTicks = 0;
  #lastDts = Number.NEGATIVE_INFINITY;
  #lastDurationTicks = 0;
  #endTicks = Number.NEGATIVE_INFINITY;

  constructor(track: Mp4Track) {
    this.#table = new SampleTable(track);
  }

  get track(): Mp4Track {
    return this.#table.track;
  }

  /** Where the packet that is played last ends on the time line; -Infinity without any. */
  get endTicks(): number {
    return this.#endTicks;
  }

  /** What follows is moved so that this moment of its run comes at that moment of the time line, both in seconds. */
  place(runSeconds: number, lineSeconds: number): void {
    const { clockRateHz } = this.track;
    this.#shiftTicks = Math.round(lineSeconds * clockRateHz) - Math.round(runSeconds * clockRateHz);
  }

  /** A moment of the present run on the time line. */
  lineTicks(runTicks: number): number {
    return runTicks + this.#shiftTicks;
  }

  /**
   * @param offsetBytes where the packets begin in the file's payload, one behind the other.
   * @throws Mp4Error `unrepresentable`
   */
  add(samples: readonly Mp4Sample[], offsetBytes: number): void {
    this.#table.addChunk(
      offsetBytes,
      samples.map((sample) => this.#move(sample)),
    );
  }

  /**
   * The track as it is played: its packets' 0:00 is that of the time line.
   * @param endTicks of the time line, in ticks of the movie.
   * @returns undefined when none of it is heard or seen before the end.
   */
  finish(endTicks: number): MovieTrack | undefined {
    const table = this.#table;
    if (table.samples === 0) return undefined;
    table.end(this.#lastDts + this.#lastDurationTicks);
    const movieTicks = (ticks: number) => Math.round((ticks * MOVIE_CLOCK_RATE_HZ) / this.track.clockRateHz);
    const emptyTicks = Math.max(0, movieTicks(table.startTicks));
    const playedTicks = Math.min(endTicks, movieTicks(this.endTicks)) - emptyTicks;
    if (playedTicks <= 0) return undefined;
    return { table, emptyTicks, playedTicks, mediaTime: Math.max(0, -table.startTicks) };
  }

  #move({ sizeBytes, isKey, dts, pts, durationTicks }: Mp4Sample): TableSample {
    // Another run may need more time from decoding to showing than the one before left it.
    this.#lastDts = Math.max(this.lineTicks(dts), this.#lastDts + 1);
    this.#lastDurationTicks = durationTicks;
    this.#endTicks = Math.max(this.#endTicks, this.lineTicks(pts) + durationTicks);
    return { sizeBytes, isKey, dts: this.#lastDts, pts: this.lineTicks(pts) };
  }
}
