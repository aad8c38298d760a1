import { writeFileSync } from 'node:fs';
import type { DecodedPicture } from '../decode/decoder.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import { encodeStill, Film, type DrawingKind } from '../lab/film.ts';
import { InputError } from '../lab/input-error.ts';
import type { Moment } from '../lab/lane.ts';
import { OutputFile } from '../base/output-file.ts';
import { SeriesWriter, type SeriesFormat } from '../lab/series.ts';

/** What `preroll explain` makes of the analysed pictures. Dispose of it: what is not complete then is gone. */
export interface ExplainOutput extends Disposable {
  /** @returns whether more pictures are wanted. */
  add(picture: DecodedPicture, moment: Moment): boolean;
  /** @returns the files, by what they are. @throws InputError when there was no picture to make them of. */
  complete(): Readonly<Record<string, string>>;
}

export interface FilmFiles {
  readonly video: string;
  readonly series: string;
  readonly drawing: DrawingKind;
  readonly rateFps: number;
  /** Whether files of these names are replaced. */
  readonly force: boolean;
  /** What the series begins with. */
  readonly head: object;
}

/** An MP4 file and a series. */
export class FilmOutput implements ExplainOutput {
  readonly #video: OutputFile;
  readonly #series: OutputFile;
  readonly #seriesWriter: SeriesWriter;
  readonly #film: Film;
  #pictures = 0;

  /** @throws OutputError */
  constructor({ video, series, drawing, rateFps, force, head }: FilmFiles) {
    this.#video = new OutputFile(video, force);
    try {
      this.#series = new OutputFile(series, force);
    } catch (error) {
      this.#video[Symbol.dispose]();
      throw error;
    }
    this.#seriesWriter = new SeriesWriter(this.#series.partPath, seriesFormat(series) ?? 'json', head);
    this.#film = new Film({ path: this.#video.partPath, drawing, rateFps, series: this.#seriesWriter });
  }

  add(picture: DecodedPicture, moment: Moment): boolean {
    this.#film.add(picture, moment);
    this.#pictures++;
    return true;
  }

  complete(): Readonly<Record<string, string>> {
    if (this.#pictures === 0)
      throw new InputError('unreadable', 'there was no picture that could be decoded');
    this.#film.finish();
    this.#video.complete();
    this.#series.complete();
    return { video: this.#video.path, series: this.#series.path };
  }

  [Symbol.dispose](): void {
    this.#film[Symbol.dispose]();
    this.#seriesWriter[Symbol.dispose]();
    this.#series[Symbol.dispose]();
    this.#video[Symbol.dispose]();
  }
}

/** The format that the name of a series' file asks for; undefined for another ending. */
export function seriesFormat(path: string): SeriesFormat | undefined {
  if (/\.json$/i.test(path)) return 'json';
  return /\.csv$/i.test(path) ? 'csv' : undefined;
}

export interface StillFile {
  readonly path: string;
  readonly atMs: number;
  readonly drawing: DrawingKind;
  readonly force: boolean;
}

/** A PNG file of the first analysed picture from a moment on. */
export class StillOutput implements ExplainOutput {
  readonly #file: OutputFile;
  readonly #options: StillFile;
  #firstTicks: number | undefined;
  #hasStill = false;

  /** @throws OutputError */
  constructor(options: StillFile) {
    this.#options = options;
    this.#file = new OutputFile(options.path, options.force);
  }

  add(picture: DecodedPicture, moment: Moment): boolean {
    const { atMs, drawing } = this.#options;
    this.#firstTicks ??= picture.pts;
    if (((picture.pts - this.#firstTicks) * 1000) / VIDEO_CLOCK_RATE_HZ < atMs) return true;
    writeFileSync(this.#file.partPath, encodeStill(picture, moment, drawing));
    this.#hasStill = true;
    return false;
  }

  complete(): Readonly<Record<string, string>> {
    if (!this.#hasStill) {
      const seconds = this.#options.atMs / 1000;
      throw new InputError('too-short', `it ends before ${seconds} s, the moment asked for`);
    }
    this.#file.complete();
    return { still: this.#file.path };
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
