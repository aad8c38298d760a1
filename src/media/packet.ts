import type { MediaTicks } from '../base/time.ts';
import type { PacketMemory } from './packet-memory.ts';

/** RTP and MP4 both count video in 90 kHz ticks here. */
export const VIDEO_CLOCK_RATE_HZ = 90_000;

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

export type VideoParameterSets = H264ParameterSets | H265ParameterSets;

/**
 * A video track as one set of parameter sets describes it. A track object is never changed: when a camera changes
 * its parameter sets mid-run, the packets from there on carry a new one with the same `index`.
 */
export interface VideoTrack {
  readonly kind: 'video';
  /** Position among the camera's tracks that we play, stable over a run. */
  readonly index: number;
  readonly codec: 'h264' | 'h265';
  readonly parameterSets: VideoParameterSets;
  /** Size of the picture after cropping. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** RFC 6381 string, for example `avc1.4d401f` or `hvc1.1.6.L93.b0`. */
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

/** A G.711 track (A-law or mu-law), one byte a sample. Cannot be copied into MP4. */
export interface G711Track {
  readonly kind: 'audio';
  readonly index: number;
  readonly codec: 'pcma' | 'pcmu';
  readonly clockRateHz: number;
  readonly channels: number;
}

export type AudioTrack = AacTrack | G711Track;
export type Track = VideoTrack | AudioTrack;

/** One access unit: a coded picture, or a coded stretch of sound. */
export interface Packet {
  readonly track: Track;
  /** A picture from which decoding can start (H.264 IDR, H.265 IRAP); always true for sound. */
  readonly isKey: boolean;
  /** When it is shown, in ticks of `track.clockRateHz` since the run's start. */
  readonly pts: MediaTicks;
  /** When it is decoded: strictly increasing on a track; `pts - dts` may be negative by less than a GOP. */
  readonly dts: MediaTicks;
  /**
   * Video: NAL units, each behind its 4-byte big-endian length, without parameter sets and access unit delimiters;
   * SEI stays. Sound: the access unit. A view that may share its buffer with neighbouring packets; immutable while
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

/** When a packet is shown, in ms of its run's media time. */
export function shownAtMs(packet: Packet): number {
  return (packet.pts * 1000) / packet.track.clockRateHz;
}
