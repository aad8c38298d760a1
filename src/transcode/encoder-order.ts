import type { EncoderName, ReencodeConfig } from '../config/config.ts';
import type { EncoderChoice } from './encoder-choice.ts';
import { HARDWARE_ENCODERS } from './hardware-encoders.ts';
import { softwareEncoder } from './software-encoder.ts';

/** What is tried, in this order. */
export function encoderChoices(config: ReencodeConfig): readonly EncoderChoice[] {
  return families(config).map((family) =>
    family === 'software' ? softwareEncoder(config) : HARDWARE_ENCODERS[family](config),
  );
}

function families({ encoder, rateControl }: ReencodeConfig): readonly Exclude<EncoderName, 'auto'>[] {
  if (encoder !== 'auto') return [encoder];
  const all = ['nvenc', 'qsv', 'vaapi', 'videotoolbox', 'v4l2m2m', 'software'] as const;
  return all.filter((family) => family !== 'v4l2m2m' || rateControl.kind === 'bit-rate');
}
