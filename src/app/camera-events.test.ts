import { expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { IndexWrite } from '../db/index-write.ts';
import { CameraEvents } from './camera-events.ts';
import { CameraHistory } from './camera-history.ts';

const SETTINGS = {
  initialWaitMs: 0,
  minimalDurationMs: 1_000,
  preRollMs: 2_000,
  postRollMs: 3_000,
  maximalLengthMs: 60_000,
  at: [],
  loud: undefined,
};

function setUp() {
  const clock = new SimulatedClock();
  const journal: string[] = [];
  const seconds = (wall: number) => (wall - startMs) / 1_000;
  const startMs = clock.wallMs();
  const events = new CameraEvents({
    config: { name: 'yard', event: SETTINGS },
    recorder: {
      keepFrom: (from) => journal.push(`keep from ${seconds(from)}`),
      keepUntil: (until) => journal.push(`keep until ${seconds(until)}`),
      splitEventFile: () => journal.push('split'),
      markEvent: (id, mark) => journal.push(`mark ${id} ${JSON.stringify(mark)}`),
      forgetEvent: (id) => journal.push(`forget ${id}`),
    },
    history: new CameraHistory('yard', (write: IndexWrite) => journal.push(`index: ${write.type}`)),
    onEvent: (change) => journal.push(change),
    clock,
    log: silentLog,
  });
  events.tracker.unwatched(clock.wallMs());
  events.tracker.connected(clock.wallMs());
  return { clock, journal, events };
}

test('an event is kept in footage and index and told, from its pre-roll to its post-roll', async () => {
  const { clock, journal, events } = setUp();
  expect(events.start('bell', 5_000)).toBe('started');
  expect(journal.splice(0)).toEqual(['index: event', 'keep from -2', 'begun']);
  expect(events.held).toEqual(['bell']);
  await clock.advance(5_000);
  expect(events.held).toEqual([]);
  events.tracker.advance(wallMs(clock.wallMs() + 3_001));
  expect(journal).toEqual(['index: event', 'keep until 8', 'ended']);
});

test('what grows is told when it is asked for, and only if it has grown', () => {
  const { journal, events } = setUp();
  events.start('bell', undefined);
  journal.length = 0;
  events.tellGrowth();
  expect(journal).toEqual([]);
  events.start('gate', undefined);
  events.tellGrowth();
  expect(journal).toEqual(['index: event', 'updated']);
});

test('a program that makes up causes does not make an event grow without end', () => {
  const { events } = setUp();
  const outcomes = Array.from({ length: 20 }, (_, i) => events.start(`cause-${i}`, undefined));
  expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(16);
  expect(events.start('cause-3', undefined)).toBe('started');
  expect(events.stop('cause-19')).toBe('not-started');
  expect(events.stop('cause-3')).toBe('stopped');
});

test('what is being written tells of an event that is kept, let go again or deleted', () => {
  const { clock, journal, events } = setUp();
  const trigger = clock.wallMs();
  events.mark(trigger, true);
  events.mark(trigger, false);
  events.forget(trigger);
  const id = new Date(trigger).toISOString();
  expect(journal).toEqual([`mark ${id} {"kept":true}`, `mark ${id} {}`, `forget ${id}`]);
});
