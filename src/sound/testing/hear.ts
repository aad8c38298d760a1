import type { AacUnit } from '../aac-encoder.ts';
import { aacTrackOf, type AacFormat } from '../aac-format.ts';
import { SoundDecoder } from '../sound-decoder.ts';

/** The first channel of what a player makes of AAC, each unit at its time; from time 0 on. */
export function hear(units: readonly AacUnit[], format: AacFormat): Float32Array {
  const configuration = aacTrackOf(1, format).audioSpecificConfig;
  using decoder = new SoundDecoder({ codec: 'aac', ...format, configuration });
  const heard = new Float32Array(Math.max(0, ...units.map(({ ticks }) => ticks + 1024)));
  for (const { ticks, data } of units) {
    decoder.decode(data, (frame) => {
      const plane = frame.data?.[0];
      if (plane === undefined) return;
      for (let i = 0; i < frame.nbSamples; i++) {
        if (ticks + i >= 0) heard[ticks + i] = plane.readFloatLE(i * 4);
      }
    });
  }
  return heard;
}
