import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { WallMs } from '../base/time.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { GapCause, GapRecord } from '../db/records.ts';
import { GapLedger, SETTLE_INTERVAL_MS } from './gap-ledger.ts';
import type { Reason } from './missing-time.ts';

export interface GapLedgersOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes changes of the index; never throws and never waits. */
  readonly tellIndex: (write: IndexWrite) => void;
}

/** Why nothing is asked of a camera. */
export interface NotWanted extends Reason {
  /** Also when the camera is away. */
  readonly isInAnyCase: boolean;
}

/** A camera's ledger, and who is asked each time it is settled why nothing is wanted; undefined where something is. */
interface KeptLedger {
  readonly camera: string;
  readonly ledger: GapLedger;
  readonly whyNotWanted: () => NotWanted | undefined;
}

/** A gap that is shorter is not worth a line of the log. */
const SHORTEST_TOLD_MS = 5_000;

/** Causes that somebody may want to do something about. */
const SERIOUS: ReadonlySet<GapCause> = new Set([
  'unreachable',
  'stalled',
  'camera',
  'clock',
  'disk',
  'overload',
] satisfies GapCause[]);

/** The ledgers of all cameras, settled every `SETTLE_INTERVAL_MS`. */
export class GapLedgers implements Disposable {
  readonly #options: GapLedgersOptions;
  #kept: readonly KeptLedger[] = [];
  #timer: Timer | undefined;

  constructor(options: GapLedgersOptions) {
    this.#options = options;
  }

  /**
   * Begins a camera's account.
   * @param fromWallMs where it begins.
   * @param initially why nothing is recorded at first.
   * @param whyNotWanted asked each time: why nothing is to be recorded; undefined where something is.
   */
  open(
    camera: string,
    fromWallMs: WallMs,
    initially: Reason,
    whyNotWanted: () => NotWanted | undefined,
  ): GapLedger {
    const { clock, log, tellIndex } = this.#options;
    const cameraLog = log.with({ camera });
    const ledger = new GapLedger({
      camera,
      clock,
      fromWallMs,
      tell: (writes) => writes.forEach((write) => tellIndex(write)),
      initially,
      onEnded: (gap) => tellGap(cameraLog, gap),
    });
    this.#kept = [...this.#kept, { camera, ledger, whyNotWanted }];
    this.#timer ??= this.#settleLater();
    return ledger;
  }

  /** Ends a camera's account: it is in the configuration no more. */
  close(camera: string): void {
    for (const kept of this.#kept) if (kept.camera === camera) kept.ledger.finish();
    this.#kept = this.#kept.filter((kept) => kept.camera !== camera);
  }

  /**
   * The index has forgotten what it was told.
   * @returns from when on it will be told again of each camera.
   */
  retell(): ReadonlyMap<string, WallMs> {
    return new Map(this.#kept.map(({ camera, ledger }) => [camera, ledger.retell()]));
  }

  /** The recorder stops: from now on that is why nothing is recorded. */
  stopping(): void {
    for (const { ledger } of this.#kept) ledger.stopping();
  }

  /** To be called when all files are closed: tells everything up to now, and nothing more. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    for (const { ledger } of this.#kept) ledger.finish();
    this.#kept = [];
  }

  #settleLater(): Timer {
    return this.#options.clock.setTimer(SETTLE_INTERVAL_MS, () => {
      this.#timer = this.#settleLater();
      for (const { ledger, whyNotWanted } of this.#kept) {
        const reason = whyNotWanted();
        ledger.off(reason?.isInAnyCase === true ? reason : undefined);
        ledger.idle(reason);
        ledger.settle();
      }
    });
  }
}

function tellGap(log: Log, { startWallMs, endWallMs, cause, detail }: GapRecord): void {
  const seconds = Number(((endWallMs - startWallMs) / 1000).toFixed(1));
  if (!SERIOUS.has(cause) || endWallMs - startWallMs < SHORTEST_TOLD_MS) return;
  const since = new Date(startWallMs).toISOString();
  log.warn(`not recorded for ${seconds} s (${cause}): ${detail}`, { since });
}
