import type { Clock } from '../base/clock.ts';
import { JUMP_MS } from '../base/run-clock.ts';
import { wallMs, type MonotonicMs, type WallMs } from '../base/time.ts';
import type { Span } from '../db/archive-index.ts';
import type { IndexWrite } from '../db/index-write.ts';
import { recordedSpans } from '../db/recorded-spans.ts';
import type { GapRecord, SegmentRecord } from '../db/records.ts';
import { describeGapDetail } from './gap-detail.ts';
import { missingTime, type MissingSpan, type Reason, type Phase, type Trouble } from './missing-time.ts';
import { addSpan } from './spans.ts';

export interface GapLedgerOptions {
  readonly camera: string;
  readonly clock: Clock;
  /** Where its account begins: when the recorder started. */
  readonly fromWallMs: WallMs;
  /** Changes of the index. */
  readonly tell: (writes: readonly IndexWrite[]) => void;
  /** Told once about each gap, when it is over. */
  readonly onEnded?: (gap: GapRecord) => void;
  /** Why nothing is recorded at first: `disabled`, or `starting`. */
  readonly initially: Reason;
}

/** How often `settle` is to be called: after a crash, what the index knows of a gap that lasts is not older. */
export const SETTLE_INTERVAL_MS = 5_000;
/** Facts are told this soon after they came about; what is younger is not judged yet. */
const SETTLED_AFTER_MS = 1_000;
/** A recorder that settles so late was held up. */
const HELD_UP_MS = 2_000;
/** Footage that the disk has not confirmed for so long is missing, until it is confirmed after all. */
const LONGEST_UNCONFIRMED_MS = 20_000;
/** How far footage may be ahead of the host's clock: a run does not follow when that is set by less than `JUMP_MS`. */
const LONGEST_LEAD_MS = 10_000;
/** How far back what was told can still turn out otherwise: more than the longest pre-roll. */
const WINDOW_MS = 600_000;
/** Troubles less than this apart are one. */
const SAME_TROUBLE_MS = 5_000;

interface ToldGap {
  readonly gap: GapRecord;
  readonly isOver: boolean;
}

/**
 * Keeps account of one camera's time while a recorder runs: what is not recorded, and why. It is told facts as they
 * come about, and from time to time to `settle`. What is missing is reckoned anew each time over the last minutes, and
 * the index is told what changed: so a pre-roll that reaches back into a gap cuts it, and an attempt to connect that
 * failed after ten seconds was failing all along.
 *
 * When the host's clock is set forward, the time it leapt over is a gap. When it is set back, what was told stays, and
 * the account goes on from where the clock stands: of time gone through twice more than one gap may be told, of which
 * that one holds that began last (`db/account`).
 */
export class GapLedger {
  readonly #options: GapLedgerOptions;
  /** Accounted for in full before this. */
  #baseWallMs: WallMs;
  #phases: Phase[];
  #recorded: readonly Span[] = [];
  #troubles: Trouble[] = [];
  /** By start. */
  #told = new Map<WallMs, ToldGap>();
  #lastConfirmed: MonotonicMs;
  #lastSettled: MonotonicMs;
  #lastObserved: { readonly wall: WallMs; readonly monotonic: MonotonicMs };

  /** The strongest of these that is there says why nothing is recorded. */
  #off: Reason | undefined;
  #away: Reason | undefined;
  /** Only footage of later than `atWallMs` shows that the disk takes some again. */
  #disk: { readonly reason: Reason; readonly atWallMs: WallMs } | undefined;
  #idle: Reason | undefined;

  constructor(options: GapLedgerOptions) {
    const { clock, fromWallMs, initially } = options;
    this.#options = options;
    this.#lastObserved = { wall: clock.wallMs(), monotonic: clock.monotonicMs() };
    this.#lastSettled = this.#lastObserved.monotonic;
    this.#lastConfirmed = this.#lastObserved.monotonic;
    this.#baseWallMs = fromWallMs;
    this.#phases = [{ fromWallMs, reason: initially }];
    this.#away = initially;
  }

  /** The camera plays. */
  playing(): void {
    this.#change(() => (this.#away = undefined));
  }

  /**
   * The camera does not play.
   * @param sinceMs how long it has not, as is now known.
   */
  away(reason: Reason, sinceMs = 0): void {
    const now = this.#observeClock();
    this.#away = reason;
    this.#mark(wallMs(now - sinceMs));
  }

  /** Nothing is asked for whatever happens: a schedule, mode `off`. Undefined: no more. */
  off(reason: Reason | undefined): void {
    if (isSame(this.#off, reason)) return;
    this.#change(() => (this.#off = reason));
  }

  /** Nothing is asked for at the moment. Undefined: something is. */
  idle(reason: Reason | undefined): void {
    if (reason !== undefined) this.#disk = undefined;
    this.#change(() => (this.#idle = reason));
  }

  /** The archive took no more, and is tried again. */
  diskFailed(detail: string): void {
    const now = this.#observeClock();
    this.#disk = { reason: { cause: 'disk', detail }, atWallMs: now };
    this.#mark(now);
  }

  /** So much of a segment is on disk. */
  recorded(segment: SegmentRecord): void {
    this.#change(() => {
      // A file that has failed tells of its end too, and the one before it is still being finished.
      if (this.#disk && segment.isOpen && segment.endWallMs > this.#disk.atWallMs) this.#disk = undefined;
    });
    this.#lastConfirmed = this.#lastObserved.monotonic;
    for (const span of recordedSpans(segment)) {
      // What is still to come was recorded before the clock was set back.
      if (span.endWallMs > this.#lastObserved.wall + LONGEST_LEAD_MS) continue;
      this.#recorded = addSpan(this.#recorded, span);
    }
  }

  /** Packets went missing or could not be used. */
  trouble(detail: string): void {
    const now = this.#observeClock();
    const last = this.#troubles.at(-1);
    if (last !== undefined && now - last.endWallMs < SAME_TROUBLE_MS && now >= last.endWallMs) {
      this.#troubles[this.#troubles.length - 1] = { ...last, endWallMs: now };
    } else this.#troubles.push({ startWallMs: now, endWallMs: now, detail });
  }

  /** Judges what is old enough to be judged, and tells what changed. */
  settle(): void {
    const now = this.#observeClock();
    const lateMs = this.#lastObserved.monotonic - this.#lastSettled - SETTLE_INTERVAL_MS;
    this.#lastSettled = this.#lastObserved.monotonic;
    if (lateMs > HELD_UP_MS && this.#reason === undefined) {
      const detail = describeGapDetail({ kind: 'held-up', lateMs });
      this.#mark(wallMs(now - lateMs), { cause: 'overload', detail });
      this.#mark(now);
    }
    this.#judge(this.#judgedUntil(now, SETTLED_AFTER_MS));
    this.#forget(now);
  }

  /**
   * The index has forgotten what it was told.
   * @returns from when on it will be told again; what was before is lost.
   */
  retell(): WallMs {
    for (const [startWallMs, { gap, isOver }] of this.#told) {
      this.#told.set(startWallMs, { gap: { ...gap, endWallMs: startWallMs }, isOver });
    }
    return this.#baseWallMs;
  }

  /** The recorder stops. What is not recorded when it has stopped is told by the next one. */
  stopping(): void {
    // A camera that is disabled is missed by nobody.
    if (this.#away?.cause === 'disabled') return;
    this.away({ cause: 'shutdown', detail: '' });
  }

  /** To be called when all files are closed: tells everything up to now. */
  finish(): void {
    this.#judge(this.#judgedUntil(this.#observeClock(), 0));
  }

  get #reason(): Reason | undefined {
    return this.#off ?? this.#away ?? this.#disk?.reason ?? this.#idle;
  }

  #change(apply: () => void): void {
    const now = this.#observeClock();
    apply();
    this.#mark(now);
  }

  /** From then on this is the reason. */
  #mark(fromWallMs: WallMs, reason = this.#reason): void {
    const from = wallMs(Math.max(Math.round(fromWallMs), this.#baseWallMs));
    this.#phases = this.#phases.filter((phase) => phase.fromWallMs < from);
    const last = this.#phases.at(-1);
    if (last === undefined || !isSame(last.reason, reason)) this.#phases.push({ fromWallMs: from, reason });
  }

  /** @returns the host's time. */
  #observeClock(): WallMs {
    const { clock } = this.#options;
    const { wall, monotonic } = this.#lastObserved;
    const observed = { wall: clock.wallMs(), monotonic: clock.monotonicMs() };
    this.#lastObserved = observed;
    const expectedWallMs = wallMs(Math.round(wall + (observed.monotonic - monotonic)));
    const jumpMs = observed.wall - expectedWallMs;
    if (Math.abs(jumpMs) > JUMP_MS) this.#jump(expectedWallMs, observed.wall);
    return observed.wall;
  }

  #jump(fromWallMs: WallMs, toWallMs: WallMs): void {
    const isForward = toWallMs > fromWallMs;
    const detail = describeGapDetail({ kind: 'clock-set', byMs: toWallMs - fromWallMs });
    const reason: Reason = { cause: 'clock', detail };
    if (isForward) {
      this.#mark(fromWallMs, reason);
      this.#mark(toWallMs);
      return;
    }
    this.#judge(this.#judgedUntil(fromWallMs, 0));
    if (this.#disk && this.#disk.atWallMs > toWallMs) this.#disk = { ...this.#disk, atWallMs: toWallMs };
    // A moment of it, so that there is a reason for what is missing up to the next key picture.
    this.#baseWallMs = wallMs(toWallMs - 1);
    this.#phases = [{ fromWallMs: this.#baseWallMs, reason }];
    this.#mark(toWallMs);
    this.#recorded = [];
    this.#troubles = [];
    this.#told.clear();
  }

  /** Where footage is expected, only what is on disk shows what is missing. */
  #judgedUntil(now: WallMs, settledAfterMs: number): WallMs {
    const last = this.#phases.at(-1);
    const settled = wallMs(now - settledAfterMs);
    if (last === undefined || last.reason !== undefined) return settled;
    if (this.#lastObserved.monotonic - this.#lastConfirmed > LONGEST_UNCONFIRMED_MS) return settled;
    return wallMs(Math.max(last.fromWallMs, this.#recorded.at(-1)?.endWallMs ?? 0));
  }

  #judge(untilWallMs: WallMs): void {
    const missing = missingTime({
      startWallMs: this.#baseWallMs,
      endWallMs: untilWallMs,
      phases: this.#phases,
      recorded: this.#recorded,
      troubles: this.#troubles,
    });
    const starts = new Set(missing.map(({ startWallMs }) => startWallMs));
    const withdrawn = [...this.#told.keys()].filter((start) => !starts.has(start));
    for (const start of withdrawn) this.#told.delete(start);
    const { camera } = this.#options;
    const writes: IndexWrite[] = [
      ...withdrawn.map((startWallMs): IndexWrite => ({ type: 'gap-withdrawn', camera, startWallMs })),
      ...missing.flatMap((span) => this.#tellGap(span, span.endWallMs < untilWallMs)),
    ];
    if (writes.length > 0) this.#options.tell(writes);
  }

  #tellGap(span: MissingSpan, isOver: boolean): readonly IndexWrite[] {
    const told = this.#told.get(span.startWallMs);
    const gap: GapRecord = { camera: this.#options.camera, ...span };
    const isEnded = isOver && told?.isOver !== true;
    if (isEnded) this.#options.onEnded?.(gap);
    if (told?.isOver === isOver && told.gap.endWallMs === gap.endWallMs && isSame(told.gap, gap)) return [];
    this.#told.set(span.startWallMs, { gap, isOver });
    return [{ type: 'gap', gap }];
  }

  /** What is older than the window is not reckoned again, but for a gap that lasts; a pause is not cut in two. */
  #forget(now: WallMs): void {
    const edge = wallMs(now - WINDOW_MS);
    const lasting = [...this.#told.values()].find(
      ({ gap }) => gap.startWallMs <= edge && gap.endWallMs > edge,
    );
    const footage = this.#recorded.findLast(({ startWallMs }) => startWallMs <= edge);
    const base = lasting?.gap.startWallMs ?? Math.min(edge, footage?.endWallMs ?? edge);
    if (base > this.#baseWallMs) this.#startFrom(wallMs(base));
  }

  #startFrom(base: WallMs): void {
    this.#baseWallMs = base;
    const first = this.#phases.findLastIndex((phase) => phase.fromWallMs <= base);
    this.#phases = this.#phases.slice(Math.max(0, first));
    this.#recorded = this.#recorded.filter((span) => span.endWallMs >= base);
    this.#troubles = this.#troubles.filter((trouble) => trouble.endWallMs > base);
    for (const start of this.#told.keys()) if (start < base) this.#told.delete(start);
  }
}

function isSame(a: Reason | undefined, b: Reason | undefined): boolean {
  return a?.cause === b?.cause && a?.detail === b?.detail;
}
