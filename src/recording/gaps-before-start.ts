import { wallMs, type WallMs } from '../base/time.ts';
import { account, accountBegins, accountEnds } from '../db/account.ts';
import type { ArchiveIndex, CameraTimeline, Span } from '../db/archive-index.ts';
import type { GapCause, GapRecord } from '../db/records.ts';
import { describeGapDetail } from './gap-detail.ts';
import type { Reason } from './missing-time.ts';

/** The end of a gap that lasts is told in steps, no longer than this. */
const GROWING_MS = 15_000;
/** A camera that was in the recorder's care is accounted for up to this long before the last sign of life. */
const LONGEST_LAG_MS = 60_000;

export interface KnownBeforeStart {
  /** What the index knows of the camera. */
  readonly known: Pick<CameraTimeline, 'camera' | 'recorded' | 'gaps'>;
  readonly lastAlive: ReturnType<ArchiveIndex['lastAlive']>;
  /** From when on all is known that the index knows. */
  readonly fromWallMs: WallMs;
  readonly startedWallMs: WallMs;
  readonly isEnabled: boolean;
}

/**
 * Accounts for the time in which no recorder ran: from where a camera's account ends to the start. What was not
 * accounted for before that is `unknown`. A camera of which nothing is known is new.
 */
export function gapsBeforeStart(before: KnownBeforeStart): readonly GapRecord[] {
  const { known, fromWallMs, startedWallMs } = before;
  const begins = accountBegins(known);
  // A leap beyond the present was taken back.
  const lived = known.gaps.filter(({ cause, endWallMs }) => cause !== 'clock' || endWallMs <= startedWallMs);
  const ends = accountEnds({ ...known, gaps: lived });
  if (begins === undefined || ends === undefined) return [];
  const span = { startWallMs: wallMs(Math.max(begins, fromWallMs)), endWallMs: ends };
  const holes = account(span, known).filter(({ kind }) => kind === 'unaccounted');
  const gaps = [...holes.map((hole) => explainHole(hole, known)), ...downtime(before, ends)];
  return gaps.filter((gap) => gap.endWallMs > gap.startWallMs);
}

/** The end of a gap that was growing may not have been told: it is where the footage after it begins. */
function explainHole(hole: Span, { camera, gaps }: KnownBeforeStart['known']): GapRecord {
  const growing = gaps.find(({ endWallMs }) => endWallMs === hole.startWallMs);
  if (growing === undefined || hole.endWallMs - hole.startWallMs > GROWING_MS) {
    return gapOf(camera, hole, { cause: 'unknown', detail: '' });
  }
  return { ...growing, endWallMs: hole.endWallMs };
}

function downtime(before: KnownBeforeStart, ends: WallMs): readonly GapRecord[] {
  const { known, lastAlive, startedWallMs, isEnabled } = before;
  const gap = (startWallMs: WallMs, endWallMs: WallMs, cause: GapCause, detail = '') =>
    gapOf(known.camera, { startWallMs, endWallMs }, { cause, detail });
  const lastGap = known.gaps.find(({ endWallMs }) => endWallMs === ends);
  if (!isEnabled && lastGap?.cause === 'disabled') return [{ ...lastGap, endWallMs: startedWallMs }];
  if (lastAlive === undefined) return [gap(ends, startedWallMs, 'unknown')];
  const cause = lastAlive.isLeaving ? 'shutdown' : 'crash';
  const died = wallMs(Math.min(lastAlive.atWallMs, startedWallMs));
  const silentMs = died - ends;
  if (silentMs > LONGEST_LAG_MS) {
    return [
      gap(ends, died, 'disabled', describeGapDetail({ kind: 'not-configured' })),
      gap(died, startedWallMs, cause),
    ];
  }
  if (lastGap === undefined || silentMs <= 0 || silentMs > GROWING_MS)
    return [gap(ends, startedWallMs, cause)];
  return [{ ...lastGap, endWallMs: died }, gap(died, startedWallMs, cause)];
}

function gapOf(camera: string, { startWallMs, endWallMs }: Span, reason: Reason): GapRecord {
  return { camera, startWallMs, endWallMs, cause: reason.cause, detail: reason.detail };
}
