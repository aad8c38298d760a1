import type { Database } from './database.ts';
import { EventTable } from './event-table.ts';
import { FallbackTable } from './fallback-table.ts';
import { GapTable } from './gap-table.ts';
import { GarbageTable } from './garbage-table.ts';
import { MotionTable } from './motion-table.ts';
import { NameTable } from './name-table.ts';
import { RunTable } from './run-table.ts';
import { SegmentTable } from './segment-table.ts';
import { SegmentsByAge } from './segments-by-age.ts';
import { SpanTable } from './span-table.ts';
import { StateTable } from './state-table.ts';
import { UsageTable } from './usage-table.ts';

export type IndexTables = ReturnType<typeof openTables>;

/** The tables of an index, their statements prepared. @throws IndexError `damaged` where one is missing. */
export function openTables(database: Database) {
  return {
    names: new NameTable(database),
    segments: new SegmentTable(database),
    segmentsByAge: new SegmentsByAge(database),
    spans: new SpanTable(database),
    usage: new UsageTable(database),
    garbage: new GarbageTable(database),
    runs: new RunTable(database),
    events: new EventTable(database),
    gaps: new GapTable(database),
    motion: new MotionTable(database),
    fallbacks: new FallbackTable(database),
    state: new StateTable(database),
  };
}
