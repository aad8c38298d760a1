import { describe, expect, it } from 'vitest';
import { SoundDecoder } from '../../../src/sound/sound-decoder.ts';
import type { SoundTrack } from './mp4.ts';
import { silentUnitOf } from './silent-fragment.ts';

const aac = (channels: number): SoundTrack => ({
  trackId: 2,
  clockRateHz: 48_000,
  codec: 'aac-lc',
  channels,
});
const opus = (channels: number): SoundTrack => ({ ...aac(channels), codec: 'opus' });
/** AudioSpecificConfig of AAC-LC at 48 kHz, by channels. */
const CONFIGURATIONS = [[], [0x11, 0x88], [0x11, 0x90]];
const UNITS = 5;

describe('a silent unit', () => {
  it.each([aac(1), aac(2), opus(1), opus(2)])(
    'of $codec with $channels channels is decoded as silence',
    (track) => {
      const { codec, channels, clockRateHz: sampleRateHz } = track;
      const unit = silentUnitOf(track);
      const configuration = Uint8Array.from(CONFIGURATIONS[channels] ?? []);
      const format = codec === 'opus' ? { codec } : { codec: 'aac', configuration };
      using decoder = new SoundDecoder({ ...format, sampleRateHz, channels });
      const planes = Array.from({ length: UNITS }, () => {
        const decoded: { readonly samples: number; readonly planes: readonly Uint8Array[] }[] = [];
        decoder.decode(unit?.bytes ?? new Uint8Array(0), ({ nbSamples, data }) => {
          decoded.push({ samples: nbSamples, planes: (data ?? []).map((plane) => Uint8Array.from(plane)) });
        });
        expect(decoded.map(({ samples }) => samples)).toEqual([unit?.ticks]);
        return decoded.flatMap((one) => one.planes);
      });
      expect(planes.every((each) => each.length === channels)).toBe(true);
      expect(planes.flat().every((plane) => plane.every((byte) => byte === 0))).toBe(true);
    },
  );

  it('is not known of more channels than two', () => {
    expect(silentUnitOf(aac(6))).toBeUndefined();
  });
});
