import type { WallMs } from '../base/time.ts';
import type { CameraTimeline, IndexQueries } from '../db/archive-index.ts';
import { MOTION_SLOT_MS, type MotionRecord } from '../db/records.ts';
import { eventsAt, gapsAt, recordedAt, type EventGroup } from '../playback/timeline-levels.ts';
import type { TimelineAnswer } from './api/timeline.ts';
import { toldGapDetail } from './told-gap-detail.ts';

export interface TimelineQuestion {
  readonly cameras: readonly string[];
  readonly fromWallMs: WallMs;
  readonly toWallMs: WallMs;
  readonly resolutionMs: number;
  readonly nowWallMs: WallMs;
  /** An IANA name. */
  readonly timeZone: string;
}

/** @throws IndexError */
export async function timelineAnswerOf(
  index: Pick<IndexQueries, 'timeline' | 'motion'>,
  question: TimelineQuestion,
): Promise<TimelineAnswer> {
  const { cameras, fromWallMs, toWallMs, resolutionMs, nowWallMs, timeZone } = question;
  const extent = { cameras, fromWallMs, toWallMs };
  const slotMs = Math.max(1, Math.ceil(resolutionMs / MOTION_SLOT_MS)) * MOTION_SLOT_MS;
  const timelines = new Map((await index.timeline(extent)).map((one) => [one.camera, one]));
  const motions = new Map((await index.motion(extent, slotMs)).map((one) => [one.camera, one]));
  const packer = new Packer(fromWallMs, resolutionMs);
  const packed = cameras.map((camera) => ({
    ...packer.pack(timelines.get(camera) ?? { camera, recorded: [], gaps: [], events: [] }),
    motion: motionOf(motions.get(camera), slotMs),
  }));
  return {
    fromMs: fromWallMs,
    toMs: toWallMs,
    resolutionMs,
    nowMs: nowWallMs,
    timeZone,
    reasons: packer.reasons.values,
    labels: packer.labels.values,
    cameras: packed,
  };
}

function motionOf(motion: MotionRecord | undefined, slotMs: number) {
  if (motion === undefined) return null;
  const { buffer, byteOffset, byteLength } = motion.intensity;
  const intensity = Buffer.from(buffer, byteOffset, byteLength).toString('base64');
  return { startMs: motion.startWallMs, slotMs, intensity };
}

/** Makes rows of numbers, and one list of what is said again and again. */
class Packer {
  readonly reasons = new Places<TimelineAnswer['reasons'][number]>();
  readonly labels = new Places<TimelineAnswer['labels'][number]>();
  readonly #lists = new Places<readonly string[]>();
  readonly #fromMs: number;
  readonly #resolutionMs: number;

  constructor(fromMs: number, resolutionMs: number) {
    this.#fromMs = fromMs;
    this.#resolutionMs = resolutionMs;
  }

  pack({ camera, recorded, gaps, events }: CameraTimeline) {
    return {
      camera,
      recorded: recordedAt(recorded, this.#resolutionMs).flatMap((span) => [
        span.startMs - this.#fromMs,
        span.endMs - span.startMs,
        span.filledMs,
      ]),
      gaps: gapsAt(gaps, this.#resolutionMs).flatMap(({ startMs, endMs, filledMs, cause, detail }) => [
        startMs - this.#fromMs,
        endMs - startMs,
        filledMs,
        this.reasons.of(`${cause} ${detail}`, { cause, ...toldGapDetail(detail) }),
      ]),
      events: eventsAt(events, this.#resolutionMs).flatMap((group) => [
        group.startMs - this.#fromMs,
        group.endMs - group.startMs,
        group.triggerMs - group.startMs,
        group.count,
        this.#labelOf(group),
        group.isKept ? 1 : 0,
      ]),
    };
  }

  #labelOf({ causes, zones }: EventGroup): number {
    // The index gives the same objects for the same ones: there may be 100,000 events, and few labels.
    const key = `${this.#lists.of(causes, causes)} ${this.#lists.of(zones, zones)}`;
    return this.labels.of(key, { causes: [...causes], zones: [...zones] });
  }
}

/** Different values, each with its place. */
class Places<T> {
  readonly values: T[] = [];
  readonly #places = new Map<unknown, number>();

  of(key: unknown, value: T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
