import type { CameraRetentionConfig, Config } from '../config/config.ts';

/** What bounds recordings, as the configuration says. */
export interface RetentionRules {
  readonly ofCamera: (camera: string) => CameraRetentionConfig;
  readonly archiveMaxSizeBytes: number | undefined;
}

/** Cameras that have recordings but are not in the configuration any more come under the common rules. */
export function retentionRules({ cameras, retention }: Pick<Config, 'cameras' | 'retention'>): RetentionRules {
  const own = new Map(cameras.map((camera) => [camera.name, camera.retention]));
  return {
    ofCamera: (camera) => own.get(camera) ?? retention.otherCameras,
    archiveMaxSizeBytes: retention.archiveMaxSizeBytes,
  };
}
