import type { Orientation } from '../base/orientation.ts';
import type { KnownCredentials } from '../base/redact.ts';
import type { DeviceAddress, FileAddress, NetworkAddress } from './camera-address.ts';
import type { FolderTemplate, TimeZone } from './folder-template.ts';
import type { ModeSchedule } from './recording-mode.ts';
import type { Secret } from './secret.ts';
import type { WeeklySpan } from './weekly-span.ts';

/** The configuration as the rooms use it: complete, checked, paths absolute, quantities in ms and bytes. */
export interface Config {
  /** In the order in which they were written; disabled ones included. */
  readonly cameras: readonly CameraConfig[];
  readonly archive: ArchiveConfig;
  readonly retention: RetentionConfig;
  readonly ring: RingConfig;
  readonly control: ControlConfig;
  readonly web: WebConfig;
  readonly log: LogConfig;
}

export interface CameraConfig {
  /** A safe folder name, unique among the cameras without regard to case. */
  readonly name: string;
  readonly isEnabled: boolean;
  readonly source: CameraSource;
  readonly modes: ModeSchedule;
  readonly event: EventConfig;
  readonly motion: MotionConfig;
  /** How the video is re-encoded; undefined where it is recorded as the camera sends it. */
  readonly reencode: ReencodeConfig | undefined;
  readonly retention: CameraRetentionConfig;
}

/** Where a camera's streams come from. */
export type CameraSource = DemoSource | StreamsSource;

/** The built-in demo camera, main and sub-stream. */
export interface DemoSource {
  readonly kind: 'demo';
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
  /** How its pictures are to be shown; undefined for as they come. */
  readonly orientation?: Orientation | undefined;
}

export interface StreamsSource {
  readonly kind: 'streams';
  readonly main: StreamAddress;
  readonly sub?: StreamAddress;
  readonly engine: EngineSetting;
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
  /** How its pictures are to be shown; undefined for as they come. */
  readonly orientation?: Orientation | undefined;
}

/** What reads an RTSP camera: our own client, or FFmpeg's in a source process. */
export type EngineName = 'native' | 'ffmpeg';

/** `auto`: our own client, and FFmpeg's where that does not understand the camera. */
export type EngineSetting = 'auto' | EngineName;

export interface StreamAddress {
  /** As it was written (see `camera-address`), without credentials. */
  readonly url: string;
  readonly credentials?: Credentials;
  readonly input: StreamInput;
}

/** How a stream is opened: as the camera's `engine` says where it is rtsp://, else by libavformat in a process of its own. */
export type StreamInput = { readonly kind: 'rtsp' } | OpenedInput;

export type OpenedInput = NetworkInput | DeviceAddress | FileAddress;

export interface NetworkInput extends Pick<NetworkAddress, 'kind' | 'protocol' | 'everyMs'> {
  /** Without credentials and options. */
  readonly url: string;
}

export interface Credentials {
  readonly username: string;
  readonly password: Secret;
}

/** The section `event`, with the camera's own settings laid over it. */
export interface EventConfig {
  readonly initialWaitMs: number;
  readonly minimalDurationMs: number;
  readonly preRollMs: number;
  readonly postRollMs: number;
  readonly maximalLengthMs: number;
  /** Parts of every week that are events by themselves. */
  readonly at: readonly WeeklySpan[];
  /** Undefined where sound makes no events. */
  readonly loud: LoudConfig | undefined;
}

/** When sound makes an event. */
export interface LoudConfig {
  /** The least mean level, -90..0. */
  readonly levelDbfs: number;
  /** For so long without a break. */
  readonly durationMs: number;
}

export type DetectorName = 'current' | 'three-frame' | 'v1' | 'v2' | 'v3' | 'v4' | 'adaptive';

/**
 * The section `motion`, with the camera's own settings laid over it. What is undefined is left to the detector; a
 * setting that the detector does not use is undefined.
 */
export interface MotionConfig {
  readonly detector: DetectorName;
  /** 1..100. At 50 the minimal area or share is what it says; 10 more halve it, 10 less double it. */
  readonly sensitivity: number;
  readonly rateFps: number;
  /** The greatest width of the analysed picture. */
  readonly widthPx: number | undefined;
  /** Difference of luma above which a pixel has changed, 1..254. */
  readonly threshold: number | undefined;
  /** Side of the blur, odd, 1 (none)..63. */
  readonly blurPx: number | undefined;
  /** How far changed areas grow, 0..127. */
  readonly dilatePx: number | undefined;
  /** How far they shrink again, 0..127. */
  readonly erodePx: number | undefined;
  /** Changed pixels of the analysed picture that make motion. */
  readonly minimalAreaPx: number | undefined;
  /** Changed per cent of the picture that make motion, above 0 and up to 100. */
  readonly minimalPercent: number | undefined;
  readonly masks: readonly PolygonConfig[];
  /** Names differ in more than upper and lower case. */
  readonly zones: readonly ZoneConfig[];
}

/** At least three corners that are not all on one line, in parts of the picture: 0 is left or top, 1 right or bottom. */
export type PolygonConfig = readonly { readonly x: number; readonly y: number }[];

export interface ZoneConfig {
  readonly name: string;
  readonly polygon: PolygonConfig;
  /** 1..100; the camera's where the zone has none of its own. */
  readonly sensitivity: number;
}

export type EncoderName = 'auto' | 'software' | HardwareEncoderName;

/** Ways to a hardware encoder. */
export type HardwareEncoderName = 'nvenc' | 'qsv' | 'vaapi' | 'videotoolbox' | 'v4l2m2m';

/** The section `reencode` of a camera. */
export interface ReencodeConfig {
  readonly codec: 'h264' | 'h265';
  readonly encoder: EncoderName;
  /** Even. One side alone keeps the picture's proportions; without both its size stays. */
  readonly widthPx: number | undefined;
  readonly heightPx: number | undefined;
  /** The most pictures a second; undefined for all. */
  readonly rateFps: number | undefined;
  readonly rateControl: RateControlConfig;
  /** Whether the camera's name and the time are burnt in. */
  readonly hasLabel: boolean;
}

export type RateControlConfig =
  /** Constant quality, 1 (best)..51, about what a quantiser of that number gives. */
  | { readonly kind: 'quality'; readonly quality: number }
  /** On average. */
  | { readonly kind: 'bit-rate'; readonly bitRateBps: number };

export interface ArchiveConfig {
  /** Folder of the first volume. */
  readonly path: string;
  /** In the order in which they are used; the first one is the folder `path`. Their paths differ. */
  readonly volumes: readonly VolumeConfig[];
  /** Path of the index. */
  readonly indexPath: string;
  readonly folder: FolderTemplate;
  /** Path of the module that names sub-folders; `folder` serves when it fails. */
  readonly folderModule?: string;
  readonly timeZone: TimeZone;
  readonly segmentLengthMs: number;
}

/** The section `retention`. What is undefined is not bounded. */
export interface RetentionConfig {
  /** For cameras that have recordings and are not in the configuration any more. */
  readonly otherCameras: CameraRetentionConfig;
  readonly archiveMaxSizeBytes: number | undefined;
  /** Of each volume; undefined for the default, which depends on the volume. */
  readonly minFreeBytes: number | undefined;
}

/** The section `retention`, with the camera's own settings laid over it. */
export interface CameraRetentionConfig {
  /** Recordings that hold no event, and those that do. */
  readonly continuous: FootageLimits;
  readonly event: FootageLimits;
  /** Of both together. */
  readonly maxSizeBytes: number | undefined;
  /** Nothing younger is deleted for a size; not above any maximal age. */
  readonly minAgeMs: number;
}

export interface FootageLimits {
  readonly maxAgeMs: number | undefined;
  readonly maxSizeBytes: number | undefined;
}

export interface VolumeConfig {
  readonly path: string;
  /** The most that recordings may take on it; undefined for what the disk holds. */
  readonly maxBytes: number | undefined;
  /** Older recordings move on to the next volume that has room; undefined where they stay. */
  readonly moveAfterMs: number | undefined;
}

export interface RingConfig {
  /** The most bytes the pre-roll of one camera may take. */
  readonly maxBytes: number;
}

export interface ControlConfig {
  /** Where the recorder answers other programs of the machine. */
  readonly path: string;
}

/** The section `web`. */
export interface WebConfig {
  readonly listen: 'lan' | 'loopback' | 'off';
  /** 0 for a free one. */
  readonly port: number;
  readonly encryption: 'lan' | 'always' | 'never';
  /** Undefined for a self-made one. */
  readonly certificate: CertificateConfig | undefined;
  /** Addresses and networks (CIDR). */
  readonly trustedProxies: readonly string[];
  /** Empty, or `/` and what follows, without a slash at its end. */
  readonly basePath: string;
  readonly folder: string;
}

/** Paths of PEM files. */
export interface CertificateConfig {
  readonly certificatePath: string;
  readonly keyPath: string;
}

export interface LogConfig {
  readonly path: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly maxSizeBytes: number;
  /** How many rotated files are kept beside the current one. */
  readonly count: number;
  readonly format: 'lines' | 'json';
  readonly console: boolean;
}

/** All credentials of the configuration, for the redactor. */
export function knownCredentials(config: Config): KnownCredentials[] {
  return allCredentials(config).map(({ username, password }) => ({ username, password: password.reveal() }));
}

export function allCredentials(config: Config): Credentials[] {
  return config.cameras.flatMap(({ source }) => {
    if (source.kind === 'demo') return [];
    return [source.main.credentials, source.sub?.credentials].filter((found) => found !== undefined);
  });
}
