import { AAC_RATES_HZ } from '../media/aac.ts';
import type { AacTrack } from '../media/packet.ts';
import type { SoundFormat } from './sound-format.ts';

/**
 * Telephone sound is encoded at twice its rate: a unit of AAC is 1024 samples and the encoder holds one back, so that sound
 * comes an eighth of a second late instead of a quarter. It takes no more room.
 */
const LEAST_RATE_HZ = 16_000;
const MOST_RATE_HZ = 48_000;
const AAC_LC = 2;

/** Rate and channels in which sound of a format is encoded. */
export interface AacFormat {
  readonly sampleRateHz: number;
  readonly channels: 1 | 2;
}

/** Sound whose rate is not known yet (0, as FFmpeg tells of a track that is silent so far) is encoded at the highest. */
export function aacFormatFor({ sampleRateHz, channels }: SoundFormat): AacFormat {
  let rateHz = sampleRateHz;
  while (rateHz > 0 && rateHz < LEAST_RATE_HZ) rateHz *= 2;
  const isKnown = rateHz <= MOST_RATE_HZ && AAC_RATES_HZ.includes(rateHz);
  return { sampleRateHz: isKnown ? rateHz : MOST_RATE_HZ, channels: channels === 1 ? 1 : 2 };
}

/** The track of what the encoder makes: AAC-LC in units of 1024 samples, with the AudioSpecificConfig of ISO 14496-3 1.6.2.1. */
export function aacTrackOf(index: number, { sampleRateHz, channels }: AacFormat): AacTrack {
  const config = (AAC_LC << 11) | (AAC_RATES_HZ.indexOf(sampleRateHz) << 7) | (channels << 3);
  return {
    kind: 'audio',
    index,
    codec: 'aac',
    audioSpecificConfig: Uint8Array.of(config >> 8, config & 0xff),
    codecString: `mp4a.40.${AAC_LC}`,
    clockRateHz: sampleRateHz,
    channels,
  };
}
