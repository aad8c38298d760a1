import { wallMs, type WallMs } from '../base/time.ts';
import type { Usage } from '../db/archive-index.ts';
import type { RetentionAccount } from './retention-account.ts';
import type { RetentionRules } from './retention-rules.ts';
import type { RetentionTime } from './retention-time.ts';

/** What of a camera's recordings a rule is about: those that hold no event, or those that do. */
export type Footage = 'continuous' | 'event';

/** Why a recording is deleted. */
export type RetentionReason =
  | { readonly rule: 'age'; readonly camera: string; readonly footage: Footage; readonly maxAgeMs: number }
  | {
      readonly rule: 'footage-size';
      readonly camera: string;
      readonly footage: Footage;
      readonly maxSizeBytes: number;
    }
  | { readonly rule: 'camera-size'; readonly camera: string; readonly maxSizeBytes: number }
  | { readonly rule: 'archive-size'; readonly maxSizeBytes: number }
  /** No volume has room for what is being recorded. */
  | { readonly rule: 'room' };

/** A bound, and where to delete when it is exceeded. */
export interface RetentionLimit {
  readonly reason: RetentionReason;
  /** Among these the oldest go first; of all cameras and kinds where nothing is said. */
  readonly scope: {
    readonly camera?: string;
    readonly holdsEvent?: boolean;
    /** Only what ended before. */
    readonly beforeWallMs?: WallMs;
  };
  /** Whether what is guaranteed stays. */
  readonly sparesGuaranteed: boolean;
  /** What is too much, as things stand; not above 0 when nothing is. */
  excessBytes(account: RetentionAccount): number;
}

/**
 * All bounds that recordings may exceed, in the order in which they are to be met: the narrower before the wider, for
 * what a narrow one deletes is room for a wide one too.
 */
export function retentionLimits(
  usage: readonly Usage[],
  { ofCamera, archiveMaxSizeBytes }: RetentionRules,
  time: RetentionTime,
): readonly RetentionLimit[] {
  const cameras = [...new Set(usage.map(({ camera }) => camera))].toSorted();
  const footage = cameras.flatMap((camera) =>
    (['continuous', 'event'] as const).map((kind) => ({ camera, kind, rules: ofCamera(camera)[kind] })),
  );
  const limits: RetentionLimit[] = [];
  for (const { camera, kind, rules } of footage) {
    if (rules.maxAgeMs !== undefined) limits.push(ageLimit(camera, kind, rules.maxAgeMs, time));
  }
  for (const { camera, kind, rules } of footage) {
    if (rules.maxSizeBytes === undefined) continue;
    const { maxSizeBytes } = rules;
    const scope = { camera, holdsEvent: kind === 'event' };
    limits.push(sizeLimit({ rule: 'footage-size', camera, footage: kind, maxSizeBytes }, scope));
  }
  for (const camera of cameras) {
    const { maxSizeBytes } = ofCamera(camera);
    if (maxSizeBytes !== undefined)
      limits.push(sizeLimit({ rule: 'camera-size', camera, maxSizeBytes }, { camera }));
  }
  if (archiveMaxSizeBytes !== undefined) {
    limits.push(sizeLimit({ rule: 'archive-size', maxSizeBytes: archiveMaxSizeBytes }, {}));
  }
  limits.push({
    reason: { rule: 'room' },
    scope: {},
    sparesGuaranteed: true,
    excessBytes: (account) => account.missingRoomBytes,
  });
  return limits;
}

/** All of it is too much, as long as there is any. */
function ageLimit(camera: string, footage: Footage, maxAgeMs: number, time: RetentionTime): RetentionLimit {
  const beforeWallMs = wallMs(time.ageWallMs - maxAgeMs);
  const scope = { camera, holdsEvent: footage === 'event', beforeWallMs };
  return {
    reason: { rule: 'age', camera, footage, maxAgeMs },
    scope,
    sparesGuaranteed: false,
    excessBytes: (account) =>
      account.oldestWallMs(scope) < beforeWallMs ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  };
}

function sizeLimit(
  reason: Extract<RetentionReason, { readonly maxSizeBytes: number }>,
  scope: { readonly camera?: string; readonly holdsEvent?: boolean },
): RetentionLimit {
  return {
    reason,
    scope,
    sparesGuaranteed: true,
    excessBytes: (account) => account.sizeBytes(scope) - reason.maxSizeBytes,
  };
}
