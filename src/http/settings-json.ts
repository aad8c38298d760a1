import type { CameraConfig, CameraRetentionConfig, WebConfig } from '../config/config.ts';
import type { Settings } from '../settings/settings-file.ts';
import type { CameraSettings, SettingsAnswer } from './api/settings.ts';

export function settingsJson(
  { version, readOnly, config, elsewhere }: Settings,
  path: string,
): SettingsAnswer {
  return {
    version,
    path,
    readOnly: readOnly ?? null,
    cameras: config.cameras.map(cameraJson),
    retention: {
      ...retentionJson(config.retention.otherCameras),
      archiveMaxSizeBytes: config.retention.archiveMaxSizeBytes ?? null,
      minFreeBytes: config.retention.minFreeBytes ?? null,
    },
    web: webJson(config.web),
    elsewhere: elsewhere.map((one) => ({ path: one.path.join('.'), source: one.source })),
  };
}

function webJson({ listen, port, encryption, basePath, trustedProxies, certificate }: WebConfig) {
  return {
    listen,
    port,
    encryption,
    basePath,
    trustedProxies: [...trustedProxies],
    certificate: certificate?.certificatePath ?? null,
  };
}

/** Each member by name: a password can only be told by mistake where it is spread. */
function cameraJson(camera: CameraConfig): CameraSettings {
  const { name, isEnabled, source, modes, event, motion } = camera;
  const rtsp = source.kind === 'streams' ? source : undefined;
  return {
    name,
    isEnabled,
    url: rtsp?.main.url ?? 'demo:',
    subUrl: rtsp?.sub?.url ?? null,
    username: rtsp?.main.credentials?.username ?? null,
    hasPassword: rtsp?.main.credentials !== undefined,
    engine: rtsp?.engine ?? null,
    transport: source.transport,
    audio: source.audio,
    rotate: source.orientation?.turnDegrees ?? 0,
    mirror: source.orientation?.isMirrored ?? false,
    mode: modes.mode,
    schedule: modes.spans.map(({ span, mode }) => ({
      when: span.text,
      stretches: [...span.stretches],
      mode,
    })),
    event: {
      preRollMs: event.preRollMs,
      postRollMs: event.postRollMs,
      minimalDurationMs: event.minimalDurationMs,
      maximalLengthMs: event.maximalLengthMs,
      loudDbfs: event.loud?.levelDbfs ?? null,
    },
    motion: {
      detector: motion.detector,
      sensitivity: motion.sensitivity,
      masks: motion.masks.map((corners) => [...corners]),
      zones: motion.zones.map((zone) => ({ ...zone, polygon: [...zone.polygon] })),
    },
    retention: retentionJson(camera.retention),
  };
}

function retentionJson({ continuous, event, maxSizeBytes, minAgeMs }: CameraRetentionConfig) {
  return {
    continuousMaxAgeMs: continuous.maxAgeMs ?? null,
    eventMaxAgeMs: event.maxAgeMs ?? null,
    continuousMaxSizeBytes: continuous.maxSizeBytes ?? null,
    eventMaxSizeBytes: event.maxSizeBytes ?? null,
    maxSizeBytes: maxSizeBytes ?? null,
    minAgeMs,
  };
}
