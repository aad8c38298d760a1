import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WallMs } from '../base/time.ts';
import type { ArchiveIndex, Extent } from './archive-index.ts';
import type { IndexWrite } from './index-write.ts';
import { SqliteIndex } from './sqlite-index.ts';
import { ModelIndex } from './testing/model-index.ts';
import { makeEvent, makeFragments, makeGap, makeSegment, NOON } from './testing/records.ts';

const CAMERAS = ['yard', 'door', `a'"; DROP TABLE gap; --`];
const VOLUMES = ['volume-a', 'volume-b'];

const camera = fc.constantFrom(...CAMERAS);
/** Close together, so that things touch and overlap; sometimes days away. */
const startMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 40 }).map((place) => place * 25) },
  { weight: 1, arbitrary: fc.integer({ min: -5, max: 5 }).map((place) => place * 43_200_000) },
);
/** Short, so that something lies between; now and then of every length class. */
const lengthMs = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 0, max: 6 }).map((place) => place * 25) },
  { weight: 1, arbitrary: fc.constantFrom(60_000, 120_000, 120_001, 7_200_001, 172_800_001) },
);
const moment = startMs.map((ms) => (NOON + ms) as WallMs);
const file = fc.record({
  volume: fc.constantFrom(...VOLUMES),
  path: fc.integer({ min: 0, max: 9 }).map((number) => `${number}.mp4`),
});
const files = fc.array(file, { maxLength: 3 });
const segment = fc
  .record({
    camera,
    file,
    startMs,
    lengthMs,
    kind: fc.constantFrom('continuous', 'event', 'timelapse'),
    isOpen: fc.boolean(),
    hasSound: fc.boolean(),
    pausesMs: fc.array(fc.constantFrom(0, 0, 0, 1_000, 1_001, 5_000), { maxLength: 3 }),
  })
  .map(({ camera: name, file: key, hasSound, pausesMs, ...rest }) => {
    const base = makeSegment(rest.startMs, { ...key, camera: name, kind: rest.kind, isOpen: rest.isOpen });
    // As many fragments, each that much after the end of the one before.
    let endMs = 0;
    const fragments = makeFragments(pausesMs.length).map((one, place) => {
      const fragment = { ...one, startMs: endMs + (pausesMs[place] ?? 0), durationMs: rest.lengthMs };
      endMs = fragment.startMs + fragment.durationMs;
      return fragment;
    });
    return {
      ...base,
      audio: hasSound ? base.audio : undefined,
      sizeBytes: 1_000 * pausesMs.length,
      endWallMs: (base.startWallMs + Math.max(endMs, rest.lengthMs)) as WallMs,
      fragments,
    };
  });
const event = fc
  .record({
    camera,
    startMs,
    lengthMs,
    isKept: fc.boolean(),
    hasThumbnail: fc.boolean(),
    causes: fc.subarray(['motion', 'manual']),
    zones: fc.subarray(['drive', `'"],[0`]),
    peakScore: fc.option(
      fc.nat().map((number) => number / 7),
      { nil: undefined },
    ),
  })
  .map(({ camera: name, startMs: at, hasThumbnail, lengthMs: long, ...rest }) => {
    const thumbnail = hasThumbnail ? Uint8Array.of(255, 216, long % 256) : undefined;
    const made = makeEvent(at, { camera: name, thumbnail, ...rest });
    return { ...made, untilWallMs: (made.fromWallMs + long) as WallMs };
  });
const stream = fc.constantFrom('main' as const, 'sub' as const);
const fallback = fc.record({
  camera,
  stream,
  addressHash: fc.string({ maxLength: 4 }),
  reason: fc.string({ maxLength: 4 }),
  sinceWallMs: moment,
  triedWallMs: moment,
});
const gap = fc
  .record({ camera, startMs, lengthMs, cause: fc.constantFrom('policy', 'retention', 'deleted') })
  .map(({ camera: name, startMs: at, lengthMs: long, cause }) =>
    makeGap(at, at + long, { camera: name, cause }),
  );
const write: fc.Arbitrary<IndexWrite> = fc.oneof(
  { weight: 6, arbitrary: segment.map((one) => ({ type: 'segment', segment: one }) as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('discard' as const),
      files,
      cause: fc.constantFrom('retention', 'deleted'),
    }),
  },
  { weight: 1, arbitrary: files.map((gone) => ({ type: 'discarded', files: gone }) as const) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('moved' as const), from: file, to: file }) },
  { weight: 2, arbitrary: event.map((one) => ({ type: 'event', event: one }) as const) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('keep' as const),
      camera,
      triggerWallMs: moment,
      isKept: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('event-deleted' as const), camera, triggerWallMs: moment }),
  },
  { weight: 2, arbitrary: gap.map((one) => ({ type: 'gap', gap: one }) as const) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('gap-withdrawn' as const), camera, startWallMs: moment }),
  },
  {
    weight: 2,
    arbitrary: fc
      // Around the change of an hour, and of the extents that are asked for.
      .record({
        camera,
        place: fc.integer({ min: -12, max: 12 }),
        intensity: fc.uint8Array({ minLength: 1, maxLength: 20 }),
      })
      .map(
        ({ place, ...rest }) =>
          ({ type: 'motion', motion: { ...rest, startWallMs: (NOON + place * 7_000) as WallMs } }) as const,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('fallback' as const), fallback }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('fallback-forgotten' as const), camera, stream }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('aged' as const), toWallMs: moment }) },
  {
    weight: 1,
    arbitrary: fc.record({ camera, startMs, lengthMs, isOpen: fc.boolean() }).map(
      (run) =>
        ({
          type: 'run',
          run: {
            camera: run.camera,
            startWallMs: (NOON + run.startMs) as WallMs,
            endWallMs: run.isOpen ? undefined : ((NOON + run.startMs + run.lengthMs) as WallMs),
            endKind: run.isOpen ? undefined : 'closed',
            endMessage: undefined,
          },
        }) as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('alive' as const), atWallMs: moment, isLeaving: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...VOLUMES)
      .map((id) => ({ type: 'volume', volume: { id, path: '/d' } }) as const),
  },
);
const extent: fc.Arbitrary<Extent> = fc
  .record({ from: moment, lengthMs, cameras: fc.option(fc.uniqueArray(camera), { nil: undefined }) })
  .map(({ from, lengthMs: long, cameras }) => ({
    fromWallMs: from,
    toWallMs: (from + long) as WallMs,
    ...(cameras && { cameras }),
  }));

const EVERYTHING: Extent = { fromWallMs: 0 as WallMs, toWallMs: (2 * NOON) as WallMs };

/** Everything that can be asked. */
function answers(index: ArchiveIndex, asked: Extent): unknown {
  const [anyCamera] = asked.cameras ?? [];
  return {
    volumes: index.volumes(),
    cameras: index.cameras(),
    segment: index.segment({ volume: 'volume-a', path: '3.mp4' }),
    segments: index.segments(asked),
    pages: [
      index.pathsAfter({ volume: 'volume-a', path: '' }, 100),
      index.pathsAfter({ volume: 'volume-a', path: '5.mp4' }, 2),
      index.segmentsByPath(undefined, 3),
      index.segmentsByPath({ volume: 'volume-a', path: '5.mp4' }, 4),
      index.segmentsByPath({ volume: 'volume-ab', path: '5.mp4' }, 100),
    ],
    open: index.openSegments(),
    oldest: [
      index.oldestSegments({ limit: 3 }),
      index.oldestSegments({ volume: 'volume-b', kind: 'event', limit: 9 }),
      index.oldestSegments({ holdsEvent: false, limit: 9 }),
      index.oldestSegments({ holdsEvent: true, isKept: false, limit: 9 }),
      index.oldestSegments({ isKept: true, limit: 9 }),
      index.oldestSegments({
        after: { startWallMs: asked.fromWallMs, volume: 'volume-a', path: '5.mp4' },
        limit: 9,
      }),
      index.oldestSegments({
        ...(anyCamera !== undefined && { camera: anyCamera }),
        beforeWallMs: asked.toWallMs,
        limit: 5,
      }),
    ],
    garbage: index.garbage(),
    runs: index.runs(asked),
    events: index.events(asked),
    eventPages: [
      {},
      { cause: 'motion' },
      { isKept: true },
      { after: { triggerWallMs: asked.toWallMs, camera: 'b' } },
    ].map((filter) =>
      index.eventPage({ ...asked, cameras: asked.cameras ?? index.cameras(), ...filter, limit: 3 }),
    ),
    gaps: index.gaps(asked),
    timeline: index.timeline(asked),
    motion: [index.motion(asked, 10_000), index.motion(EVERYTHING, 70_000)],
    usage: index.usage(),
    hours: index.recordedHours(asked),
    fallbacks: index.fallbacks(),
    agedTo: index.agedTo(),
    alive: index.lastAlive(),
  };
}

test('answers as plain arrays would after whatever was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(write, { maxLength: 12 }), { maxLength: 6 }),
      fc.array(extent, { minLength: 1, maxLength: 4 }),
      (batches, extents) => {
        const model = new ModelIndex();
        const index = SqliteIndex.open(':memory:');
        for (const batch of batches) {
          index.apply(batch);
          // What is not sure to have been applied is told again.
          if (batch.length % 3 === 0) index.apply(batch);
          model.apply(batch);
          if (batch.length % 3 === 0) model.apply(batch);
        }
        for (const asked of [EVERYTHING, ...extents])
          expect(answers(index, asked)).toEqual(answers(model, asked));
        index.close();
      },
    ),
    { numRuns: 150 },
  );
});

test('tells nothing new when everything is told again', () => {
  const upserts = fc.array(
    fc.oneof(
      segment.map((one) => ({ type: 'segment', segment: one }) as const),
      event.map((one) => ({ type: 'event', event: one }) as const),
      gap.map((one) => ({ type: 'gap', gap: one }) as const),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(upserts, extent, (writes, asked) => {
      const index = SqliteIndex.open(':memory:');
      index.apply(writes);
      const before = answers(index, asked);
      index.apply(writes);
      expect(answers(index, asked)).toEqual(before);
      index.close();
    }),
    { numRuns: 50 },
  );
});
