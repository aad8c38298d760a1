import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wallMs } from '../../base/time.ts';
import { Mp4Error } from '../fmp4/mp4-error.ts';
import { h264HighTrack, h265Main10Track, monoTrack } from '../fmp4/testing/test-tracks.ts';
import { encodeMovie, type MovieTrack } from './movie.ts';
import { SampleTable, type TableSample } from './sample-table.ts';
import { readMovie } from './testing/read-movie.ts';

const CREATED_AT = wallMs(Date.UTC(2026, 10, 22, 20, 15, 3, 123));

/** Chunks of samples, their times as what lies between them. */
const anyChunks = fc.array(
  fc.array(
    fc.record({
      sizeBytes: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      isKey: fc.boolean(),
      durationTicks: fc.oneof(fc.constant(3600), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
      offsetTicks: fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  { minLength: 1, maxLength: 8 },
);

function movieTrack(table: SampleTable, changes: Partial<MovieTrack> = {}): MovieTrack {
  return { table, emptyTicks: 0, mediaTime: 0, playedTicks: 1, ...changes };
}

describe('encodeMovie', () => {
  it('writes tables from which any samples are read back, their times from the first on', () => {
    fc.assert(
      fc.property(anyChunks, fc.integer({ min: -1e9, max: 1e9 }), (chunks, startTicks) => {
        const table = new SampleTable(h264HighTrack);
        let dts = startTicks;
        let offsetBytes = 0;
        const expected: (TableSample & { positionBytes: number })[] = [];
        for (const chunk of chunks) {
          const chunkBytes = offsetBytes;
          const samples = chunk.map(({ sizeBytes, isKey, durationTicks, offsetTicks }) => {
            const sample = { sizeBytes, isKey, dts, pts: dts + offsetTicks };
            expected.push({ ...sample, positionBytes: offsetBytes });
            dts += durationTicks;
            offsetBytes += sizeBytes;
            return sample;
          });
          table.addChunk(chunkBytes, samples);
        }
        table.end(dts);
        const head = encodeMovie({
          tracks: [movieTrack(table)],
          payloadSizeBytes: 0,
          createdAt: CREATED_AT,
        });
        const { boxes, tracks } = readMovie(head);
        expect(boxes).toEqual(['ftyp', 'moov', 'mdat']);
        expect(tracks[0]?.durationTicks).toBe(dts - startTicks);
        expect(tracks[0]?.samples).toEqual(
          expected.map((sample) => ({
            ...sample,
            positionBytes: head.byteLength + sample.positionBytes,
            dts: sample.dts - startTicks,
            pts: sample.pts - startTicks,
          })),
        );
      }),
    );
  });

  it('tells of each track what is played when, and lasts as long as the longest', () => {
    const tables = [h265Main10Track, monoTrack].map((track) => {
      const table = new SampleTable(track);
      table.addChunk(0, [{ sizeBytes: 3, isKey: true, dts: 0, pts: 0 }]);
      table.end(1024);
      return table;
    });
    const [video, audio] = tables as [SampleTable, SampleTable];
    const head = encodeMovie({
      tracks: [
        movieTrack(video, { mediaTime: 7200, playedTicks: 90_000 }),
        movieTrack(audio, { emptyTicks: 45_000, playedTicks: 45_001 }),
      ],
      payloadSizeBytes: 0,
      createdAt: CREATED_AT,
    });
    const { durationTicks, tracks } = readMovie(head);
    expect(durationTicks).toBe(90_001);
    expect(tracks.map(({ edits }) => edits)).toEqual([
      [{ lastsTicks: 90_000, mediaTime: 7200 }],
      [
        { lastsTicks: 45_000, mediaTime: -1 },
        { lastsTicks: 45_001, mediaTime: 0 },
      ],
    ]);
  });

  it('refuses a movie without tracks', () => {
    const encode = () => encodeMovie({ tracks: [], payloadSizeBytes: 0, createdAt: CREATED_AT });
    expect(encode).toThrow(Mp4Error);
  });
});

describe('SampleTable', () => {
  const sample = { sizeBytes: 3, isKey: true, dts: 0, pts: 0 };
  it.each([
    ['decode times that do not increase', [sample, sample]],
    ['a packet that lasts longer than players count', [sample, { ...sample, dts: 2 ** 31, pts: 2 ** 31 }]],
    ['a picture shown long before it is decoded', [{ ...sample, pts: -(2 ** 31) }]],
    ['a packet of 4 GiB', [{ ...sample, sizeBytes: 2 ** 32 }]],
    ['a time that is none', [sample, { ...sample, dts: Number.NaN }]],
  ])('refuses %s', (_, samples) => {
    expect(() => new SampleTable(h264HighTrack).addChunk(0, samples)).toThrow(Mp4Error);
  });
});
