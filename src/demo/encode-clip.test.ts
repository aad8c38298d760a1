import { describe, expect, test } from 'vitest';
import type { ClipSpec } from './clip-spec.ts';
import { encodeClip } from './encode-clip.ts';

const SPEC: ClipSpec = {
  widthPx: 160,
  heightPx: 96,
  rateFps: 10,
  loopSeconds: 2,
  variant: 0,
  codec: 'h264',
  bitrateBps: 100_000,
  gopSeconds: 0.5,
  bFrames: 0,
  hasSound: false,
};

describe('an encoded yard', () => {
  test.each(['h264', 'h265'] as const)(
    'of %s has a key picture at every GOP and all frames in order',
    (codec) => {
      const progress: number[] = [];
      const clip = encodeClip({ ...SPEC, codec }, (percent) => progress.push(percent));
      expect(clip.parameterSets.codec).toBe(codec);
      expect(clip.units.map(({ frame }) => frame)).toEqual(Array.from({ length: 20 }, (_, frame) => frame));
      expect(clip.units.flatMap(({ isKey, frame }) => (isKey ? [frame] : []))).toEqual([0, 5, 10, 15]);
      expect(clip.sound).toBeUndefined();
      expect(progress.at(-1)).toBe(100);
    },
  );

  test.each(['h264', 'h265'] as const)('of %s with B frames has them out of order but complete', (codec) => {
    const frames = encodeClip({ ...SPEC, codec, bFrames: 2 }, () => undefined).units.map(
      ({ frame }) => frame,
    );
    expect(frames).not.toEqual(frames.toSorted((a, b) => a - b));
    expect(frames.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, frame) => frame));
  });

  test('has as much sound as pictures, if wanted', () => {
    const { sound } = encodeClip({ ...SPEC, hasSound: true }, () => undefined);
    // AAC-LC (2), 16 kHz (index 8), one channel: ISO 14496-3 1.6.2.1.
    expect([...(sound?.audioSpecificConfig ?? [])]).toEqual([0x14, 0x08]);
    expect(sound?.units).toHaveLength(31);
  });
});
