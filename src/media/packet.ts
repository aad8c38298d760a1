import type { Orientation } from '../base/orientation.ts';
import type { MediaTicks } from '../base/time.ts';
import type { PacketMemory } from './packet-memory.ts';

/** RTP and MP4 both count video in 90 kHz ticks here. */
export const VIDEO_CLOCK_RATE_HZ = 90_000;
/** RFC 7587 4.1 */
export const OPUS_CLOCK_RATE_HZ = 48_000;

/** H.264 parameter sets as bare NAL units: no start code, no length, emulation prevention bytes kept. */
export interface H264ParameterSets {
  readonly codec: 'h264';
  readonly sps: Uint8Array;
  readonly pps: readonly Uint8Array[];
}

/** H.265 parameter sets as bare NAL units, like `H264ParameterSets`. */
export interface H265ParameterSets {
  readonly codec: 'h265';
  readonly vps: Uint8Array;
  readonly sps: Uint8Array;
  readonly pps: readonly Uint8Array[];
}

/** AV1 has its sequence header for one: an OBU that tells its size. Key packets hold it too. */
export interface Av1ParameterSets {
  readonly codec: 'av1';
  readonly sequenceHeader: Uint8Array;
}

export type NalParameterSets = H264ParameterSets | H265ParameterSets;
export type VideoParameterSets = NalParameterSets | Av1ParameterSets;

export type VideoCodecName = VideoParameterSets['codec'];
/** Those whose pictures are NAL units. */
export type NalCodecName = NalParameterSets['codec'];

/**
 * A video track as one set of parameter sets describes it. A track object is never changed: when a camera changes
 * its parameter sets mid-run, the packets from there on carry a new one with the same `index`.
 */
export interface VideoTrack {
  readonly kind: 'video';
  /** Position among the camera's tracks that we play, stable over a run. */
  readonly index: number;
  readonly codec: VideoCodecName;
  readonly parameterSets: VideoParameterSets;
  /** Size of the coded picture after cropping; `shownSize` is that of the picture as it is to be shown. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Undefined for pictures that are shown as they are coded. */
  readonly orientation?: Orientation;
  /** RFC 6381 string, for example `avc1.4d401f`, `hvc1.1.6.L93.b0` or `av01.0.04M.08`. */
  readonly codecString: string;
  /** How many pictures may precede one in decoding order and follow it in output order; undefined if not declared. */
  readonly reorderDepth: number | undefined;
  /** Luma spans 0..255 instead of 16..235. */
  readonly isFullRange: boolean;
  readonly clockRateHz: typeof VIDEO_CLOCK_RATE_HZ;
  /** Why its packets follow those of another track of the stream; undefined where the camera changed the format. */
  readonly changeReason?: string;
}

/** An AAC track; packets are raw access units without ADTS headers. */
export interface AacTrack {
  readonly kind: 'audio';
  readonly index: number;
  readonly codec: 'aac';
  /** ISO 14496-3 AudioSpecificConfig. */
  readonly audioSpecificConfig: Uint8Array;
  readonly codecString: string;
  readonly clockRateHz: number;
  readonly channels: number;
}

/** An Opus track; packets are those of RFC 6716, without any of a container. Its clock is 48 kHz, whatever was recorded. */
export interface OpusTrack {
  readonly kind: 'audio';
  readonly index: number;
  readonly codec: 'opus';
  readonly codecString: 'opus';
  readonly clockRateHz: typeof OPUS_CLOCK_RATE_HZ;
  readonly channels: number;
}

/** Sound that an MP4 holds as it is. */
export type Mp4SoundTrack = AacTrack | OpusTrack;

/**
 * Sound as samples, each a few bits: G.711 (A-law or mu-law), G.726 (with its first code in the low bits of a byte, or in
 * the high ones as AAL2 has it), or linear of 16 bits, big-endian. No player takes it from an MP4.
 */
export interface SampledTrack {
  readonly kind: 'audio';
  readonly index: number;
  readonly codec: 'pcma' | 'pcmu' | 'g726' | 'aal2-g726' | 'l16';
  /** A sample of one channel takes so many. */
  readonly bitsPerSample: number;
  readonly clockRateHz: number;
  readonly channels: number;
}

export type AudioTrack = Mp4SoundTrack | SampledTrack;
export type Track = VideoTrack | AudioTrack;

/** One access unit: a coded picture, or a coded stretch of sound. */
export interface Packet {
  readonly track: Track;
  /** A picture from which decoding can start (H.264 IDR, H.265 IRAP, a recovery point, a shown key
   * frame of AV1); always true for sound. */
  readonly isKey: boolean;
  /** When it is shown, in ticks of `track.clockRateHz` since the run's start. */
  readonly pts: MediaTicks;
  /** When it is decoded: strictly increasing on a track; `pts - dts` may be negative by less than a GOP. */
  readonly dts: MediaTicks;
  /**
   * H.264 and H.265: NAL units, each behind its 4-byte big-endian length, without parameter sets and access unit
   * delimiters; SEI stays. AV1: the OBUs of a temporal unit, each with its size, without temporal delimiters; key
   * packets begin with their sequence header or have it before their first frame. Sound: the access unit. A view that may share its buffer with neighbouring packets; immutable while
   * `memory` is held.
   */
  readonly data: Uint8Array;
  /** What `data` lies in; undefined if that is nobody else's. */
  readonly memory?: PacketMemory;
}

export interface VideoPacket extends Packet {
  readonly track: VideoTrack;
}

export function isVideo(packet: Packet): packet is VideoPacket {
  return packet.track.kind === 'video';
}

export function isSampled(track: Track): track is SampledTrack {
  return track.kind === 'audio' && !isMp4Sound(track);
}

export function isMp4Sound(track: Track): track is Mp4SoundTrack {
  return track.kind === 'audio' && (track.codec === 'aac' || track.codec === 'opus');
}

/** When a packet is shown, in ms of its run's media time. */
export function shownAtMs(packet: Packet): number {
  return (packet.pts * 1000) / packet.track.clockRateHz;
}
