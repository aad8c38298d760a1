import { wallMs } from '../../src/base/time.ts';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { FileMuxer } from '../../src/media/fmp4/file-muxer.ts';
import { scanMp4 } from '../../src/media/fmp4/fragment-scan.ts';
import { mendFragment, mendHeader } from '../../src/media/fmp4/mend-bits.ts';
import { Mp4Error } from '../../src/media/fmp4/mp4-error.ts';
import type { Mp4Track } from '../../src/media/fmp4/mp4-track.ts';
import { readMp4 } from '../../src/media/fmp4/reader.ts';
import { join, makeRun } from '../../src/media/fmp4/testing/packets.ts';
import {
  av1Main10Track,
  h264HighTrack,
  h265Main10Track,
  monoTrack,
  stereoTrack,
} from '../../src/media/fmp4/testing/test-tracks.ts';
import { ascii, breedInput, type Breed } from './mutate.ts';
import type { Random } from './random.ts';
import { ensure, type FuzzTarget } from './target.ts';

function fileOf(tracks: readonly Mp4Track[], fragments: number): Uint8Array {
  const muxer = new FileMuxer({
    tracks,
    createdAt: wallMs(Date.UTC(2026, 0, 1)),
    runStartWallMs: wallMs(Date.UTC(2025, 11, 31)),
  });
  const parts = Array.from({ length: fragments }, (_, fragment) =>
    join(
      muxer.encode(
        tracks.map((track) => makeRun(track, 3, fragment * track.clockRateHz, track.clockRateHz / 3)),
      ),
    ),
  );
  return join(parts);
}

const BOX_TYPES = [
  'ftyp',
  'moov',
  'mvhd',
  'mvex',
  'trex',
  'trak',
  'tkhd',
  'edts',
  'elst',
  'mdia',
  'mdhd',
  'stsd',
] as const;
const MORE_TYPES = [
  'avc1',
  'avcC',
  'hvc1',
  'hvcC',
  'av01',
  'av1C',
  'mp4a',
  'esds',
  'uuid',
  'moof',
  'mfhd',
  'traf',
  'tfhd',
  'tfdt',
  'trun',
  'mdat',
];

const FILES: Breed = {
  corpus: [
    fileOf([h264HighTrack, stereoTrack], 2),
    fileOf([h265Main10Track, monoTrack], 1),
    fileOf([h264HighTrack], 4),
    fileOf([av1Main10Track], 1),
  ],
  words: [
    ascii('free'),
    ...[...BOX_TYPES, ...MORE_TYPES].map(ascii),
    Uint8Array.of(0, 0, 0, 8),
    Uint8Array.of(0, 0, 0, 1),
  ],
  maxBytes: 64 * 1024,
};
const FIELD_VALUES = [
  0, 1, 2, 8, 0xff, 0x201, 0xffff, 0x10000, 0x20000, 0x2003a, 0x7fffffff, 0xffffffff,
] as const;

export const mp4Target: FuzzTarget = {
  name: 'mp4',
  share: 7,
  tolerates: [Mp4Error],
  // Samples cost about a hundred bytes each, and a run may have 65,536 of them by a few bytes of file.
  retainedLimitBytes: 64 * 1024 * 1024,
  generate: (random) => setFields(random, breedInput(random, FILES)),
  run: async (input) => {
    const file = await readMp4(memorySource(input));
    ensure(file.wholeSizeBytes <= input.length, 'what is whole lies in the file');
    for (const { positionBytes, sizeBytes, runs } of file.fragments) {
      ensure(positionBytes + sizeBytes <= file.wholeSizeBytes, 'a fragment lies in what is whole');
      for (const sample of runs.flatMap((run) => run.samples)) {
        ensure(sample.positionBytes >= positionBytes, 'a sample lies in its fragment');
        ensure(
          sample.positionBytes + sample.sizeBytes <= positionBytes + sizeBytes,
          'a sample lies in its fragment',
        );
        ensure(
          Number.isSafeInteger(sample.dts) && Number.isSafeInteger(sample.pts),
          'times are whole numbers',
        );
      }
    }
    await scanAndMend(input);
    return file;
  },
};

/** What repair does with a damaged file, as far as it does it to bytes. */
async function scanAndMend(input: Uint8Array): Promise<void> {
  const source = memorySource(input);
  const { header, fragments, damages, tear, wholeSizeBytes } = await scanMp4(source);
  const places = [...fragments, ...damages, ...(tear === undefined ? [] : [tear])].toSorted(
    (a, b) => a.positionBytes - b.positionBytes,
  );
  let endBytes = header.sizeBytes;
  for (const { positionBytes, sizeBytes } of places) {
    ensure(positionBytes === endBytes, 'fragments and damages touch');
    endBytes = positionBytes + sizeBytes;
  }
  ensure(endBytes === input.length, 'fragments and damages fill the file');
  ensure(wholeSizeBytes === (tear?.positionBytes ?? input.length), 'a tear follows what is whole');
  await mendHeader(source);
  for (const { positionBytes } of places.slice(0, 3)) await mendFragment(source, header, positionBytes);
}

/** Sets size, version and flags, or one of the first fields of up to three boxes. */
function setFields(random: Random, bytes: Uint8Array): Uint8Array {
  const changed = Buffer.from(bytes);
  for (let left = random.integer(0, 3); left > 0; left -= 1) {
    const typeAt = changed.indexOf(
      random.pick([...BOX_TYPES, ...MORE_TYPES]),
      random.chance(0.5) ? 0 : changed.length >> 1,
    );
    const at = typeAt + random.pick([-4, 4, 8, 12, 16, 20] as const);
    if (typeAt >= 4 && at + 4 <= changed.length) changed.writeUInt32BE(random.pick(FIELD_VALUES), at);
  }
  return changed;
}
