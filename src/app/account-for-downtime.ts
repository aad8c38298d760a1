import { sleep, type Clock } from '../base/clock.ts';
import { describeError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import type { ArchiveIndex, CameraTimeline } from '../db/archive-index.ts';
import type { IndexClient } from '../db/index-client.ts';
import { gapsBeforeStart } from '../recording/gaps-before-start.ts';

export interface DowntimeOptions {
  readonly cameras: readonly Pick<CameraConfig, 'name' | 'isEnabled'>[];
  /** As it was before this recorder gave a sign of life. */
  readonly lastAlive: ReturnType<ArchiveIndex['lastAlive']>;
  readonly startedWallMs: WallMs;
  readonly index: IndexClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A camera's account ends near the last sign of life, if it was in the configuration then. */
const USUAL_MS = 3_600_000;
const RETRY_MS = 10_000;

/**
 * Tells the index why nothing was recorded since the last recorder ran, as soon as the index can be asked where each
 * camera's account ends. Never throws; gives up when the signal aborts.
 */
export async function accountForDowntime(options: DowntimeOptions): Promise<void> {
  const { clock, log, signal } = options;
  while (!signal.aborted) {
    try {
      await options.index.flush(signal);
      await tellDowntime(options);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.debug(`the time before the start is not accounted for yet: ${describeError(error)}`);
      await sleep(clock, RETRY_MS, signal).catch(() => undefined);
    }
  }
}

async function tellDowntime({ cameras, lastAlive, startedWallMs, index }: DowntimeOptions): Promise<void> {
  const fromWallMs = wallMs(Math.max(0, (lastAlive?.atWallMs ?? 0) - USUAL_MS));
  const names = cameras.map(({ name }) => name);
  const timelines = await index.timeline({ cameras: names, fromWallMs, toWallMs: startedWallMs });
  for (const { name, isEnabled } of cameras) {
    const recent = timelines.find(({ camera }) => camera === name);
    const known = isEmpty(recent) ? await everythingOf(name, startedWallMs, index) : recent;
    const gaps = gapsBeforeStart({ known, lastAlive, startedWallMs, isEnabled });
    index.write(...gaps.map((gap) => ({ type: 'gap', gap }) as const));
  }
}

function isEmpty(timeline: CameraTimeline | undefined): timeline is undefined {
  return timeline === undefined || timeline.recorded.length + timeline.gaps.length === 0;
}

async function everythingOf(camera: string, toWallMs: WallMs, index: IndexClient): Promise<CameraTimeline> {
  const [timeline] = await index.timeline({ cameras: [camera], fromWallMs: wallMs(0), toWallMs });
  return timeline ?? { camera, recorded: [], gaps: [], events: [] };
}
