// TYPES FIRST (helper B): implementation is being written; the signatures below are what you code against.
import type { MonotonicMs } from '../base/time.ts';
import type { Packet } from '../media/packet.ts';
import type { MediaProblem } from './media-problem.ts';
import type { RunOrigin } from './rtp-clock.ts'; // `new RunOrigin({ hasVideo: boolean })`, one per PLAY, shared by its tracks
import type { SdpMedia } from './sdp.ts';

export type { MediaProblem } from './media-problem.ts';

export interface TrackReceiverOptions {
  readonly media: SdpMedia;
  readonly index: number;
  readonly transport: 'tcp' | 'udp';
  readonly run: RunOrigin;
  readonly onPacket: (packet: Packet) => void;
  readonly onProblem: (problem: MediaProblem) => void;
}

export interface TrackStatistics {
  /** RTP packets and bytes received. */
  readonly packets: number;
  readonly bytes: number;
  readonly lost: number;
  readonly reordered: number;
  readonly duplicates: number;
  /** RTP packets thrown away: malformed, too late, of a foreign payload type. */
  readonly discarded: number;
  /** Access units thrown away: damaged, or before the first key picture. */
  readonly droppedUnits: number;
}

/** Why we cannot play this track, or undefined if we can. */
export declare function unsupportedReason(media: SdpMedia): string | undefined;
export declare function isSupported(media: SdpMedia): boolean;

export declare class TrackReceiver {
  constructor(options: TrackReceiverOptions);
  /** `rtptime` of this track in the PLAY answer's RTP-Info; call as soon as it is known, if it is. */
  useRtpInfo(rtptime: number): void;
  receiveRtp(bytes: Uint8Array, arrivalMs: MonotonicMs): void;
  receiveRtcp(bytes: Uint8Array, arrivalMs: MonotonicMs): void;
  receiverReport(nowMs: MonotonicMs): Uint8Array | undefined;
  flush(): void;
  readonly statistics: TrackStatistics;
}
