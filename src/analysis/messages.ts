import type { AnalysisCost } from './cpu-budget.ts';
import type { LogFields } from '../base/log.ts';
import type { Orientation } from '../base/orientation.ts';
import type { WallMs } from '../base/time.ts';
import type { EngineSetting } from '../config/config.ts';
import type { RevealedAddress, SourceEncoding } from '../config/revealed-address.ts';
import type { Fallback } from '../db/records.ts';
import type { VideoTrack, VideoPacket } from '../media/packet.ts';
import type { AreaSettings } from '../motion/areas.ts';
import type { DetectorSettings } from '../motion/detector-settings.ts';
import type { MotionSample } from '../motion/motion-sample.ts';

/** Where an analyzer gets a camera's pictures from. */
export type WatchSource =
  /** It connects to the camera's sub-stream by itself. */
  | {
      readonly kind: 'own';
      readonly address: RevealedAddress;
      readonly engine: EngineSetting;
      /** What is remembered of it. */
      readonly fallback: Fallback | undefined;
      readonly transport: 'tcp' | 'udp';
      readonly orientation: Orientation | undefined;
      readonly encoding: SourceEncoding;
      readonly sourceProgram: string;
    }
  /** The recorder passes on the packets of the camera's only stream. */
  | { readonly kind: 'forwarded' };

/** What to analyse of one camera, and how. */
export interface Watch {
  readonly camera: string;
  readonly source: WatchSource;
  /** Pictures analysed a second. */
  readonly rateFps: number;
  readonly detector: DetectorSettings;
  readonly areas: AreaSettings;
}

/** From the recorder to an analyzer. Sent over the process's own channel, never on a command line. */
export type ToAnalyzer =
  | { readonly type: 'watch'; readonly watch: Watch }
  | { readonly type: 'unwatch'; readonly camera: string }
  /** Explain the camera's next `PICTURES_A_REQUEST` analysed pictures, counted from the last request. */
  | { readonly type: 'explain'; readonly camera: string; readonly minimalDurationMs: number }
  /** Whether somebody looks at what the camera's detector says, so that its samples are not to wait. */
  | { readonly type: 'attend'; readonly camera: string; readonly isAttended: boolean }
  /** The camera plays: an analyzer that waits to connect to its sub-stream again need not. */
  | { readonly type: 'playing'; readonly camera: string }
  /** Leave, in good order. */
  | { readonly type: 'stop' }
  /** A forwarded stream begins, or goes on with other parameter sets. */
  | {
      readonly type: 'track';
      readonly camera: string;
      readonly track: VideoTrack;
      readonly isNewRun: boolean;
    }
  | { readonly type: 'packet'; readonly camera: string; readonly packet: ForwardedPacket };

/** A packet of the track told last. */
export interface ForwardedPacket extends Pick<VideoPacket, 'isKey' | 'pts' | 'dts' | 'data'> {
  readonly wallMs: WallMs;
}

/** Enough that none is missed by one who asks again with each, though messages from an analyzer wait for each other. */
export const PICTURES_A_REQUEST = 4;

/** How the detector saw a picture. */
export interface ExplainedPicture {
  readonly sample: MotionSample;
  /** The four pictures of `preroll explain`, a JPEG file. */
  readonly jpeg: Uint8Array;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From an analyzer to the recorder, several at a time. */
export type FromAnalyzer =
  /** Every second: it lives. */
  | { readonly type: 'heartbeat' }
  | { readonly type: 'sample'; readonly camera: string; readonly sample: MotionSample }
  /** For each picture that was to be explained. */
  | { readonly type: 'explained'; readonly camera: string; readonly picture: ExplainedPicture }
  /** The oldest forwarded packet under way has been dealt with. */
  | { readonly type: 'taken'; readonly camera: string }
  /** FFmpeg reads the camera's own stream from now on; told again when our own client has been tried once more. */
  | { readonly type: 'fell-back'; readonly camera: string; readonly fallback: Fallback }
  | { readonly type: 'cost'; readonly camera: string; readonly cost: AnalysisCost }
  | { readonly type: 'forgot-fallback'; readonly camera: string; readonly isMended: boolean }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields | undefined;
    };

/** How often an analyzer sends `heartbeat`. */
export const HEARTBEAT_MS = 1_000;
