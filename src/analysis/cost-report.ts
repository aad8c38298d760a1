import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { MonotonicMs } from '../base/time.ts';
import { BUDGET_MS, type AnalysisCost, type CpuShare } from './cpu-budget.ts';

/** A cost is told anew when it has changed by this much. */
const NEWS_FRACTION = 0.2;
const NEWS_PERCENT = 10;
/** Nothing may have been left out for so long before there counts as enough CPU again. */
const CALM_MS = 600_000;

export interface CostReportOptions {
  readonly share: Pick<CpuShare, 'cost'>;
  readonly tell: (cost: AnalysisCost) => void;
  readonly clock: Clock;
  /** Told once that there is too little CPU, and once that there is enough again. */
  readonly log: Log;
  /** Follows that there is too little. */
  readonly advice: string;
}

/** Tells what it takes to look for motion in a camera's video. */
export class CostReport {
  readonly #options: CostReportOptions;
  #told: AnalysisCost | undefined;
  #shortAtMs: MonotonicMs | undefined;

  constructor(options: CostReportOptions) {
    this.#options = options;
  }

  /** To be called now and then. */
  update(): void {
    const { cost } = this.#options.share;
    if (cost === undefined) return;
    if (this.#told === undefined || isNews(this.#told, cost)) {
      this.#told = cost;
      this.#options.tell(cost);
    }
    this.#log(cost);
  }

  #log({ cpuMs, leftOutPercent }: AnalysisCost): void {
    const { clock, log, advice } = this.#options;
    const nowMs = clock.monotonicMs();
    if (leftOutPercent > 0) {
      if (this.#shortAtMs === undefined) {
        log.warn(
          `looking for motion in all pictures would take ${cpuMs} ms of CPU a second, and an analyzer has ${BUDGET_MS} for its ` +
            `cameras together: the ends of GOPs are left out while something moves${advice}`,
        );
      }
      this.#shortAtMs = nowMs;
    } else if (this.#shortAtMs !== undefined && nowMs - this.#shortAtMs >= CALM_MS) {
      log.info('there is CPU again to look for motion in all pictures');
      this.#shortAtMs = undefined;
    }
  }
}

function isNews(told: AnalysisCost, { cpuMs, leftOutPercent }: AnalysisCost): boolean {
  if (Math.abs(cpuMs - told.cpuMs) > Math.max(1, told.cpuMs * NEWS_FRACTION)) return true;
  if ((leftOutPercent === 0) !== (told.leftOutPercent === 0)) return true;
  return Math.abs(leftOutPercent - told.leftOutPercent) > NEWS_PERCENT;
}
