import { beforeEach, describe, expect, it } from 'vitest';
import { wallMs } from '../../../src/base/time.ts';
import { memorySource } from '../../../src/media/fmp4/byte-source.ts';
import { FileMuxer } from '../../../src/media/fmp4/file-muxer.ts';
import { readMp4 } from '../../../src/media/fmp4/reader.ts';
import { join } from '../../../src/media/fmp4/testing/packets.ts';
import type { AacTrack } from '../../../src/media/packet.ts';
import {
  makePictures,
  makeSound,
  testAudioTrack,
  testVideoTrack,
} from '../../../src/media/testing/make-packet.ts';
import { readInitSegment } from './mp4.ts';
import { SilenceFiller } from './silence-filler.ts';

/** Of AAC at 16 kHz. */
const UNIT_MS = 64;
const SILENT_BYTES = 4;
/** A fragment's pictures, and its sound if it has any. */
type Spans = readonly [fromMs: number, toMs: number, sound?: readonly [fromMs: number, toMs: number]];

let filler: SilenceFiller;
beforeEach(() => {
  filler = new SilenceFiller();
});

/** Encodes fragments of one file, the first of which begins its time line, and has silence put in. */
function fill(spans: readonly Spans[], track: AacTrack = testAudioTrack): Uint8Array[] {
  const times = { createdAt: wallMs(0), runStartWallMs: wallMs(0) };
  const muxer = new FileMuxer({ tracks: [testVideoTrack, track], ...times });
  const pieces: Uint8Array[] = [];
  for (const [fromMs, toMs, sound = [0, 0]] of spans) {
    const units = Math.ceil((sound[1] - sound[0]) / UNIT_MS);
    const packets = Array.from({ length: units }, (_, i) => makeSound(sound[0] + i * UNIT_MS, track));
    const runs = [
      { track: testVideoTrack, packets: makePictures(toMs, 100, 20, fromMs), nextDts: undefined },
      { track, packets, nextDts: undefined },
    ];
    const bytes = join(muxer.encode(runs));
    const headerBytes = pieces.length === 0 ? muxer.headerBytes : 0;
    if (headerBytes > 0) pieces.push(bytes.subarray(0, headerBytes));
    const init = readInitSegment(pieces[0] ?? bytes);
    pieces.push(...filler.fill(bytes.subarray(headerBytes), init));
  }
  return pieces;
}

/** The sound of such a file, as stretches without a gap. */
async function soundOf(pieces: readonly Uint8Array[]) {
  const { fragments } = await readMp4(memorySource(join(pieces)));
  const runs = fragments.flatMap((fragment) => fragment.runs);
  const stretches: { isSilent: boolean; fromMs: number; toMs: number }[] = [];
  for (const { pts, sizeBytes } of runs.flatMap(({ header, samples }) =>
    header.track.kind === 'audio' ? samples : [],
  )) {
    const fromMs = pts / 16;
    const isSilent = sizeBytes === SILENT_BYTES;
    const last = stretches.at(-1);
    if (last?.isSilent === isSilent && last.toMs === fromMs) last.toMs += UNIT_MS;
    else stretches.push({ isSilent, fromMs, toMs: fromMs + UNIT_MS });
  }
  return stretches;
}

const silence = (fromMs: number, toMs: number) => ({ isSilent: true, fromMs, toMs });
const sound = (fromMs: number, toMs: number) => ({ isSilent: false, fromMs, toMs });

describe('silence beside pictures', () => {
  it('goes from where sound ended to where it comes back, by less than a unit into it', async () => {
    const pieces = fill([
      [0, 2_000, [0, 1_024]],
      [2_000, 4_000],
      [4_000, 6_000, [4_100, 6_020]],
    ]);
    const found = await soundOf(pieces);
    expect(found).toEqual([sound(0, 1_024), silence(1_024, 4_160), sound(4_100, 6_020)]);
  });

  it('is not put where sound has no gap, nor where it is half a unit late', () => {
    const pieces = fill([
      [0, 2_000, [0, 1_984]],
      [2_000, 4_000, [1_984, 3_968]],
      [4_000, 6_000, [4_000, 6_000]],
    ]);
    expect(pieces).toHaveLength(4);
  });

  it('is not put where sound comes later than its pictures', () => {
    const pieces = fill([
      [0, 2_000],
      [2_000, 4_000, [0, 1_984]],
      [4_000, 6_000, [1_984, 3_968]],
    ]);
    expect(pieces).toHaveLength(4);
    expect(filler.soundEndMs).toBe(3_968);
  });

  it('goes, while no sound comes, up to two seconds before the pictures that come', async () => {
    const pieces = fill([
      [0, 2_000],
      [2_000, 4_000],
      [4_000, 6_000],
      [6_000, 8_000],
    ]);
    expect(await soundOf(pieces)).toEqual([silence(0, 62 * UNIT_MS)]);
    expect(filler.soundEndMs).toBe(62 * UNIT_MS);
    expect([filler.isBehind(3_900), filler.isBehind(4_000)]).toEqual([false, true]);
  });

  it('goes up to the end of the pictures where no sound is waited for', async () => {
    const pieces = fill([
      [0, 2_000, [0, 1_024]],
      [2_000, 4_000],
    ]);
    expect(filler.isBehind(2_000)).toBe(true);
    pieces.push(...filler.rest());
    expect(await soundOf(pieces)).toEqual([sound(0, 1_024), silence(1_024, 4_032)]);
    expect(filler.isBehind(10_000)).toBe(false);
    expect(filler.rest()).toEqual([]);
  });

  it('stays where its sound comes after all, and sound goes on behind it', async () => {
    const [header = new Uint8Array(0), first = header, ...late] = fill([
      [0, 2_000, [0, 1_024]],
      [2_000, 4_000, [1_024, 2_944]],
      [4_000, 6_000, [2_944, 4_864]],
    ]);
    filler.clear();
    const init = readInitSegment(header);
    const pieces = [header, ...filler.fill(first, init), ...filler.rest()];
    for (const fragment of late) pieces.push(...filler.fill(fragment, init));
    const found = await soundOf(pieces);
    expect(found).toEqual([sound(0, 1_024), silence(1_024, 2_944), sound(2_944, 4_864)]);
  });

  it('begins with the first pictures, after it was cleared', async () => {
    fill([[0, 2_000, [0, 1_984]]]);
    filler.clear();
    const pieces = fill([[60_000, 62_000, [61_024, 62_048]]]);
    const found = await soundOf(pieces);
    expect(found).toEqual([silence(60_000, 61_024), sound(61_024, 62_048)]);
  });

  it('is not made of sound in more than two channels, which stays as it is', () => {
    const audioSpecificConfig = Uint8Array.of(0x14, 0x30);
    const pieces = fill(
      [
        [0, 2_000, [0, 1_024]],
        [2_000, 4_000],
        [4_000, 6_000, [4_096, 6_016]],
      ],
      { ...testAudioTrack, audioSpecificConfig, channels: 6 },
    );
    expect(pieces).toHaveLength(4);
    expect(filler.soundEndMs).toBe(Number.POSITIVE_INFINITY);
    expect(filler.isBehind(10_000)).toBe(false);
  });
});
