import type { Database, Statement } from './database.ts';
import type { SegmentRecord } from './records.ts';

/** What segments consist of. */
export type Format = Pick<SegmentRecord, 'video' | 'audio'>;

/** The columns of `format`, as they stand in a row that joins it. */
export interface FormatRow {
  readonly video_codec: string;
  readonly width_px: number;
  readonly height_px: number;
  readonly audio_codec: string;
  readonly sample_rate_hz: number;
  readonly channels: number;
}

/** Numbers the formats of segments. */
export class FormatTable {
  readonly #find: Statement<{ readonly id: number }>;
  readonly #add: Statement<never>;

  constructor(database: Database) {
    this.#find = database.prepare(
      `SELECT id FROM format
       WHERE video_codec = $video_codec AND width_px = $width_px AND height_px = $height_px
         AND audio_codec = $audio_codec AND sample_rate_hz = $sample_rate_hz AND channels = $channels`,
    );
    this.#add = database.prepare(
      `INSERT INTO format (video_codec, width_px, height_px, audio_codec, sample_rate_hz, channels)
       VALUES ($video_codec, $width_px, $height_px, $audio_codec, $sample_rate_hz, $channels)`,
    );
  }

  /** Adds it where it is new. */
  formatId({ video, audio }: Format): number {
    const row = {
      video_codec: video.codec,
      width_px: video.widthPx,
      height_px: video.heightPx,
      audio_codec: audio?.codec ?? '',
      sample_rate_hz: audio?.sampleRateHz ?? 0,
      channels: audio?.channels ?? 0,
    };
    const found = this.#find.get(row);
    if (found !== undefined) return found.id;
    this.#add.run(row);
    return this.formatId({ video, audio });
  }
}

export function formatOf(row: FormatRow): Format {
  return {
    video: { codec: row.video_codec, widthPx: row.width_px, heightPx: row.height_px },
    audio:
      row.audio_codec === ''
        ? undefined
        : { codec: row.audio_codec, sampleRateHz: row.sample_rate_hz, channels: row.channels },
  };
}
