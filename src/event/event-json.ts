import type { NormalisedBox } from '../motion/motion-sample.ts';
import type { Event, EventMoment } from './event.ts';

/** An event as files and interfaces tell it; times in ISO 8601, UTC. */
export interface EventJson {
  /** Names the event among its camera's. */
  readonly id: string;
  /** Why it exists, in the order of appearance: `motion`, `unwatched`, `loud`, `schedule`, `manual`, or what a rule calls it. */
  readonly causes: readonly string[];
  /** The id of the event that this one goes on from, that having reached its maximal length. */
  readonly continues: string | undefined;
  readonly trigger: string;
  /** From where to where footage was wanted; `until` moves while the event is open. */
  readonly from: string;
  readonly until: string;
  readonly lastMotion: string | undefined;
  readonly motionSamples: number;
  /** The zones that moved, in the order in which they first did. */
  readonly zones: readonly string[];
  /** The score that opened it, and the highest one. */
  readonly score: number | undefined;
  readonly boxes: readonly NormalisedBox[];
  readonly peak: MomentJson | undefined;
  readonly [detail: string]: unknown;
}

interface MomentJson {
  readonly time: string;
  readonly score: number;
  readonly boxes: readonly NormalisedBox[];
  readonly zones: readonly string[];
}

export function eventJson(event: Event): EventJson {
  return {
    id: iso(event.triggerWallMs),
    causes: event.causes,
    continues: event.continues === undefined ? undefined : iso(event.continues),
    trigger: iso(event.triggerWallMs),
    from: iso(event.fromWallMs),
    until: iso(event.untilWallMs),
    lastMotion: event.lastMotionWallMs === undefined ? undefined : iso(event.lastMotionWallMs),
    motionSamples: event.motionSamples,
    zones: event.zones,
    score: event.trigger?.score,
    boxes: event.trigger?.boxes.map(rounded) ?? [],
    peak: event.peak === undefined ? undefined : momentJson(event.peak),
  };
}

function momentJson({ wallMs, score, boxes, zones }: EventMoment): MomentJson {
  return { time: iso(wallMs), score, boxes: boxes.map(rounded), zones };
}

function iso(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

/** Four decimals: finer than a pixel of 8K. */
function rounded({ x, y, width, height }: NormalisedBox): NormalisedBox {
  const [left = 0, top = 0, w = 0, h = 0] = [x, y, width, height].map(
    (value) => Math.round(value * 1e4) / 1e4,
  );
  return { x: left, y: top, width: w, height: h };
}
