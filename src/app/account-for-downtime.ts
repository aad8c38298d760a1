import { abortable } from '../base/abortable.ts';
import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import type { ArchiveIndex, CameraTimeline } from '../db/archive-index.ts';
import type { IndexAccess } from '../db/index-access.ts';
import { gapsBeforeStart } from '../recording/gaps-before-start.ts';

/** A camera whose time is accounted for up to when its ledger begins. */
export interface AccountedCamera extends Pick<CameraConfig, 'name' | 'isEnabled'> {
  readonly untilWallMs: WallMs;
}

export interface DowntimeOptions {
  readonly cameras: readonly AccountedCamera[];
  /** Asked before this recorder gave a sign of life; never rejects. */
  readonly lastAlive: Promise<ReturnType<ArchiveIndex['lastAlive']>>;
  /** Resolves when the files of the recorder before have been looked at; never rejects. */
  readonly recovered: Promise<void>;
  readonly index: Pick<IndexAccess, 'apply' | 'timeline'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A camera's account ends near the last sign of life, if it was in the configuration then. */
const USUAL_MS = 3_600_000;
const RETRY_MS = 10_000;

/**
 * Tells the index why nothing was recorded since the last recorder ran, once it is known where each camera's account
 * ends. What the index refuses is tried again. Never rejects; gives up when the signal aborts.
 */
export async function accountForDowntime(options: DowntimeOptions): Promise<void> {
  const { clock, log, signal } = options;
  while (!signal.aborted) {
    try {
      const [lastAlive] = await abortable(Promise.all([options.lastAlive, options.recovered]), signal);
      await abortable(tellDowntime(options, lastAlive), signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.debug(`the time before the start is not accounted for yet: ${describeError(error)}`);
      await sleep(clock, RETRY_MS, signal).catch(() => undefined);
    }
  }
}

async function tellDowntime(
  { cameras, index }: DowntimeOptions,
  lastAlive: Awaited<DowntimeOptions['lastAlive']>,
): Promise<void> {
  const fromWallMs = wallMs(Math.max(0, (lastAlive?.atWallMs ?? 0) - USUAL_MS));
  for (const { name, isEnabled, untilWallMs } of cameras) {
    const extent = { cameras: [name], fromWallMs, toWallMs: untilWallMs };
    const [recent] = await index.timeline(extent);
    const known = isEmpty(recent) ? await everythingOf(name, untilWallMs, index) : recent;
    const gaps = gapsBeforeStart({ known, fromWallMs, lastAlive, startedWallMs: untilWallMs, isEnabled });
    await index.apply(gaps.map((gap) => ({ type: 'gap', gap })));
  }
}

function isEmpty(timeline: CameraTimeline | undefined): timeline is undefined {
  return timeline === undefined || timeline.recorded.length + timeline.gaps.length === 0;
}

async function everythingOf(
  camera: string,
  toWallMs: WallMs,
  index: DowntimeOptions['index'],
): Promise<CameraTimeline> {
  const [timeline] = await index.timeline({ cameras: [camera], fromWallMs: wallMs(0), toWallMs });
  return timeline ?? { camera, recorded: [], gaps: [], events: [] };
}
