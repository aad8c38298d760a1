import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { LONGEST_PAUSE_MS, pauseAfter, StreamPace, type Turns } from './stream-pace.ts';

class Connection {
  readonly told: string[] = [];

  readInTurns(turns: Turns | undefined): void {
    this.told.push(turns === undefined ? 'at once' : 'in turns');
  }
}

test('reads in turns but while somebody is in a hurry', () => {
  const pace = new StreamPace(new SimulatedClock());
  const connection = new Connection();
  pace.begin(connection);
  const first = pace.hurry();
  const second = pace.hurry();
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(connection.told).toEqual(['in turns', 'at once']);
  second[Symbol.dispose]();
  expect(connection.told).toEqual(['in turns', 'at once', 'in turns']);
  pace.end(connection);
});

test('a new connection is read as the one before it', () => {
  const pace = new StreamPace(new SimulatedClock());
  const [first, second] = [new Connection(), new Connection()];
  using _ = pace.hurry();
  pace.begin(first);
  pace.end(first);
  pace.begin(second);
  pace.end(first);
  expect(first.told).toEqual(['at once', 'at once']);
  expect(second.told).toEqual(['at once']);
  pace.end(second);
});

test('gives all streams that pause equally long their turn at the same time', async () => {
  const clock = new SimulatedClock();
  const [first, second] = [new StreamPace(clock), new StreamPace(clock)];
  const turns: string[] = [];
  await clock.advance(30);
  first.pause(200, () => turns.push(`a at ${clock.monotonicMs()}`));
  await clock.advance(100);
  second.pause(200, () => turns.push(`b at ${clock.monotonicMs()}`));
  second.pause(50, () => turns.push(`c at ${clock.monotonicMs()}`));
  await clock.advance(1_000);
  expect(turns).toEqual(['c at 150', 'a at 200', 'b at 200']);
});

test('a pause that begins on a turn lasts until the next', async () => {
  const clock = new SimulatedClock();
  await clock.advance(200);
  let readAtMs = 0;
  new StreamPace(clock).pause(200, () => {
    readAtMs = clock.monotonicMs();
  });
  await clock.advance(1_000);
  expect(readAtMs).toBe(400);
});

test('pauses begin short and grow', () => {
  const after = (sinceMs: number) => pauseAfter(sinceMs, LONGEST_PAUSE_MS);
  expect([0, 999, 1_000, 2_000, 3_000, 4_000, 1e9].map(after)).toEqual([25, 25, 50, 100, 200, 400, 400]);
  expect(pauseAfter(Number.MAX_SAFE_INTEGER, 1_600)).toBe(1_600);
});

const ignore = () => undefined;

/** The longest pauses of so many streams of this kind, all of which are only recorded. */
function longestPausesMs(streams: number, gopMs: number, gopBytes: number): number[] {
  const paces = Array.from({ length: streams }, () => new StreamPace(new SimulatedClock(), ignore));
  const connections = paces.map((pace) => {
    const connection = new Connection();
    pace.begin(connection);
    return connection;
  });
  const pauses = paces.map((pace) => {
    pace.keyPicture(9_000, 5e6);
    expect(pace.longestPauseMs).toBe(400);
    pace.keyPicture(9_000 + gopMs, 5e6 + gopBytes);
    return pace.longestPauseMs;
  });
  for (const [index, connection] of connections.entries()) paces[index]?.end(connection);
  return pauses;
}

test.each([
  { what: 'a GOP of two seconds', gopMs: 1_990, gopBytes: 1e6, pauseMs: 1_600 },
  { what: 'a long GOP', gopMs: 10_000, gopBytes: 5e6, pauseMs: 1_600 },
  { what: 'a GOP of one second', gopMs: 990, gopBytes: 5e5, pauseMs: 800 },
  { what: 'a short GOP', gopMs: 500, gopBytes: 2.5e5, pauseMs: 400 },
  { what: 'more data', gopMs: 2_000, gopBytes: 2e6, pauseMs: 800 },
  { what: 'much data', gopMs: 2_000, gopBytes: 3e6, pauseMs: 400 },
  { what: 'a clock that goes back', gopMs: -5_000, gopBytes: 1e6, pauseMs: 400 },
])('$what: the longest pause is $pauseMs ms', ({ gopMs, gopBytes, pauseMs }) => {
  expect(longestPausesMs(1, gopMs, gopBytes)).toEqual([pauseMs]);
});

test('what many streams have unread together is bounded, and does not count those that have ended', () => {
  expect(new Set(longestPausesMs(64, 2_000, 1e6))).toEqual(new Set([400]));
  expect(new Set(longestPausesMs(32, 2_000, 1e6))).toEqual(new Set([800]));
  expect(new Set(longestPausesMs(16, 2_000, 1e6))).toEqual(new Set([1_600]));
});

test('a stream in which motion is looked for pauses as usual meanwhile, whatever its GOPs', () => {
  const pace = new StreamPace(new SimulatedClock(), ignore);
  const connection = new Connection();
  pace.begin(connection);
  pace.keyPicture(0, 0);
  pace.keyPicture(2_000, 1_000);
  const onlyRecordedMs = pace.longestPauseMs;
  expect(onlyRecordedMs).toBeGreaterThan(LONGEST_PAUSE_MS);
  pace.isAnalysed = true;
  expect(pace.longestPauseMs).toBe(LONGEST_PAUSE_MS);
  pace.isAnalysed = false;
  expect(pace.longestPauseMs).toBe(onlyRecordedMs);
  pace.end(connection);
});

test('a stream that is not only recorded never pauses longer, nor does a new connection at first', () => {
  const [watched, recorded] = [
    new StreamPace(new SimulatedClock()),
    new StreamPace(new SimulatedClock(), ignore),
  ];
  for (const pace of [watched, recorded]) {
    pace.keyPicture(0, 0);
    pace.keyPicture(4_000, 1e6);
  }
  expect([watched, recorded].map(({ longestPauseMs }) => longestPauseMs)).toEqual([400, 1_600]);
  const connection = new Connection();
  recorded.begin(connection);
  expect(recorded.longestPauseMs).toBe(400);
  recorded.end(connection);
});

test('tells with each pause that all is read, and when what comes next is read at once', () => {
  const told: boolean[] = [];
  const pace = new StreamPace(new SimulatedClock(), (isLongPause) => told.push(isLongPause));
  const connection = new Connection();
  pace.begin(connection);
  for (const pauseMs of [400, 800, 1_600]) pace.pause(pauseMs, ignore);
  expect(told.splice(0)).toEqual([false, true, true]);
  pace.hurry();
  pace.end(connection);
  expect(told).toEqual([false, false]);
});
