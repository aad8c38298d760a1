import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Extent } from './archive-index.ts';
import { SqliteIndex } from './sqlite-index.ts';
import { makeEvent, makeGap, makeSegment, NOON, VOLUME } from './testing/records.ts';

const MINUTE = 60_000;
const ALWAYS: Extent = { fromWallMs: wallMs(0), toWallMs: wallMs(4e12) };

let index: SqliteIndex;
beforeEach(() => (index = SqliteIndex.open(':memory:')));
afterEach(() => index.close());

/** Where the yard has footage, in ms after noon. */
function recorded(): readonly (readonly [number, number])[] {
  const [timeline] = index.timeline({ ...ALWAYS, cameras: ['yard'] });
  return (timeline?.recorded ?? []).map((span) => [span.startWallMs - NOON, span.endWallMs - NOON]);
}

function put(...minutes: readonly number[]): void {
  index.apply(minutes.map((minute) => ({ type: 'segment', segment: makeSegment(minute * MINUTE) })));
}

function discard(...minutes: readonly number[]): void {
  const files = minutes.map((minute) => ({ volume: VOLUME, path: makeSegment(minute * MINUTE).path }));
  index.apply([{ type: 'discard', files, cause: 'retention' }]);
}

describe('recorded spans', () => {
  test('are one for segments that touch, in whatever order they come', () => {
    put(0, 2, 4);
    expect(recorded()).toHaveLength(3);
    put(3, 1);
    expect(recorded()).toEqual([[0, 5 * MINUTE]]);
  });

  test.each([
    [50, 1],
    [51, 2],
  ])('of segments %i ms apart are %i, whichever comes first', (apartMs, spans) => {
    put(0, 10);
    const after = makeSegment(MINUTE + apartMs);
    const endWallMs = wallMs(NOON + 10 * MINUTE - apartMs);
    const before = makeSegment(9 * MINUTE, { endWallMs, fragments: [] });
    index.apply([after, before].map((segment) => ({ type: 'segment', segment })));
    expect(recorded()).toHaveLength(2 * spans);
  });

  test('grow with a segment that grows', () => {
    for (const seconds of [2, 4, 6]) {
      const endWallMs = wallMs(NOON + 1_000 * seconds);
      index.apply([{ type: 'segment', segment: makeSegment(0, { endWallMs, isOpen: true, fragments: [] }) }]);
      expect(recorded()).toEqual([[0, 1_000 * seconds]]);
    }
  });

  test('are cut where a segment is discarded', () => {
    put(0, 1, 2, 3);
    discard(1);
    expect(recorded()).toEqual([
      [0, MINUTE],
      [2 * MINUTE, 4 * MINUTE],
    ]);
  });

  test('stay with a segment that moves', () => {
    put(0, 1);
    const from = { volume: VOLUME, path: makeSegment(0).path };
    const to = { volume: 'another', path: 'yard/elsewhere.mp4' };
    index.apply([{ type: 'moved', from, to }]);
    expect(recorded()).toEqual([[0, 2 * MINUTE]]);
    expect(index.garbage()).toEqual([from]);
    expect(index.segment(from)).toBeUndefined();
    expect(index.segment(to)).toEqual({ ...makeSegment(0), ...to });
    expect(index.usage().map(({ volume, segments }) => [volume, segments])).toEqual([
      [VOLUME, 1],
      ['another', 1],
    ]);
  });
});

describe('discarding', () => {
  test('leaves one gap for a day that retention takes segment by segment', () => {
    const minutes = Array.from({ length: 1_440 }, (_, minute) => minute);
    put(...minutes);
    for (const minute of minutes) discard(minute);
    expect(index.gaps(ALWAYS)).toEqual([makeGap(0, 1_440 * MINUTE, { cause: 'retention', detail: '' })]);
    expect(index.garbage()).toHaveLength(1_440);
    expect(recorded()).toEqual([]);
    expect(index.usage()).toEqual([]);
    expect(index.recordedHours(ALWAYS)).toEqual([]);
  });

  test('leaves no gap where another segment covers the same time', () => {
    put(0);
    const double = makeSegment(0, {
      path: 'yard/double.mp4',
      kind: 'event',
      startWallMs: wallMs(NOON + 20_000),
    });
    index.apply([{ type: 'segment', segment: double }]);
    discard(0);
    expect(index.gaps(ALWAYS)).toEqual([makeGap(0, 20_000, { cause: 'retention', detail: '' })]);
  });

  test('spares what is open or kept from retention, and not from whoever deletes by hand', () => {
    const open = makeSegment(0, { isOpen: true });
    const kept = makeSegment(MINUTE);
    index.apply([
      { type: 'segment', segment: open },
      { type: 'segment', segment: kept },
      { type: 'event', event: makeEvent(90_000, { isKept: true }) },
    ]);
    discard(0, 1);
    expect(index.segments(ALWAYS)).toEqual([open, kept]);
    index.apply([{ type: 'discard', files: [open, kept], cause: 'deleted' }]);
    expect(index.segments(ALWAYS)).toEqual([]);
  });

  test('forgets garbage once it is gone, and when its name is used again', () => {
    put(0, 1);
    discard(0, 1);
    expect(index.garbage()).toHaveLength(2);
    index.apply([{ type: 'discarded', files: [makeSegment(0)] }]);
    put(1);
    expect(index.garbage()).toEqual([]);
  });
});

test('an event that comes, grows and is kept changes what its segments hold, and no others', () => {
  put(0, 1, 2);
  const holds = () =>
    index.oldestSegments({ limit: 9 }).map((one) => (one.isKept ? 'kept' : one.holdsEvent ? 'event' : ''));
  const event = makeEvent(30_000, { untilWallMs: wallMs(NOON + 40_000) });
  index.apply([{ type: 'event', event }]);
  expect(holds()).toEqual(['event', '', '']);
  index.apply([{ type: 'event', event: { ...event, untilWallMs: wallMs(NOON + 90_000) } }]);
  expect(holds()).toEqual(['event', 'event', '']);
  index.apply([{ type: 'keep', camera: 'yard', triggerWallMs: event.triggerWallMs, isKept: true }]);
  expect(holds()).toEqual(['kept', 'kept', '']);
  expect(index.usage().map(({ holdsEvent, segments }) => [holdsEvent, segments])).toEqual([
    [false, 1],
    [true, 2],
  ]);
});

test('nothing of a batch is applied when one of its changes cannot be', () => {
  const impossible = makeSegment(MINUTE, { sizeBytes: Number.NaN });
  const batch = [
    { type: 'segment', segment: makeSegment(0) },
    { type: 'segment', segment: impossible },
  ] as const;
  expect(() => index.apply(batch)).toThrow('NOT NULL');
  expect(index.segments(ALWAYS)).toEqual([]);
  expect(index.cameras()).toEqual([]);
});

test('finds what overlaps a moment, however long it is and whatever else there is', () => {
  const year = 365 * 86_400_000;
  index.apply([
    { type: 'gap', gap: makeGap(-year, 1, { cause: 'disabled' }) },
    { type: 'gap', gap: makeGap(-90_000, -60_000) },
    { type: 'gap', gap: makeGap(-3 * 86_400_000, 5, { cause: 'policy' }) },
    { type: 'gap', gap: makeGap(-60_000, 0, { cause: 'stalled' }) },
    { type: 'gap', gap: makeGap(5, 6) },
  ]);
  const now = { fromWallMs: wallMs(NOON), toWallMs: wallMs(NOON + 5) };
  expect(index.gaps(now).map(({ cause }) => cause)).toEqual(['disabled', 'policy']);
});

const HOSTILE = [
  `'; DROP TABLE segment; --`,
  `" OR 1=1 --`,
  `x'); DELETE FROM camera WHERE ('1'='1`,
  `%' OR name LIKE '%`,
  `$camera_id`,
  `?1`,
  `\\'; ATTACH DATABASE '/tmp/x' AS x; --`,
  `yard\n\t; PRAGMA writable_schema = 1;`,
  `{"$": "[0]"}`,
  `ÿ\u{1F4F9}`,
];

test('text is text, whatever it says and wherever it stands', () => {
  for (const [place, text] of HOSTILE.entries()) {
    const key = { volume: text, path: `${text}/${text}.mp4` };
    const segment = makeSegment(place * MINUTE, {
      ...key,
      camera: text,
      endedBy: text,
      video: { codec: text, widthPx: 1, heightPx: 1 },
      audio: { codec: text, sampleRateHz: 1, channels: 1 },
    });
    const event = makeEvent(place * MINUTE, {
      camera: text,
      causes: [text, 'motion'],
      zones: [text],
      detail: { [text]: text },
    });
    const gap = makeGap(place * MINUTE, place * MINUTE + 1, { camera: text, detail: text });
    const startWallMs = wallMs(NOON + place);
    const run = { camera: text, startWallMs, endWallMs: startWallMs, endKind: text, endMessage: text };
    index.apply([
      { type: 'volume', volume: { id: text, path: text } },
      { type: 'run', run },
      { type: 'segment', segment },
      { type: 'event', event },
      { type: 'gap', gap },
      { type: 'keep', camera: text, triggerWallMs: event.triggerWallMs, isKept: true },
    ]);
    const extent = { ...ALWAYS, cameras: [text] };
    expect(index.segment(key)).toEqual(segment);
    expect(index.segments(extent)).toEqual([segment]);
    expect(index.events(extent)).toEqual([{ ...event, isKept: true }]);
    expect(index.gaps(extent)).toEqual([gap]);
    expect(index.runs(extent)).toEqual([run]);
    expect(index.timeline(extent)).toMatchObject([
      { camera: text, events: [{ causes: [text, 'motion'], zones: [text] }] },
    ]);
    expect(index.oldestSegments({ camera: text, volume: text, limit: 9 })).toMatchObject([key]);
    expect(index.segmentsByPath({ volume: text, path: text }, 1)).toEqual([segment]);
    expect(index.volumes()).toContainEqual({ id: text, path: text });
  }
  const others = { ...ALWAYS, cameras: [`yard' OR '1'='1`, '%', '*'] };
  expect(index.segments(others)).toEqual([]);
  expect(index.timeline(others)).toEqual([]);
  expect(index.cameras().toSorted()).toEqual(HOSTILE.toSorted());
  index.apply([
    { type: 'discard', files: HOSTILE.map((text) => ({ volume: text, path: text })), cause: 'deleted' },
  ]);
  expect(index.segments(ALWAYS)).toHaveLength(HOSTILE.length);
  expect(index.integrityProblems()).toEqual([]);
});
