import type { DecodedPicture } from '../decode/decoder.ts';
import { VIDEO_CLOCK_RATE_HZ } from '../media/packet.ts';
import { FourPictures, PlainPicture, type Drawing } from './four-pictures.ts';
import type { Moment } from './lane.ts';
import { Mp4Writer } from './mp4-writer.ts';
import { encodePng } from './png.ts';
import type { SeriesWriter } from './series.ts';

/** What is shown of each picture. */
export type DrawingKind = 'four-pictures' | 'plain';

export interface FilmOptions {
  /** Path of the MP4 file, written over what is there. */
  readonly path: string;
  readonly drawing: DrawingKind;
  readonly rateFps: number;
  readonly series: SeriesWriter;
}

/** All analysed pictures of some footage, explained in an MP4 file and a series. Dispose of it. */
export class Film implements Disposable {
  readonly #options: FilmOptions;
  #drawing: Drawing | undefined;
  #video: Mp4Writer | undefined;
  #firstTicks: number | undefined;

  constructor(options: FilmOptions) {
    this.#options = options;
  }

  /** @throws EncodeError; errors of the file system pass through. */
  add(picture: DecodedPicture, moment: Moment): void {
    const { path, rateFps, series } = this.#options;
    this.#drawing ??= makeDrawing(this.#options.drawing, moment);
    this.#firstTicks ??= picture.pts;
    const ticks = picture.pts - this.#firstTicks;
    const drawn = this.#drawing.draw(picture, moment);
    this.#video ??= new Mp4Writer({ path, widthPx: drawn.widthPx, heightPx: drawn.heightPx, rateFps });
    this.#video.write(drawn, ticks);
    const { score, isMotion, zones, boxes } = moment.sample;
    series.add({
      time: ticks / VIDEO_CLOCK_RATE_HZ,
      count: moment.stages?.mask.reduce((count, pixel) => count + (pixel === 0 ? 0 : 1), 0) ?? 0,
      score,
      motion: isMotion,
      event: moment.secondsLeft !== undefined,
      zones,
      boxes,
    });
  }

  /** Completes the files. */
  finish(): void {
    this.#video?.finish();
    this.#options.series.finish();
  }

  [Symbol.dispose](): void {
    this.#video?.[Symbol.dispose]();
  }
}

/** One analysed picture, explained in a PNG file. */
export function encodeStill(picture: DecodedPicture, moment: Moment, kind: DrawingKind): Buffer {
  return encodePng(makeDrawing(kind, moment).draw(picture, moment));
}

function makeDrawing(kind: DrawingKind, { sample }: Moment): Drawing {
  if (kind === 'plain') return new PlainPicture();
  return new FourPictures({ widthPx: sample.analysedWidthPx, heightPx: sample.analysedHeightPx });
}
