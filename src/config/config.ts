import type { FolderTemplate, TimeZone } from './folder-template.ts';
import type { Secret } from './secret.ts';

/** The configuration as the rooms use it: complete, checked, paths absolute, quantities in ms and bytes. */
export interface Config {
  /** In the order in which they were written; disabled ones included. */
  readonly cameras: readonly CameraConfig[];
  readonly archive: ArchiveConfig;
  readonly ring: RingConfig;
  readonly log: LogConfig;
}

export interface CameraConfig {
  /** A safe folder name, unique among the cameras without regard to case. */
  readonly name: string;
  readonly isEnabled: boolean;
  readonly source: CameraSource;
  readonly mode: 'motion' | 'always';
  readonly event: EventConfig;
  readonly motion: MotionConfig;
}

/** Where a camera's streams come from. */
export type CameraSource = DemoSource | RtspSource;

/** The built-in demo camera, main and sub-stream. */
export interface DemoSource {
  readonly kind: 'demo';
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
}

export interface RtspSource {
  readonly kind: 'rtsp';
  readonly main: StreamAddress;
  readonly sub?: StreamAddress;
  readonly transport: 'tcp' | 'udp';
  readonly audio: boolean;
}

export interface StreamAddress {
  /** An `rtsp://` URL without credentials. */
  readonly url: string;
  readonly credentials?: Credentials;
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
}

/** The section `motion`, with the camera's own settings laid over it. */
export interface MotionConfig {
  readonly detector: 'current';
  readonly rateFps: number;
  /** Difference of luma that counts as change, 1..254. */
  readonly threshold: number;
  /** Changed pixels of the analysed picture that make motion. */
  readonly minimalAreaPx: number;
  /** Width of the analysed picture. */
  readonly widthPx: number;
}

export interface ArchiveConfig {
  readonly path: string;
  readonly folder: FolderTemplate;
  /** Path of the module that names sub-folders; `folder` serves when it fails. */
  readonly folderModule?: string;
  readonly timeZone: TimeZone;
  readonly segmentLengthMs: number;
}

export interface RingConfig {
  /** The most bytes the pre-roll of one camera may take. */
  readonly maxBytes: number;
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
export function allCredentials(config: Config): Credentials[] {
  return config.cameras.flatMap(({ source }) => {
    if (source.kind === 'demo') return [];
    return [source.main.credentials, source.sub?.credentials].filter((found) => found !== undefined);
  });
}
