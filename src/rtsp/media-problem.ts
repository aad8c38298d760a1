/**
 * What went wrong between a camera's RTP packets and our media packets. Only `time-jump` ends a run: the receiver
 * emits nothing afterwards. All others are counted, told, and survived. `sequence` is the 16-bit number of the RTP
 * packet at which the problem was seen, enough to find it in Wireshark.
 */
export type MediaProblem =
  /** `count` packets from `sequence` on never came. */
  | { readonly kind: 'lost'; readonly sequence: number; readonly count: number }
  /** An access unit was dropped because a slice of it (or a fragment of its sound) is missing. */
  | { readonly kind: 'damaged'; readonly sequence: number; readonly timestamp: number }
  /** An access unit, or what precedes it, outgrew the limit and was dropped. */
  | { readonly kind: 'oversized'; readonly sequence: number; readonly limitBytes: number }
  /** A packet, or a part of it, does not follow its specification and was ignored. */
  | { readonly kind: 'malformed'; readonly sequence: number | undefined; readonly reason: string }
  /** The camera began a new sequence of packets; what was lost between is unknown. */
  | { readonly kind: 'resynchronized'; readonly sequence: number; readonly reason: 'ssrc' | 'sequence' }
  /** Pictures are dropped until a key picture comes whose parameter sets are known. Told once each time. */
  | { readonly kind: 'awaiting-key'; readonly sequence: number; readonly reason: 'key' | 'parameter-sets' }
  /** The media clock left the clock on the wall by `jumpSeconds`; the run is over. */
  | { readonly kind: 'time-jump'; readonly sequence: number; readonly jumpSeconds: number }
  /** Sound had parted from the picture by `stepSeconds` and was put back in step. */
  | { readonly kind: 'realigned'; readonly sequence: number; readonly stepSeconds: number }
  /** The camera said that it ends the stream (RTCP BYE). */
  | { readonly kind: 'bye'; readonly reason: string };
