import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { CameraRetentionConfig } from '../config/config.ts';
import type { SegmentSummary } from '../db/archive-index.ts';
import type { VolumeSpace } from './retention-account.ts';
import type { RetentionReason } from './retention-limits.ts';
import type { RetentionRules } from './retention-rules.ts';
import { planRetention, type Deletion, type Shortfall } from './retention-plan.ts';
import type { RetentionTime } from './retention-time.ts';
import { MemoryIndex } from './testing/memory-index.ts';

const NOW = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const UNBOUNDED: CameraRetentionConfig = {
  continuous: { maxAgeMs: undefined, maxSizeBytes: undefined },
  event: { maxAgeMs: undefined, maxSizeBytes: undefined },
  maxSizeBytes: undefined,
  minAgeMs: 0,
};
const ROOMY: VolumeSpace = { id: 'a', freeBytes: 1_000, floorBytes: 100, maxSizeBytes: undefined };
const TIME: RetentionTime = { wallMs: wallMs(NOW), ageWallMs: wallMs(NOW), futureFromWallMs: undefined };

interface Given {
  readonly segments: readonly SegmentSummary[];
  readonly cameras?: Readonly<Record<string, Partial<CameraRetentionConfig>>>;
  readonly archiveMaxSizeBytes?: number;
  readonly volumes?: readonly VolumeSpace[];
  readonly time?: RetentionTime;
}

interface Planned {
  readonly deletions: readonly Deletion[];
  readonly shortfalls: readonly Shortfall[];
}

async function plan({ segments, cameras = {}, archiveMaxSizeBytes, volumes, time }: Given): Promise<Planned> {
  const rules: RetentionRules = {
    ofCamera: (camera) => ({ ...UNBOUNDED, ...cameras[camera] }),
    archiveMaxSizeBytes,
  };
  const situation = { rules, volumes: volumes ?? [ROOMY], time: time ?? TIME, isGone: () => false };
  const planning = planRetention(new MemoryIndex(segments), situation);
  const deletions: Deletion[] = [];
  for (;;) {
    const next = await planning.next();
    if (next.done === true) return { deletions, shortfalls: next.value };
    deletions.push(next.value);
  }
}

/** A recording of an hour and 10 bytes that ended so long ago. */
function segment(camera: string, agoMs: number, more: Partial<SegmentSummary> = {}): SegmentSummary {
  const endWallMs = wallMs(NOW - agoMs);
  return {
    camera,
    volume: 'a',
    path: `${camera}/${endWallMs}${more.holdsEvent === true ? ' event' : ''}.mp4`,
    startWallMs: wallMs(endWallMs - HOUR),
    endWallMs,
    kind: 'continuous',
    sizeBytes: 10,
    isOpen: false,
    holdsEvent: false,
    isKept: false,
    ...more,
  };
}

/** Camera and hours since the end of each. */
function told({ deletions }: Planned): string[] {
  return deletions.map(
    ({ segment: { camera, endWallMs }, reason }) =>
      `${camera} ${(NOW - endWallMs) / HOUR}h: ${reason.rule}`,
  );
}


function hours(camera: string, count: number, more: Partial<SegmentSummary> = {}): SegmentSummary[] {
  return Array.from({ length: count }, (_, hour) => segment(camera, hour * HOUR, more));
}

describe('planning what retention deletes', () => {
  test('finds nothing where nothing is bounded and there is room', async () => {
    expect(await plan({ segments: hours('yard', 100) })).toEqual({ deletions: [], shortfalls: [] });
  });

  test('finds what is older than a camera keeps it, each kind by its own age', async () => {
    const segments = [...hours('yard', 5), ...hours('yard', 5, { holdsEvent: true }), ...hours('gate', 5)];
    const cameras = {
      yard: {
        continuous: { maxAgeMs: 2.5 * HOUR, maxSizeBytes: undefined },
        event: { maxAgeMs: 3.5 * HOUR, maxSizeBytes: undefined },
      },
    };
    expect(told(await plan({ segments, cameras }))).toEqual(['yard 4h: age', 'yard 3h: age', 'yard 4h: age']);
  });

  test('keeps each kind and each camera within its size, the narrower bound first', async () => {
    const segments = [...hours('yard', 5), ...hours('yard', 5, { holdsEvent: true }), ...hours('gate', 9)];
    const cameras = {
      yard: { event: { maxAgeMs: undefined, maxSizeBytes: 40 }, maxSizeBytes: 75 },
      gate: { maxSizeBytes: 85 },
    };
    expect(told(await plan({ segments, cameras }))).toEqual([
      'yard 4h: footage-size',
      'gate 8h: camera-size',
      'yard 4h: camera-size',
      'yard 3h: camera-size',
    ]);
  });

  test('lets all cameras reach back equally far within the size of the archive', async () => {
    const segments = [...hours('yard', 6), ...hours('gate', 3, { sizeBytes: 20 })];
    expect(told(await plan({ segments, archiveMaxSizeBytes: 75 }))).toEqual([
      'yard 5h: archive-size',
      'yard 4h: archive-size',
      'yard 3h: archive-size',
      'gate 2h: archive-size',
    ]);
  });

  test('makes room on the only disk, and no more than that', async () => {
    const volumes = [{ ...ROOMY, freeBytes: 75 }];
    expect(told(await plan({ segments: hours('yard', 9), volumes }))).toEqual([
      'yard 8h: room',
      'yard 7h: room',
      'yard 6h: room',
    ]);
  });

  test('deletes nothing for one disk while another has room, and the oldest wherever it is when none has', async () => {
    const segments = [...hours('yard', 5), ...hours('gate', 7, { volume: 'b' })];
    const full = { ...ROOMY, freeBytes: 95 };
    const other = { ...full, id: 'b' };
    expect(told(await plan({ segments, volumes: [full, { ...other, freeBytes: 100 }] }))).toEqual([]);
    expect(told(await plan({ segments, volumes: [full, other] }))).toEqual(['gate 6h: room']);
    const isLimited = [{ ...ROOMY, maxSizeBytes: 45 }, other];
    expect(told(await plan({ segments, volumes: isLimited }))).toEqual(['gate 6h: room']);
  });

  test('leaves alone what lies on a disk that is not there', async () => {
    const segments = [...hours('yard', 5, { volume: 'gone' }), ...hours('yard', 5)];
    const cameras = { yard: { maxSizeBytes: 45, continuous: { maxAgeMs: 4.5 * HOUR, maxSizeBytes: undefined } } };
    expect(told(await plan({ segments, cameras }))).toEqual(['yard 4h: camera-size']);
  });

  test('says what it lacks where all that is left is guaranteed or kept', async () => {
    const segments = [...hours('yard', 5), segment('yard', 9 * HOUR, { isKept: true })];
    const cameras = { yard: { minAgeMs: 2.5 * HOUR, maxSizeBytes: 25 } };
    const planned = await plan({ segments, cameras });
    expect(told(planned)).toEqual(['yard 4h: camera-size', 'yard 3h: camera-size']);
    expect(planned.shortfalls).toEqual([
      { reason: { rule: 'camera-size', camera: 'yard', maxSizeBytes: 25 }, missingBytes: 15 },
    ]);
  });

  test('waits for what is being recorded without a word', async () => {
    const segments = [segment('yard', 0, { isOpen: true, sizeBytes: 30 }), segment('yard', 2 * HOUR)];
    const planned = await plan({ segments, cameras: { yard: { maxSizeBytes: 25 } } });
    expect(told(planned)).toEqual(['yard 2h: camera-size']);
    expect(planned.shortfalls).toEqual([]);
  });

  test('passes over any number of recordings that it must not delete', async () => {
    const segments = [...hours('yard', 700, { isOpen: true, path: 'o' }).map((one, i) => ({ ...one, path: `${i}` })), ...hours('gate', 600)];
    const planned = await plan({ segments, archiveMaxSizeBytes: 7_000 });
    expect(planned.deletions).toHaveLength(600);
    expect(planned.shortfalls).toEqual([]);
  });
});

describe('when the clock is not credible', () => {
  const cameras = { yard: { continuous: { maxAgeMs: DAY, maxSizeBytes: undefined } } };

  test('recordings are as old as the time says that was seen to pass', async () => {
    const segments = hours('yard', 23);
    const leapt = { ...TIME, wallMs: wallMs(NOW + 3_650 * DAY) };
    expect(await plan({ segments, cameras, time: leapt })).toEqual({ deletions: [], shortfalls: [] });
  });

  test('room is made at the cost of what claims to be from the future, before what was recorded since', async () => {
    const since = hours('yard', 3);
    const future = hours('yard', 3).map((one, i) => ({
      ...one,
      path: `future ${i}`,
      startWallMs: wallMs(one.startWallMs + 365 * DAY),
      endWallMs: wallMs(one.endWallMs + 365 * DAY),
    }));
    const back = { ...TIME, futureFromWallMs: wallMs(NOW + 7 * DAY) };
    const guaranteed = { yard: { minAgeMs: HOUR } };
    const planned = await plan({
      segments: [...since, ...future],
      cameras: guaranteed,
      archiveMaxSizeBytes: 20,
      time: back,
    });
    expect(planned.deletions.map(({ segment: { path } }) => path)).toEqual([
      'future 2',
      'future 1',
      'future 0',
      since[2]?.path,
    ]);
  });
});

const CAMERAS = ['yard', 'gate', 'door'];
const VOLUMES = ['a', 'b'];

const anySegments = fc
  .array(
    fc.record({
      camera: fc.constantFrom(...CAMERAS),
      volume: fc.constantFrom(...VOLUMES, 'gone'),
      agoMs: fc.integer({ min: 0, max: 40 }).map((hour) => hour * HOUR),
      sizeBytes: fc.integer({ min: 1, max: 50 }),
      holdsEvent: fc.boolean(),
      isKept: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      isOpen: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 60 },
  )
  .map((all) =>
    all.map(({ camera, agoMs, ...more }, index) => segment(camera, agoMs, { ...more, path: `${index}` })),
  );
const anyAge = fc.option(fc.integer({ min: 10, max: 40 }).map((hour) => hour * HOUR), { nil: undefined });
const anySize = fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined });
const anyLimits = fc.record({ maxAgeMs: anyAge, maxSizeBytes: anySize });
const anyCamera = fc.record({
  continuous: anyLimits,
  event: anyLimits,
  maxSizeBytes: anySize,
  minAgeMs: fc.integer({ min: 0, max: 10 }).map((hour) => hour * HOUR),
});
const anyVolume = (id: string) =>
  fc.record({
    id: fc.constant(id),
    freeBytes: fc.integer({ min: 0, max: 300 }),
    floorBytes: fc.integer({ min: 0, max: 300 }),
    maxSizeBytes: anySize,
  });
const anyArchive = fc.record({
  segments: anySegments,
  cameras: fc.record({ yard: anyCamera, gate: anyCamera, door: anyCamera }),
  archiveMaxSizeBytes: anySize,
  volumes: fc.tuple(...VOLUMES.map(anyVolume)),
});

describe('of any archive', () => {
  type Any = typeof anyArchive extends fc.Arbitrary<infer Value> ? Value : never;
  const given = ({ archiveMaxSizeBytes, ...more }: Any): Given =>
    archiveMaxSizeBytes === undefined ? more : { ...more, archiveMaxSizeBytes };
  const holds = async (check: (archive: Any, planned: Planned, left: readonly SegmentSummary[]) => void) => {
    await fc.assert(
      fc.asyncProperty(anyArchive, async (archive) => {
        const planned = await plan(given(archive));
        const gone = new Set(planned.deletions.map((one) => one.segment));
        check(archive, planned, archive.segments.filter((one) => !gone.has(one)));
      }),
      { numRuns: 500 },
    );
  };

  test('nothing kept, open or on a missing disk is deleted, and nothing twice', async () => {
    await holds((_, { deletions }) => {
      const all = deletions.map((one) => one.segment);
      expect(new Set(all).size).toBe(all.length);
      expect(all.filter(({ isKept, isOpen, volume }) => isKept || isOpen || volume === 'gone')).toEqual([]);
    });
  });

  test('nothing guaranteed is deleted', async () => {
    await holds(({ cameras }, { deletions }) => {
      for (const { segment: one, reason } of deletions) {
        if (reason.rule === 'age') continue;
        const { minAgeMs } = cameras[one.camera as keyof typeof cameras];
        expect(minAgeMs === 0 || one.endWallMs <= NOW - minAgeMs).toBe(true);
      }
    });
  });

  test('all that is too old goes, and nothing younger for its age', async () => {
    await holds(({ cameras }, { deletions }, left) => {
      const maxAgeMs = ({ camera, holdsEvent }: SegmentSummary) =>
        cameras[camera as keyof typeof cameras][holdsEvent ? 'event' : 'continuous'].maxAgeMs ??
        Number.POSITIVE_INFINITY;
      for (const one of left) {
        if (one.isKept || one.isOpen || one.volume === 'gone') continue;
        expect(NOW - one.endWallMs).toBeLessThanOrEqual(maxAgeMs(one));
      }
      for (const { segment: one, reason } of deletions) {
        if (reason.rule === 'age') expect(NOW - one.endWallMs).toBeGreaterThan(maxAgeMs(one));
      }
    });
  });

  test('each bound is met, or told to be missed with nothing left that may go for it', async () => {
    await holds((archive, { shortfalls }, left) => {
      for (const bound of boundsOf(archive)) {
        const missing = bound.excess(left);
        const shortfall = shortfalls.find(({ reason }) => sameReason(reason, bound.reason));
        const open = left.filter((one) => one.isOpen && bound.covers(one) && mayGo({ ...one, isOpen: false }, archive));
        if (missing <= size(open)) continue;
        expect(left.filter((one) => bound.covers(one) && mayGo(one, archive))).toEqual([]);
        expect(shortfall?.missingBytes).toBeGreaterThanOrEqual(missing);
      }
    });
  });

  test('without the last recording deleted for a bound, it would be exceeded', async () => {
    await holds((archive, { deletions }) => {
      for (const bound of boundsOf(archive)) {
        const last = deletions.findLastIndex(({ reason }) => sameReason(reason, bound.reason));
        if (last < 0) continue;
        const before = new Set(deletions.slice(0, last).map((one) => one.segment));
        expect(bound.excess(archive.segments.filter((one) => !before.has(one)))).toBeGreaterThan(0);
      }
    });
  });

  test('no camera loses for a shared bound what is younger than something another could have given', async () => {
    await holds((archive, { deletions }, left) => {
      for (const bound of boundsOf(archive)) {
        const starts = deletions
          .filter(({ reason }) => sameReason(reason, bound.reason))
          .map((one) => one.segment.startWallMs);
        const youngest = Math.max(...starts);
        const older = left.filter((one) => one.startWallMs < youngest);
        expect(older.filter((one) => bound.covers(one) && mayGo(one, archive))).toEqual([]);
      }
    });
  });

  interface Bound {
    readonly reason: RetentionReason;
    covers(one: SegmentSummary): boolean;
    excess(left: readonly SegmentSummary[]): number;
  }

  function boundsOf(archive: Any): Bound[] {
    const bounds: Bound[] = [];
    const add = (reason: RetentionReason & { maxSizeBytes: number }, covers: Bound['covers']) =>
      bounds.push({
        reason,
        covers,
        excess: (left) => size(left.filter((one) => one.volume !== 'gone' && covers(one))) - reason.maxSizeBytes,
      });
    for (const [camera, rules] of Object.entries(archive.cameras)) {
      for (const footage of ['continuous', 'event'] as const) {
        const { maxSizeBytes } = rules[footage];
        if (maxSizeBytes === undefined) continue;
        add(
          { rule: 'footage-size', camera, footage, maxSizeBytes },
          (one) => one.camera === camera && one.holdsEvent === (footage === 'event'),
        );
      }
      const { maxSizeBytes } = rules;
      if (maxSizeBytes !== undefined)
        add({ rule: 'camera-size', camera, maxSizeBytes }, (one) => one.camera === camera);
    }
    const maxSizeBytes = archive.archiveMaxSizeBytes;
    if (maxSizeBytes !== undefined) add({ rule: 'archive-size', maxSizeBytes }, () => true);
    bounds.push({
      reason: { rule: 'room' },
      covers: () => true,
      excess: (left) => Math.min(...archive.volumes.map((volume) => missingOn(volume, archive.segments, left))),
    });
    return bounds;
  }

  function missingOn(volume: VolumeSpace, all: readonly SegmentSummary[], left: readonly SegmentSummary[]) {
    const on = (segments: readonly SegmentSummary[]) => size(segments.filter((one) => one.volume === volume.id));
    const freeBytes = volume.freeBytes + on(all) - on(left);
    return Math.max(volume.floorBytes - freeBytes, on(left) - (volume.maxSizeBytes ?? Number.POSITIVE_INFINITY));
  }

  function mayGo(one: SegmentSummary, { cameras }: Any): boolean {
    const { minAgeMs } = cameras[one.camera as keyof typeof cameras];
    const isYoung = minAgeMs > 0 && one.endWallMs > NOW - minAgeMs;
    return !one.isKept && !one.isOpen && one.volume !== 'gone' && !isYoung;
  }

  function size(segments: readonly SegmentSummary[]): number {
    return segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  function sameReason(a: RetentionReason, b: RetentionReason): boolean {
    return JSON.stringify(a, Object.keys(a).toSorted()) === JSON.stringify(b, Object.keys(b).toSorted());
  }
});
