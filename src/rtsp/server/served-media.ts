import type { VideoCodecName, VideoParameterSets } from '../../media/packet.ts';

/** Video to serve. */
export interface ServedVideo {
  readonly kind: 'video';
  readonly codec: VideoCodecName;
  /** Told in the session description; undefined where they come in band only. */
  readonly parameterSets: VideoParameterSets | undefined;
}

/** AAC sound to serve. */
export interface ServedSound {
  readonly kind: 'sound';
  readonly audioSpecificConfig: Uint8Array;
  readonly sampleRateHz: number;
  readonly channels: number;
}

/** Sound of which each packet is one of RTP, such as G.711 or Opus. */
export interface ServedPlainSound {
  readonly kind: 'plain-sound';
  /** Encoding name (RFC 3551), such as `PCMA`. */
  readonly encoding: string;
  /** Of its RTP clock. */
  readonly sampleRateHz: number;
  readonly channels: number;
}

export type ServedMedia = ServedVideo | ServedSound | ServedPlainSound;

/** RTP clock rate of a track in Hz. */
export function clockRateOf(media: ServedMedia): number {
  return media.kind === 'video' ? 90_000 : media.sampleRateHz;
}

/** Dynamic payload types from 96 on, in the order of the tracks. */
export function payloadTypeOf(track: number): number {
  return 96 + track;
}
