import type { CameraRetentionConfig } from './config.ts';
import type { Path } from './located.ts';
import { formatDuration } from './quantity.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ValidCameraRetention, ValidConfig } from './schema.ts';

type ValidRetention = ValidConfig['retention'];

/** A camera's retention: its own settings laid over the common ones. */
export function resolveRetention(
  common: ValidRetention,
  own: Readonly<ValidCameraRetention>,
): CameraRetentionConfig {
  return {
    continuous: {
      maxAgeMs: own.continuousMaxAge ?? common.continuousMaxAge,
      maxSizeBytes: own.continuousMaxSize ?? common.continuousMaxSize,
    },
    event: {
      maxAgeMs: own.eventMaxAge ?? common.eventMaxAge,
      maxSizeBytes: own.eventMaxSize ?? common.eventMaxSize,
    },
    maxSizeBytes: own.maxSize ?? common.maxSize,
    minAgeMs: own.minAge ?? common.minAge,
  };
}

/**
 * Reports ages that cannot both hold: what is guaranteed must not be too old to be kept.
 * @param path the section in which `own` stands; nothing is reported where neither age stands in it.
 */
export function reportContradictions(
  common: ValidRetention,
  own: Readonly<ValidCameraRetention>,
  path: Path,
  context: ResolveContext,
): void {
  const minAgeMs = own.minAge ?? common.minAge;
  for (const key of ['continuousMaxAge', 'eventMaxAge'] as const) {
    const maxAgeMs = own[key] ?? common[key];
    if (maxAgeMs === undefined || maxAgeMs >= minAgeMs) continue;
    if (own[key] !== undefined) {
      const message = `must not be shorter than minAge, which is ${formatDuration(minAgeMs)}`;
      context.report([...path, key], message, { code: 'expected-at-least', leastMs: minAgeMs });
    } else if (own.minAge !== undefined) {
      const message = `must not be longer than ${key}, which is ${formatDuration(maxAgeMs)}`;
      context.report([...path, 'minAge'], message, { code: 'expected-at-most', mostMs: maxAgeMs });
    }
  }
}
