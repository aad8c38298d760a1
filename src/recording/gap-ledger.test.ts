import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import { account } from '../db/account.ts';
import type { Span } from '../db/archive-index.ts';
import type { GapRecord, SegmentRecord } from '../db/records.ts';
import { GapLedger, type GapLedgerOptions } from './gap-ledger.ts';
import type { Reason } from './missing-time.ts';
import { addSpan } from './spans.ts';
import { IndexOfGaps } from './testing/index-of-gaps.ts';

const START = Date.UTC(2026, 10, 20, 12);
const STARTING: Reason = { cause: 'starting', detail: '' };
const UNREACHABLE: Reason = { cause: 'unreachable', detail: 'connecting to 10.0.0.7:554 failed' };
const STALLED: Reason = { cause: 'stalled', detail: 'found no media for 8000 ms' };
const MOTION: Reason = { cause: 'policy', detail: 'no motion' };

let clock: SimulatedClock;
let index: IndexOfGaps;
let ended: GapRecord[];
let ledger: GapLedger;

function open(more: Partial<GapLedgerOptions> = {}): GapLedger {
  return new GapLedger({
    camera: 'yard',
    clock,
    fromWallMs: wallMs(START),
    tell: index.apply,
    onEnded: (gap) => ended.push(gap),
    initially: STARTING,
    ...more,
  });
}

beforeEach(() => {
  clock = new SimulatedClock(START);
  index = new IndexOfGaps();
  ended = [];
  ledger = open();
});

/** A segment from second to second since the start; `holes` from second to second. */
function segment(
  from: number,
  to: number,
  holes: readonly (readonly [number, number])[] = [],
): SegmentRecord {
  const edges = [from, ...holes.flat(), to];
  const fragments = edges.flatMap((edge, at) =>
    at % 2 === 1
      ? []
      : {
          offsetBytes: at,
          sizeBytes: 1,
          startMs: (edge - from) * 1000,
          durationMs: ((edges[at + 1] ?? edge) - edge) * 1000,
          isKey: true,
        },
  );
  return {
    volume: 'v',
    path: `yard/${from}.mp4`,
    camera: 'yard',
    runStartWallMs: wallMs(START),
    startWallMs: wallMs(START + from * 1000),
    endWallMs: wallMs(START + to * 1000),
    sizeBytes: 1,
    kind: 'continuous',
    isOpen: true,
    endedBy: undefined,
    video: { codec: 'avc1.64001f', widthPx: 640, heightPx: 360 },
    audio: undefined,
    fragments,
  };
}

async function pass(seconds: number, each: (second: number) => void = () => undefined): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1_000);
    ledger.settle();
    each(second);
  }
}

/** Passes time while everything is recorded, on disk three seconds later. */
async function record(from: number, to: number): Promise<void> {
  await pass(to - from, (second) => {
    if (second >= 4) ledger.recorded(segment(from, from + second - 3));
  });
  ledger.recorded(segment(from, to));
}

describe('a gap', () => {
  test('lasts from the recorder’s start to the first picture', async () => {
    await pass(2);
    ledger.playing();
    await record(2, 60);
    expect(index.since(START)).toEqual([[0, 2, 'starting']]);
  });

  test('has the cause of an attempt that failed from the beginning of the attempt on', async () => {
    await pass(10);
    ledger.away(UNREACHABLE, 10_000);
    await pass(1);
    expect(index.since(START)).toEqual([[0, 10, 'unreachable']]);
    expect(index.gaps[0]?.detail).toBe(UNREACHABLE.detail);
  });

  test('grows while it lasts, each time it is settled', async () => {
    ledger.away(UNREACHABLE);
    await pass(65);
    expect(index.since(START)).toEqual([[0, 64, 'unreachable']]);
    expect(index.writes).toBe(64);
  });

  test('begins with the last picture on disk, not when the silence is noticed', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(8);
    ledger.away(STALLED);
    await pass(2);
    ledger.playing();
    await record(30, 40);
    expect(index.since(START)).toEqual([[20, 30, 'stalled']]);
  });

  test('is told with the right cause as soon as the silence is noticed', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(8);
    ledger.away(STALLED);
    ledger.settle();
    expect(index.since(START)).toEqual([[20, 27, 'stalled']]);
  });

  test('is told once when it is over, with its full length', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.away(UNREACHABLE);
    await pass(30);
    ledger.playing();
    await record(50, 60);
    await pass(5);
    expect(ended).toEqual([
      {
        camera: 'yard',
        startWallMs: START + 20_000,
        endWallMs: START + 50_000,
        ...UNREACHABLE,
      },
    ]);
  });

  test('is none between two files of a run that are a picture apart', async () => {
    ledger.playing();
    await record(0, 20);
    await record(20.04, 40.04);
    expect(index.gaps).toEqual([]);
  });
});

test('a pause between files stays none when it is so old that nothing is reckoned before it', async () => {
  ledger.playing();
  let from = 0;
  await pass(900, (second) => {
    const to = second - 3;
    if (to - from < 20) return;
    ledger.recorded(segment(from, to - 0.6));
    from = to + 0.3;
  });
  expect(index.gaps).toEqual([]);
});

describe('a hole in the stream', () => {
  test('is `stalled` when nothing was noticed but that no picture came', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.recorded(segment(0, 30, [[22, 27]]));
    await pass(1);
    expect(index.since(START)).toEqual([[22, 27, 'stalled']]);
  });

  test('is the camera’s when packets were lost meanwhile', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(3);
    ledger.trouble('packets lost');
    await pass(4);
    ledger.trouble('packets lost');
    ledger.recorded(segment(0, 30, [[22, 27]]));
    await pass(1);
    expect(index.since(START)).toEqual([[22, 27, 'camera']]);
    expect(index.gaps[0]?.detail).toBe('packets lost');
  });
});

describe('a camera from which nothing is wanted', () => {
  test('has a gap of cause `policy`, which the pre-roll cuts', async () => {
    ledger.playing();
    ledger.idle(MOTION);
    await pass(60);
    expect(index.since(START)).toEqual([[0, 59, 'policy']]);
    ledger.idle(undefined);
    await pass(3);
    ledger.recorded(segment(54, 62));
    await pass(4);
    ledger.recorded(segment(54, 67));
    ledger.idle(MOTION);
    await pass(20);
    expect(index.since(START)).toEqual([
      [0, 54, 'policy'],
      [67, 86, 'policy'],
    ]);
  });

  test('has its gap withdrawn when a pre-roll reaches back to the event before', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.idle(MOTION);
    await pass(4);
    expect(index.since(START)).toEqual([[20, 23, 'policy']]);
    ledger.idle(undefined);
    await pass(3);
    ledger.recorded(segment(18, 27));
    await pass(1);
    expect(index.gaps).toEqual([]);
  });

  test('is unreachable rather than idle, but off rather than unreachable', async () => {
    ledger.idle(MOTION);
    ledger.away(UNREACHABLE);
    await pass(20);
    ledger.off({ cause: 'policy', detail: 'mode off' });
    await pass(20);
    ledger.off(undefined);
    await pass(12);
    expect(index.since(START)).toEqual([
      [0, 20, 'unreachable'],
      [20, 40, 'policy'],
      [40, 51, 'unreachable'],
    ]);
  });
});

describe('the disk', () => {
  test('accounts for what it did not take, up to the file that it takes', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(3);
    ledger.diskFailed('EIO');
    ledger.recorded({ ...segment(0, 21), isOpen: false });
    await pass(10);
    ledger.recorded(segment(31, 33));
    await pass(1);
    expect(index.since(START)).toEqual([[21, 31, 'disk']]);
    expect(index.gaps[0]?.detail).toBe('EIO');
  });

  test('that takes no new file is not well because it still takes the end of the one before', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(3);
    ledger.diskFailed('EIO');
    ledger.recorded(segment(0, 21));
    ledger.recorded({ ...segment(0, 21), isOpen: false });
    await pass(10);
    ledger.recorded(segment(31, 33));
    await pass(1);
    expect(index.since(START)).toEqual([[21, 31, 'disk']]);
  });

  test('is well again with the first footage of later, also when the clock was set back meanwhile', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.diskFailed('EIO');
    await pass(2);
    clock.jumpWall(-3_600_000);
    await pass(4);
    ledger.recorded(segment(-3_575, -3_573));
    await pass(4);
    const since = index.gaps.filter(({ cause, startWallMs }) => cause === 'disk' && startWallMs < START);
    expect(since.map(({ endWallMs }) => endWallMs - START)).toEqual([-3_575_000]);
  });

  test('accounts for what it does not confirm for long, until it does', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(31);
    expect(index.since(START)).toEqual([[20, 50, 'disk']]);
    ledger.recorded(segment(0, 48));
    await pass(1);
    expect(index.gaps).toEqual([]);
  });
});

describe('the host’s clock', () => {
  test('set forward leaps over time that is a gap of cause `clock`', async () => {
    ledger.playing();
    await record(0, 20);
    clock.jumpWall(3_600_000);
    await pass(2);
    ledger.recorded(segment(0, 22));
    ledger.recorded(segment(3622, 3630));
    await pass(1);
    expect(index.since(START)).toEqual([[22, 3622, 'clock']]);
  });

  test('set forward while the camera is away splits its gap', async () => {
    ledger.away(UNREACHABLE);
    await pass(20);
    clock.jumpWall(3_600_000);
    await pass(20);
    expect(index.since(START)).toEqual([
      // Noticed with the second that follows.
      [0, 21, 'unreachable'],
      [21, 3621, 'clock'],
      [3621, 3639, 'unreachable'],
    ]);
  });

  test('set back begins the account anew where it stands, and keeps what was told', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.away(UNREACHABLE);
    await pass(20);
    clock.jumpWall(-30_000);
    await pass(25);
    expect(index.since(START)).toEqual([
      [10.999, 11, 'clock'],
      [11, 34, 'unreachable'],
      [20, 41, 'unreachable'],
    ]);
    const span = { startWallMs: wallMs(START), endWallMs: wallMs(START + 41_000) };
    const recorded = [{ startWallMs: wallMs(START), endWallMs: wallMs(START + 20_000) }];
    expect(account(span, { recorded, gaps: index.gaps }).map(({ kind }) => kind)).toEqual([
      'recorded',
      'missing',
    ]);
  });

  test('set back while recording leaves no gap but up to the next key picture', async () => {
    ledger.playing();
    await record(0, 50);
    clock.jumpWall(-30_000);
    // Facts of the same moment change nothing about it.
    ledger.idle(undefined);
    await pass(3);
    ledger.recorded(segment(0, 52));
    ledger.recorded(segment(22, 23));
    await pass(20);
    ledger.recorded(segment(22, 43));
    await pass(1);
    expect(index.since(START)).toEqual([[19.999, 22, 'clock']]);
  });

  test('set forward and back again leaves what happens in between with its own cause', async () => {
    ledger.playing();
    await record(0, 20);
    clock.jumpWall(3_600_000);
    await pass(1);
    ledger.recorded(segment(0, 21));
    await pass(9);
    ledger.recorded(segment(3621, 3630));
    await pass(1);
    clock.jumpWall(-3_600_000);
    await pass(1);
    ledger.recorded(segment(3621, 3631));
    await pass(8);
    ledger.recorded(segment(32, 40));
    ledger.away(UNREACHABLE);
    await pass(20);
    ledger.playing();
    await record(60, 70);
    const recorded = [
      [0, 21],
      [32, 40],
      [60, 70],
      [3621, 3631],
    ].map(([from = 0, to = 0]) => ({
      startWallMs: wallMs(START + from * 1000),
      endWallMs: wallMs(START + to * 1000),
    }));
    const span = { startWallMs: wallMs(START), endWallMs: wallMs(START + 3_631_000) };
    const told = account(span, { recorded, gaps: index.gaps }).map((entry) => [
      (entry.endWallMs - START) / 1000,
      entry.kind === 'missing' ? entry.cause : entry.kind,
    ]);
    expect(told).toEqual([
      [21, 'recorded'],
      // Set forward, and set back.
      [31.999, 'clock'],
      [32, 'clock'],
      [40, 'recorded'],
      [60, 'unreachable'],
      [70, 'recorded'],
      [3621, 'clock'],
      [3631, 'recorded'],
    ]);
  });
});

describe('a recorder', () => {
  test('that was held up accounts for what it did not get', async () => {
    ledger.playing();
    await record(0, 20);
    await clock.advance(30_000);
    ledger.settle();
    ledger.recorded(segment(0, 22));
    ledger.recorded(segment(51, 55));
    await pass(1);
    expect(index.since(START)).toEqual([[22, 51, 'overload']]);
  });

  test('tells its ledger again to an index that has forgotten it', async () => {
    ledger.playing();
    await record(0, 20);
    ledger.away(UNREACHABLE);
    await pass(30);
    ledger.playing();
    await record(50, 70);
    const told = index.since(START);
    index.forget();
    expect(ledger.retell()).toBe(START);
    await pass(1);
    expect(index.since(START)).toEqual(told);
    expect(ended).toHaveLength(1);
  });

  test('that stops leaves an account up to the end', async () => {
    ledger.playing();
    await record(0, 20);
    await pass(1);
    ledger.stopping();
    await clock.advance(500);
    ledger.recorded(segment(0, 21));
    ledger.finish();
    expect(index.since(START)).toEqual([[21, 21.5, 'shutdown']]);
  });

  test('that was disabled for a camera says so from the beginning', async () => {
    ledger = open({ initially: { cause: 'disabled', detail: '' } });
    await pass(3 * 3600);
    expect(index.since(START)).toEqual([[0, 3 * 3600 - 1, 'disabled']]);
    ledger.stopping();
    ledger.finish();
    expect(index.since(START)).toEqual([[0, 3 * 3600, 'disabled']]);
  });
});

type Fact =
  | 'playing'
  | 'away'
  | 'late'
  | 'stalled'
  | 'idle'
  | 'wanted'
  | 'off'
  | 'on'
  | 'disk'
  | 'trouble'
  | 'confirm'
  | 'hang';

const FACTS: readonly Fact[] = [
  'playing',
  'playing',
  'away',
  'late',
  'stalled',
  'idle',
  'wanted',
  'wanted',
  'off',
  'on',
  'disk',
  'trouble',
  'confirm',
  'confirm',
  'confirm',
  'hang',
];

test('whatever happens, every moment is recorded or has one cause', async () => {
  const step = fc.record({
    fact: fc.constantFrom(...FACTS),
    waitMs: fc.integer({ min: 0, max: 40_000 }),
    backMs: fc.integer({ min: 0, max: 30_000 }),
    lengthMs: fc.integer({ min: 1, max: 30_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      clock = new SimulatedClock(START);
      index = new IndexOfGaps();
      ledger = open();
      let recorded: readonly Span[] = [];
      for (const { fact, waitMs, backMs, lengthMs } of steps) {
        switch (fact) {
          case 'playing':
            ledger.playing();
            break;
          case 'away':
            ledger.away(UNREACHABLE);
            break;
          case 'late':
            ledger.away(UNREACHABLE, backMs);
            break;
          case 'stalled':
            ledger.away(STALLED);
            break;
          case 'idle':
            ledger.idle(MOTION);
            break;
          case 'wanted':
            ledger.idle(undefined);
            break;
          case 'off':
            ledger.off({ cause: 'policy', detail: 'mode off' });
            break;
          case 'on':
            ledger.off(undefined);
            break;
          case 'disk':
            ledger.diskFailed('EIO');
            break;
          case 'trouble':
            ledger.trouble('packets lost');
            break;
          case 'confirm': {
            const now = clock.wallMs() - START;
            const from = Math.max(0, now - backMs - lengthMs) / 1000;
            const to = Math.max(from, Math.max(0, now - backMs) / 1000);
            ledger.recorded(segment(from, to));
            if (to > from) {
              const span = { startWallMs: wallMs(START + from * 1000), endWallMs: wallMs(START + to * 1000) };
              recorded = addSpan(recorded, span);
            }
            break;
          }
          case 'hang':
            await clock.advance(waitMs);
            break;
        }
        await pass(Math.floor(waitMs / 1000));
        await clock.advance(waitMs % 1000);
      }
      ledger.stopping();
      ledger.finish();
      expectPartition(recorded, index.gaps, START, clock.wallMs());
    }),
    { numRuns: 300 },
  );
});

/** Recorded spans and gaps cover the time without overlap, but for pauses of a second between recorded spans. */
function expectPartition(
  recorded: readonly Span[],
  gaps: readonly Span[],
  fromMs: number,
  toMs: number,
): void {
  const isRecorded = new Set(recorded);
  const all = [...recorded, ...gaps].toSorted((a, b) => a.startWallMs - b.startWallMs);
  let atMs = fromMs;
  let before: Span | undefined;
  for (const span of all) {
    const isPause = before !== undefined && isRecorded.has(before) && isRecorded.has(span);
    expect(span.startWallMs - atMs).toBeGreaterThanOrEqual(0);
    expect(span.startWallMs - atMs).toBeLessThanOrEqual(isPause ? 1000 : 0);
    atMs = span.endWallMs;
    before = span;
  }
  expect(atMs).toBe(toMs);
}
