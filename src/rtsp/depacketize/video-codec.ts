import type { VideoTrack } from '../../media/packet.ts';

/**
 * What a NAL unit is to a recorder:
 * `drop` delimiters, fillers, ends of sequence, other layers, and types without a meaning;
 * `parameters` goes to the track, not to the packets;
 * `extra` stays in the packet and is no slice, for example SEI;
 * `slice`, `key-slice` a piece of picture; the latter of one from which decoding can start;
 * `skipped-leading` a piece of a picture that leads a random access point (H.265 RASL) and refers past it.
 */
export type NalRole = 'drop' | 'parameters' | 'extra' | 'slice' | 'key-slice' | 'skipped-leading';

/** What differs between H.264 and H.265 once NAL units are taken out of RTP. Holds the stream's parameter sets. */
export interface VideoCodec {
  /** 1 or 2 */
  readonly nalHeaderBytes: number;
  /** The role of a NAL unit by its first two bytes. */
  role(first: number, second: number): NalRole;
  /** Whether decoding can start, too, with the picture that this NAL unit of the role `extra` precedes. */
  isRecoveryPoint(nal: Uint8Array): boolean;
  /** Whether pictures that lead this key picture cannot be decoded even in mid-stream (H.265 BLA). */
  breaksLeading(first: number): boolean;
  /**
   * Takes a parameter set.
   * @throws BitstreamError if it is malformed; the sets stay as they were.
   */
  offer(nal: Uint8Array): void;
  /**
   * The track of the next picture: the same object as before unless parameter sets that it uses have changed.
   * @param keySlice the beginning of a slice of a key picture, which may change the SPS; undefined for others.
   * @returns undefined while parameter sets are missing.
   * @throws BitstreamError if the slice's header or the parameter sets are malformed.
   */
  track(keySlice: Uint8Array | undefined): VideoTrack | undefined;
}
