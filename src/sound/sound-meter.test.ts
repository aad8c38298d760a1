import { expect, test } from 'vitest';
import type { AacUnit } from './aac-encoder.ts';
import { aacTrackOf } from './aac-format.ts';
import { SoundEncoder } from './sound-encoder.ts';
import { formatOfTrack } from './sound-format.ts';
import type { SoundLevel } from './sound-level.ts';
import { SoundMeter } from './sound-meter.ts';
import { aLawPackets, sineAt } from './testing/tones.ts';

test('tells how loud each tenth of a second of AAC is, and when it was', () => {
  const units: AacUnit[] = [];
  using encoder = new SoundEncoder({ codec: 'pcm_alaw', sampleRateHz: 8_000, channels: 1 }, (unit) =>
    units.push(unit),
  );
  // Half of full scale from the second second on.
  const sound = (seconds: number) => (seconds < 1 ? 0 : 0.5 * sineAt(seconds, 440));
  for (const { at, data } of aLawPackets(sound, { seconds: 2 })) encoder.push(data, at);
  const levels: SoundLevel[] = [];
  const { sampleRateHz } = encoder.format;
  using meter = new SoundMeter(formatOfTrack(aacTrackOf(1, encoder.format)), (level) => levels.push(level));
  for (const { ticks, data } of units) meter.push(data, ticks / sampleRateHz);
  const quiet = levels.filter(({ seconds }) => seconds < 0.85);
  const loud = levels.filter(({ seconds }) => seconds > 1.1);
  expect(quiet.length).toBeGreaterThanOrEqual(8);
  for (const { rmsDbfs } of quiet) expect(rmsDbfs).toBeLessThan(-60);
  expect(loud.length).toBeGreaterThanOrEqual(6);
  for (const { rmsDbfs, peakDbfs } of loud) {
    expect(rmsDbfs).toBeCloseTo(-9, 0);
    expect(peakDbfs).toBeGreaterThan(rmsDbfs + 2);
  }
});
