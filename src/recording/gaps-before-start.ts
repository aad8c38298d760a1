import { wallMs, type WallMs } from '../base/time.ts';
import { accountEnds } from '../db/account.ts';
import type { ArchiveIndex, CameraTimeline } from '../db/archive-index.ts';
import type { GapCause, GapRecord } from '../db/records.ts';

/** A gap that ends no longer than this before the last sign of life was still going on then: it grows in steps. */
const GROWING_MS = 15_000;
/** A camera that was in the recorder's care is accounted for up to this long before the last sign of life. */
const LONGEST_LAG_MS = 60_000;

export interface KnownBeforeStart {
  /** What the index knows of the camera. */
  readonly known: Pick<CameraTimeline, 'camera' | 'recorded' | 'gaps'>;
  readonly lastAlive: ReturnType<ArchiveIndex['lastAlive']>;
  readonly startedWallMs: WallMs;
  readonly isEnabled: boolean;
}

/**
 * Accounts for the time in which no recorder ran: from where a camera's account ends to the start. A camera of which nothing
 * is known is new.
 */
export function gapsBeforeStart(before: KnownBeforeStart): readonly GapRecord[] {
  const { known, lastAlive, startedWallMs, isEnabled } = before;
  const { camera, gaps } = known;
  const lastGap = gaps.toSorted((a, b) => a.endWallMs - b.endWallMs).at(-1);
  const until = accountEnds(known);
  if (until === undefined) return [];
  const gap = (start: WallMs, end: WallMs, cause: GapCause, detail = ''): GapRecord => ({
    camera,
    startWallMs: start,
    endWallMs: end,
    cause,
    detail,
  });
  if (!isEnabled && lastGap?.endWallMs === until && lastGap.cause === 'disabled') {
    return nonEmpty([{ ...lastGap, endWallMs: startedWallMs }]);
  }
  if (lastAlive === undefined) return nonEmpty([gap(until, startedWallMs, 'unknown')]);
  const cause = lastAlive.isLeaving ? 'shutdown' : 'crash';
  const died = wallMs(Math.min(lastAlive.atWallMs, startedWallMs));
  const silentMs = died - until;
  if (lastGap?.endWallMs === until && silentMs > 0 && silentMs <= GROWING_MS) {
    return nonEmpty([{ ...lastGap, endWallMs: died }, gap(died, startedWallMs, cause)]);
  }
  if (silentMs <= LONGEST_LAG_MS) return nonEmpty([gap(until, startedWallMs, cause)]);
  return nonEmpty([
    gap(until, died, 'disabled', 'not in the configuration'),
    gap(died, startedWallMs, cause),
  ]);
}

function nonEmpty(gaps: readonly GapRecord[]): readonly GapRecord[] {
  return gaps.filter((gap) => gap.endWallMs > gap.startWallMs);
}
