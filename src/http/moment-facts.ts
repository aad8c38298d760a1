import { wallMs, type WallMs } from '../base/time.ts';
import type { CameraConfig } from '../config/config.ts';
import type { TimeZone } from '../config/folder-template.ts';
import { modeAt } from '../config/recording-mode.ts';
import type { IndexQueries } from '../db/archive-index.ts';
import { MOTION_SLOT_MS } from '../db/records.ts';
import { STILL } from '../event/motion-intensity.ts';
import type { MomentFacts } from './api/moment.ts';

/** @throws IndexError */
export async function momentFactsOf(
  index: Pick<IndexQueries, 'timeline' | 'motion'>,
  { name, modes }: Pick<CameraConfig, 'name' | 'modes'>,
  at: WallMs,
  timeZone: TimeZone,
): Promise<MomentFacts> {
  const moment = { cameras: [name], fromWallMs: at, toWallMs: wallMs(at + 1) };
  const [timeline] = await index.timeline(moment);
  const [motion] = await index.motion(moment, MOTION_SLOT_MS);
  const isRecorded = timeline !== undefined && timeline.recorded.length > 0;
  const gap = isRecorded ? undefined : timeline?.gaps.at(-1);
  const event = timeline?.events.at(-1);
  return {
    isRecorded,
    gap: gap === undefined ? null : { cause: gap.cause, detail: gap.detail },
    event:
      event === undefined
        ? null
        : {
            triggerMs: event.triggerWallMs,
            untilMs: event.endWallMs,
            causes: event.causes,
            zones: event.zones,
          },
    mode: modeAt(modes, at, timeZone),
    seen: seenIn(motion === undefined ? 0 : (motion.intensity[slotOf(at, motion.startWallMs)] ?? 0)),
  };
}

function slotOf(at: WallMs, startWallMs: WallMs): number {
  return Math.floor((at - startWallMs) / MOTION_SLOT_MS);
}

function seenIn(intensity: number): MomentFacts['seen'] {
  if (intensity === 0) return 'unwatched';
  return intensity === STILL ? 'still' : 'moving';
}
