import { wallMs } from '../../base/time.ts';
import type { SegmentPlace, SegmentSummary, Usage } from '../../db/archive-index.ts';
import type { RetentionView } from '../retention-plan.ts';

/** What retention reads, answered from a plain list: a slow and obvious index. */
export class MemoryView implements RetentionView {
  readonly #segments: readonly SegmentSummary[];

  constructor(segments: readonly SegmentSummary[]) {
    this.#segments = segments.toSorted(byPlace);
  }

  usage(): Promise<readonly Usage[]> {
    const rows = new Map<string, Usage>();
    for (const segment of this.#segments) {
      const { camera, volume, kind, holdsEvent, sizeBytes, startWallMs, endWallMs } = segment;
      const key = [camera, volume, kind, holdsEvent].join('/');
      const row = rows.get(key);
      rows.set(key, {
        camera,
        volume,
        kind,
        holdsEvent,
        segments: (row?.segments ?? 0) + 1,
        sizeBytes: (row?.sizeBytes ?? 0) + sizeBytes,
        recordedMs: (row?.recordedMs ?? 0) + endWallMs - startWallMs,
        oldestWallMs: wallMs(Math.min(row?.oldestWallMs ?? startWallMs, startWallMs)),
        newestWallMs: wallMs(Math.max(row?.newestWallMs ?? endWallMs, endWallMs)),
      });
    }
    return Promise.resolve([...rows.values()]);
  }

  oldestSegments(query: Parameters<RetentionView['oldestSegments']>[0]): Promise<readonly SegmentSummary[]> {
    const { beforeWallMs, after, limit, ...wanted } = query;
    const found = this.#segments.filter(
      (segment) =>
        Object.entries(wanted).every(([key, value]) => segment[key as keyof SegmentSummary] === value) &&
        (beforeWallMs === undefined || segment.endWallMs < beforeWallMs) &&
        (after === undefined || byPlace(segment, after) > 0),
    );
    return Promise.resolve(found.slice(0, limit));
  }
}

function byPlace(a: SegmentPlace, b: SegmentPlace): number {
  return a.startWallMs - b.startWallMs || compare(a.volume, b.volume) || compare(a.path, b.path);
}

/** As SQLite does, by bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
