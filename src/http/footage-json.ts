import { wallMs, type WallMs } from '../base/time.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { FootageWindow } from '../playback/footage-window.ts';
import { segmentIdOf, type SegmentId } from '../playback/stored-segment.ts';
import type { FootageJson, FootageSegmentJson } from './api/footage.ts';
import { toldGapDetail } from './told-gap-detail.ts';

/** As web pages are told of what is recorded. */
export function footageJsonOf(window: FootageWindow, nowWallMs: WallMs): FootageJson {
  const { span, segments, gaps, previousWallMs, nextWallMs } = window;
  return {
    fromMs: span.fromWallMs,
    toMs: span.toWallMs,
    nowMs: nowWallMs,
    segments: segments.map(segmentJson),
    gaps: gaps.map(({ startWallMs, endWallMs, cause, detail }) => ({
      fromMs: startWallMs,
      toMs: endWallMs,
      cause,
      ...toldGapDetail(detail),
    })),
    previousMs: previousWallMs ?? null,
    nextMs: nextWallMs ?? null,
  };
}

/** A segment's `id`. */
export function segmentName({ startWallMs, isTimelapse }: SegmentId): string {
  return `${startWallMs}${isTimelapse ? 't' : ''}`;
}

/** The reverse of a segment's `id`, which `segmentParam` checked. */
export function readSegmentName(name: string): SegmentId {
  return { startWallMs: wallMs(Number.parseInt(name, 10)), isTimelapse: name.endsWith('t') };
}

function segmentJson(segment: SegmentRecord): FootageSegmentJson {
  const id = segmentIdOf(segment);
  const { video, audio } = segment;
  const codecs = audio === undefined ? video.codec : `${video.codec}, ${audio.codec}`;
  return {
    id: segmentName(id),
    runMs: segment.runStartWallMs,
    startMs: id.startWallMs,
    endMs: segment.endWallMs,
    isOpen: segment.isOpen,
    isTimelapse: id.isTimelapse,
    mime: `video/mp4; codecs="${codecs}"`,
    codec: video.codec,
    widthPx: video.widthPx,
    heightPx: video.heightPx,
    hasSound: audio !== undefined,
    fragments: segment.fragments.flatMap((one) => [
      one.startMs,
      one.durationMs,
      one.sizeBytes,
      one.isKey ? 1 : 0,
    ]),
  };
}
