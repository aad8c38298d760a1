import { wallMs, type WallMs } from '../../base/time.ts';
import type { FileKey, SegmentPlace, SegmentSummary, Usage } from '../../db/archive-index.ts';
import type { IndexWrite } from '../../db/index-write.ts';
import type { MoverIndex } from '../move-recording.ts';

type OldestQuery = Parameters<MoverIndex['oldestSegments']>[0];

/** What retention asks of the index, answered from plain lists: slow and obvious. */
export class MemoryIndex implements MoverIndex {
  #segments: SegmentSummary[];
  #garbage: FileKey[] = [];
  #agedTo: WallMs | undefined;
  /** As when another process has locked the database. */
  failure: Error | undefined;

  constructor(segments: readonly SegmentSummary[], agedTo?: WallMs) {
    this.#segments = segments.toSorted(byPlace);
    this.#agedTo = agedTo;
  }

  get segments(): readonly SegmentSummary[] {
    return this.#segments;
  }

  agedTo(): Promise<WallMs | undefined> {
    return Promise.resolve(this.#agedTo);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  garbage(): Promise<readonly FileKey[]> {
    return Promise.resolve([...this.#garbage]);
  }

  apply(writes: readonly IndexWrite[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    for (const write of writes) {
      if (write.type === 'aged') this.#agedTo = write.toWallMs;
      if (write.type === 'discarded') {
        this.#garbage = this.#garbage.filter((file) => !contains(write.files, file));
      }
      if (write.type === 'discard') {
        const given = this.#segments.filter((one) => contains(write.files, one) && !one.isKept && !one.isOpen);
        this.#segments = this.#segments.filter((one) => !given.includes(one));
        this.#garbage.push(...given.map(({ volume, path }) => ({ volume, path })));
      }
    }
    return Promise.resolve();
  }

  /** As when somebody marks its event while retention is at work. */
  keep(path: string): void {
    this.#segments = this.#segments.map((one) => (one.path === path ? { ...one, isKept: true } : one));
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

  oldestSegments(query: OldestQuery): Promise<readonly SegmentSummary[]> {
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

function contains(files: readonly FileKey[], { volume, path }: FileKey): boolean {
  return files.some((file) => file.volume === volume && file.path === path);
}

function byPlace(a: SegmentPlace, b: SegmentPlace): number {
  return a.startWallMs - b.startWallMs || compare(a.volume, b.volume) || compare(a.path, b.path);
}

/** As SQLite does, by bytes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
