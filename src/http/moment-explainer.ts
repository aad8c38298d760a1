import type { Clock } from '../base/clock.ts';
import { runWithOrder } from '../base/run-with-order.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { CameraConfig, VolumeConfig } from '../config/config.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import type { FromMomentExplainer, MomentFinding, MomentOrder } from '../lab/moment-messages.ts';
import { momentFiles } from './moment-files.ts';

export interface MomentExplainerOptions {
  /** A path to built JavaScript. */
  readonly program: string;
  readonly index: Pick<IndexQueries, 'segments'>;
  readonly volumes: () => readonly VolumeConfig[];
  readonly clock: Clock;
}

/** What is told of, 60 pictures at the usual rate; what comes before teaches detectors what stands still. */
const [BEFORE_MS, AFTER_MS, LEARNT_MS] = [8_000, 4_000, 20_000];
/** Each decodes for some seconds. */
const MOST_AT_ONCE = 2;

/** Shows how a camera's detector sees what was recorded around a moment, each time in a process of its own. */
export class MomentExplainer {
  readonly #options: MomentExplainerOptions;
  #explaining = 0;

  constructor(options: MomentExplainerOptions) {
    this.#options = options;
  }

  /** Whether so many are being explained that no other can be. */
  get isBusy(): boolean {
    return this.#explaining >= MOST_AT_ONCE;
  }

  /**
   * @param tell called with each picture that the detector looks at, and each recording that cannot be read.
   * @returns why it ended early, for people; undefined when all was told, or the signal aborted.
   * @throws IndexError
   */
  async explain(
    camera: CameraConfig,
    at: WallMs,
    tell: (finding: MomentFinding) => void,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    this.#explaining++;
    try {
      const order = await this.#orderOf(camera, at);
      return order.files.length === 0 ? undefined : await this.#follow(order, tell, signal);
    } finally {
      this.#explaining--;
    }
  }

  async #orderOf({ name, event, motion }: CameraConfig, at: WallMs): Promise<MomentOrder> {
    const { index, volumes } = this.#options;
    const [fromWallMs, toWallMs] = [wallMs(at - BEFORE_MS), wallMs(at + AFTER_MS)];
    const extent = { cameras: [name], fromWallMs: wallMs(fromWallMs - LEARNT_MS), toWallMs };
    return { event, motion, files: await momentFiles(index, volumes(), extent), fromWallMs, toWallMs };
  }

  async #follow(
    order: MomentOrder,
    tell: (finding: MomentFinding) => void,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    let end: Exclude<FromMomentExplainer, MomentFinding> | undefined;
    const how = await runWithOrder<FromMomentExplainer>({
      program: this.#options.program,
      order,
      onMessage: (message) => {
        if (message.type === 'picture' || message.type === 'unreadable') tell(message);
        else end = message;
      },
      clock: this.#options.clock,
      signal,
    });
    if (signal.aborted || end?.type === 'done') return undefined;
    return end?.reason ?? how;
  }
}
