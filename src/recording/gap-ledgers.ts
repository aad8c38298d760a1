import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { IndexWrite } from '../db/index-write.ts';
import type { GapCause, GapRecord } from '../db/records.ts';
import { GapLedger, SETTLE_INTERVAL_MS } from './gap-ledger.ts';
import type { Reason } from './missing-time.ts';

export interface GapLedgersOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Changes of the index. */
  readonly tell: (writes: readonly IndexWrite[]) => void;
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

/** The ledgers of all cameras, settled once a second. */
export class GapLedgers implements Disposable {
  readonly #options: GapLedgersOptions;
  readonly #ledgers: GapLedger[] = [];
  #timer: Timer | undefined;

  constructor(options: GapLedgersOptions) {
    this.#options = options;
  }

  /**
   * Begins a camera's account.
   * @param initially why nothing is recorded at first.
   */
  open(camera: string, initially: Reason): GapLedger {
    const { clock, log, tell } = this.#options;
    const cameraLog = log.with({ camera });
    const ledger = new GapLedger({
      camera,
      clock,
      tell,
      initially,
      onEnded: (gap) => tellGap(cameraLog, gap),
    });
    this.#ledgers.push(ledger);
    this.#timer ??= this.#settleLater();
    return ledger;
  }

  /** The recorder stops: from now on that is why nothing is recorded. */
  stopping(): void {
    for (const ledger of this.#ledgers) ledger.stopping();
  }

  /** To be called when all files are closed: tells everything up to now, and nothing more. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    for (const ledger of this.#ledgers.splice(0)) ledger.finish();
  }

  #settleLater(): Timer {
    return this.#options.clock.setTimer(SETTLE_INTERVAL_MS, () => {
      this.#timer = this.#settleLater();
      for (const ledger of this.#ledgers) ledger.settle();
    });
  }
}

function tellGap(log: Log, { startWallMs, endWallMs, cause, detail }: GapRecord): void {
  const seconds = Number(((endWallMs - startWallMs) / 1000).toFixed(1));
  if (!SERIOUS.has(cause) || endWallMs - startWallMs < SHORTEST_TOLD_MS) return;
  const since = new Date(startWallMs).toISOString();
  log.warn(`not recorded for ${seconds} s (${cause}): ${detail}`, { since });
}
