import { expect, test } from 'vitest';
import type { AacUnit } from './aac-encoder.ts';
import { aacTrackOf } from './aac-format.ts';
import { SoundEncoder } from './sound-encoder.ts';
import type { SoundFormat } from './sound-format.ts';
import { hear } from './testing/hear.ts';
import { aLawPackets, beepAt, onsets, pitchHz, sineAt } from './testing/tones.ts';

const A_LAW: SoundFormat = { codec: 'pcm_alaw', sampleRateHz: 8_000, channels: 1, bitsPerSample: 8 };

interface TimedSound {
  readonly at: number;
  readonly data: Uint8Array;
}

function encode(packets: Iterable<TimedSound>, format = A_LAW) {
  const units: AacUnit[] = [];
  using encoder = new SoundEncoder(format, (unit) => units.push(unit));
  for (const { at, data } of packets) encoder.push(data, at);
  encoder.finish();
  return { units, heard: hear(units, encoder.format), rateHz: encoder.format.sampleRateHz };
}

/** How far onsets are from full seconds. */
function errors(found: readonly number[]): number[] {
  return found.map((at) => Math.abs(at - Math.round(at)));
}

test('makes AAC of A-law that is heard at the times of its packets, in units without a gap', () => {
  const { units, heard, rateHz } = encode(aLawPackets(beepAt, { seconds: 5 }));
  expect(rateHz).toBe(16_000);
  const found = onsets(heard, rateHz);
  expect(found).toHaveLength(4);
  expect(Math.max(...errors(found))).toBeLessThan(0.005);
  for (const [i, { ticks }] of units.entries()) expect(ticks).toBe(i * 1024);
});

test('encodes sound whose rate and channels only its packets tell', () => {
  const { units, rateHz } = encode(aLawPackets(beepAt, { seconds: 3 }));
  const configuration = aacTrackOf(1, { sampleRateHz: rateHz, channels: 1 }).audioSpecificConfig;
  const untold = { codec: 'aac', sampleRateHz: 0, channels: 0, configuration };
  const packets = units.map(({ ticks, data }) => ({ at: ticks / rateHz, data }));
  const again = encode(packets, untold);
  expect(again.rateHz).toBe(48_000);
  const found = onsets(again.heard, again.rateHz);
  expect(found).toHaveLength(2);
  expect(Math.max(...errors(found))).toBeLessThan(0.01);
});

test('keeps the pitch', () => {
  const { heard, rateHz } = encode(aLawPackets((seconds) => 0.5 * sineAt(seconds, 440), { seconds: 3 }));
  expect(pitchHz(heard.subarray(rateHz, 2 * rateHz), rateHz)).toBeCloseTo(440, -1);
});

test('begins where its first packet lies', () => {
  const shifted = [...aLawPackets(beepAt, { seconds: 3 })].map(({ at, data }) => ({ at: at + 7.03, data }));
  const { heard, rateHz } = encode(shifted);
  expect(onsets(heard, rateHz).map((at) => at - 7.03)).toEqual([1, 2].map((at) => expect.closeTo(at, 2)));
});

test.each([1.0005, 0.9995])(
  'stays in step where the clock of the sound runs at %f, without a click',
  (rate) => {
    const drifting = (sound: (seconds: number) => number) =>
      [...aLawPackets(sound, { seconds: 60 })].map(({ at, data }) => ({ at: at * rate, data }));
    const { heard, rateHz } = encode(drifting(beepAt));
    const found = onsets(heard, rateHz).map((at, second) => Math.abs(at - (second + 1) * rate));
    expect(found).toHaveLength(59);
    expect(Math.max(...found)).toBeLessThan(0.015);
    const tone = encode(drifting((seconds) => 0.5 * sineAt(seconds, 440)));
    // What is coded is rougher than the sine; samples left out or put in would leap by ten times of this.
    const steepest = (0.5 * 2 * Math.PI * 440) / rateHz;
    const steps = tone.heard
      .subarray(rateHz, 59 * rateHz)
      .map((sample, i, all) => Math.abs(sample - (all[i - 1] ?? sample)));
    expect(steps.reduce((most, step) => Math.max(most, step), 0)).toBeLessThan(steepest * 2.5);
  },
);

test('fills what was lost with silence, and begins anew after a long gap', () => {
  const all = [...aLawPackets(beepAt, { seconds: 12 })];
  const { units, heard, rateHz } = encode(
    all.filter(({ at }) => (at < 2.5 || at >= 3.7) && (at < 5.5 || at >= 8.6)),
  );
  const found = onsets(heard, rateHz);
  expect(found.map(Math.round)).toEqual([1, 2, 4, 5, 9, 10, 11]);
  expect(Math.max(...errors(found))).toBeLessThan(0.005);
  const leaps = units.flatMap(({ ticks }, i) => {
    const step = ticks - (units[i - 1]?.ticks ?? ticks - 1024);
    return step === 1024 ? [] : [step / rateHz];
  });
  expect(leaps).toEqual([expect.closeTo(3.1, 0)]);
});

test('leaves out sound of a time for which there was sound', () => {
  const all = [...aLawPackets(beepAt, { seconds: 6 })];
  const repeated = [...all.filter(({ at }) => at < 4), ...all.filter(({ at }) => at >= 3)];
  const { heard, rateHz } = encode(repeated);
  const found = onsets(heard, rateHz);
  expect(found.map(Math.round)).toEqual([1, 2, 3, 4, 5]);
  expect(Math.max(...errors(found))).toBeLessThan(0.005);
});

test('decodes linear sound of two channels, and G.726 both ways round', () => {
  const l16 = { codec: 'pcm_s16be', sampleRateHz: 44_100, channels: 2, bitsPerSample: 16 };
  const packets = Array.from({ length: 200 }, (_, packet): TimedSound => {
    const data = Buffer.alloc(441 * 4);
    for (let i = 0; i < 441; i++) {
      const value = Math.round(16_000 * sineAt((packet * 441 + i) / 44_100, 880));
      data.writeInt16BE(value, i * 4);
      data.writeInt16BE(value, i * 4 + 2);
    }
    return { at: packet / 100, data };
  });
  const { heard, rateHz } = encode(packets, l16);
  expect(rateHz).toBe(44_100);
  expect(pitchHz(heard.subarray(rateHz / 2, rateHz), rateHz)).toBeCloseTo(880, -1);
  for (const [codec, bitsPerSample] of [
    ['g726', 2],
    ['g726le', 5],
    ['g726le', 4],
  ] as const) {
    const bytes = new Uint8Array(20 * bitsPerSample).fill(0x5a);
    const some = Array.from({ length: 50 }, (_, i) => ({ at: i * 0.02, data: bytes }));
    const { units } = encode(some, { codec, sampleRateHz: 8_000, channels: 1, bitsPerSample });
    expect(units.length).toBeGreaterThanOrEqual(16);
  }
});

test('survives packets of any bytes', () => {
  const codecs = ['pcm_alaw', 'pcm_mulaw', 'pcm_s16be', 'g726', 'g726le'];
  for (const codec of codecs) {
    let seed = 1;
    const packets = Array.from({ length: 400 }, (_, i): TimedSound => {
      seed = (seed * 48_271) % 0x7fffffff;
      return {
        at: (i + (seed % 7 === 0 ? seed % 90 : 0)) * 0.02,
        data: Uint8Array.from({ length: seed % 300 }, (__, n) => (seed >> (n % 24)) & 0xff),
      };
    });
    expect(() =>
      encode(packets, { codec, sampleRateHz: 8_000, channels: 1, bitsPerSample: 4 }),
    ).not.toThrow();
  }
});
