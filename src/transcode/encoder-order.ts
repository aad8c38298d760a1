import type { EncoderName, ReencodeConfig } from '../config/config.ts';
import type { EncoderChoice } from './encoder-choice.ts';
import { HARDWARE_ENCODERS } from './hardware-encoders.ts';
import { softwareEncoder } from './software-encoder.ts';

/**
 * What is tried, in this order.
 * @param isPrompt whether a software encoder lets each picture out at once, for a fifth more room.
 */
export function encoderChoices(config: ReencodeConfig, isPrompt: boolean = false): readonly EncoderChoice[] {
  return families(config).map((family) =>
    family === 'software' ? softwareEncoder(config, isPrompt) : HARDWARE_ENCODERS[family](config),
  );
}

function families({ encoder, rateControl }: ReencodeConfig): readonly Exclude<EncoderName, 'auto'>[] {
  if (encoder !== 'auto') return [encoder];
  const all = ['nvenc', 'qsv', 'vaapi', 'videotoolbox', 'v4l2m2m', 'software'] as const;
  return all.filter((family) => family !== 'v4l2m2m' || rateControl.kind === 'bit-rate');
}
