import type { IndexQueries, SegmentPlace, SegmentSummary } from '../db/archive-index.ts';
import { RetentionAccount, type VolumeSpace } from './retention-account.ts';
import {
  retentionLimits,
  type RetentionLimit,
  type RetentionReason,
} from './retention-limits.ts';
import type { RetentionRules } from './retention-rules.ts';
import type { RetentionTime } from './retention-time.ts';

/** What planning asks of the index. */
export type RetentionView = Pick<IndexQueries, 'usage' | 'oldestSegments'>;

export interface RetentionSituation {
  readonly rules: RetentionRules;
  /** The mounted ones; what lies on others is neither counted nor deleted. */
  readonly volumes: readonly VolumeSpace[];
  readonly time: RetentionTime;
  /** Whether it is deleted already, and the index does not know it yet. */
  readonly isGone: (segment: SegmentSummary) => boolean;
}

/** A recording that is to be deleted, and why. */
export interface Deletion {
  readonly segment: SegmentSummary;
  readonly reason: RetentionReason;
}

/** A bound that cannot be met: everything that may be deleted for it is. */
export interface Shortfall {
  readonly reason: Exclude<RetentionReason, { readonly rule: 'age' }>;
  readonly missingBytes: number;
}

/** How many candidates are asked for at once. */
const PAGE = 250;

/**
 * Finds what has to be deleted, one after the other, while the account is kept of what that frees; whether it really is
 * deleted meanwhile makes no difference. Within a bound the oldest goes first, whichever camera it is of, so that all
 * cameras that share it reach back equally far. Open and kept recordings are never among them.
 * @returns the bounds that are exceeded all the same.
 */
export async function* planRetention(
  view: RetentionView,
  { rules, volumes, time, isGone }: RetentionSituation,
): AsyncGenerator<Deletion, readonly Shortfall[]> {
  const usage = await view.usage();
  const account = new RetentionAccount(usage, volumes);
  const taken = new Set<string>();
  const shortfalls: Shortfall[] = [];
  for (const limit of retentionLimits(usage, rules, time)) {
    // What is being recorded will be deleted when it is whole, if it has to be: nobody need worry about it.
    let openBytes = 0;
    if (limit.excessBytes(account) <= 0) continue;
    for await (const segment of candidates(view, limit, time)) {
      if (limit.excessBytes(account) <= 0) break;
      const key = `${segment.volume}/${segment.path}`;
      if (taken.has(key) || segment.isKept || !account.isMounted(segment.volume)) continue;
      if (isGone(segment)) {
        taken.add(key);
        account.forget(segment);
        continue;
      }
      if (limit.sparesGuaranteed && isGuaranteed(segment, rules, time)) continue;
      if (segment.isOpen) {
        openBytes += segment.sizeBytes;
        continue;
      }
      taken.add(key);
      account.delete(segment);
      yield { segment, reason: limit.reason };
    }
    const missingBytes = limit.excessBytes(account);
    if (limit.reason.rule !== 'age' && missingBytes > openBytes) {
      shortfalls.push({ reason: limit.reason, missingBytes });
    }
  }
  return shortfalls;
}

/** The oldest first; where the clock went back by a lot, what claims to be from the future is older than the rest. */
async function* candidates(
  view: RetentionView,
  { scope }: RetentionLimit,
  { futureFromWallMs }: RetentionTime,
): AsyncGenerator<SegmentSummary> {
  if (futureFromWallMs !== undefined) {
    yield* pages(view, scope, { startWallMs: futureFromWallMs, volume: '', path: '' });
  }
  yield* pages(view, scope);
}

async function* pages(
  view: RetentionView,
  scope: RetentionLimit['scope'],
  from?: SegmentPlace,
): AsyncGenerator<SegmentSummary> {
  const query = { ...scope, isKept: false, limit: PAGE };
  let after = from;
  let page: readonly SegmentSummary[];
  do {
    page = await view.oldestSegments(after === undefined ? query : { ...query, after });
    yield* page;
    after = page.at(-1);
  } while (page.length === PAGE);
}

function isGuaranteed(segment: SegmentSummary, rules: RetentionRules, time: RetentionTime): boolean {
  const { minAgeMs } = rules.ofCamera(segment.camera);
  const isFromFuture = time.futureFromWallMs !== undefined && segment.startWallMs >= time.futureFromWallMs;
  return minAgeMs > 0 && !isFromFuture && segment.endWallMs > time.wallMs - minAgeMs;
}
