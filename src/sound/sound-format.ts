import type { AudioTrack, SampledTrack } from '../media/packet.ts';

/** How sound comes that is to be decoded. */
export interface SoundFormat {
  /** FFmpeg's name of the codec, such as `pcm_alaw`. */
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Of codecs that do not tell it themselves. */
  readonly bitsPerSample?: number;
  /** What the decoder has to know before the first packet. */
  readonly configuration?: Uint8Array;
}

const CODECS: Readonly<Record<SampledTrack['codec'], string>> = {
  pcma: 'pcm_alaw',
  pcmu: 'pcm_mulaw',
  l16: 'pcm_s16be',
  g726: 'g726le',
  'aal2-g726': 'g726',
};

export function formatOfTrack(track: AudioTrack): SoundFormat {
  const { clockRateHz: sampleRateHz, channels } = track;
  if (track.codec === 'aac') {
    return { codec: 'aac', sampleRateHz, channels, configuration: track.audioSpecificConfig };
  }
  if (track.codec === 'opus') return { codec: 'opus', sampleRateHz, channels };
  return { codec: CODECS[track.codec], sampleRateHz, channels, bitsPerSample: track.bitsPerSample };
}
