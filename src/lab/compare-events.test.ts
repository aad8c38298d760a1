import { expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Event } from '../event/event.ts';
import { compareEvents, describeChange } from './compare-events.ts';

/** From one second to another. */
function event(from: number, to: number, score = 1): Event {
  const at = wallMs(from * 1000);
  const moment = { wallMs: at, score, boxes: [], zones: [] };
  return {
    camera: 'yard',
    triggerWallMs: at,
    continues: undefined,
    causes: ['motion'],
    fromWallMs: at,
    untilWallMs: wallMs(to * 1000),
    trigger: moment,
    peak: moment,
    lastMotionWallMs: at,
    motionSamples: 1,
    zones: [],
  };
}

function verdicts(present: readonly Event[], tried: readonly Event[]): string[] {
  return compareEvents(present, tried).map((row) => [row.verdict, describeChange(row)].join(' ').trim());
}

test('tells what stays, appears and vanishes, in order of time', () => {
  const present = [event(10, 20), event(50, 60)];
  const tried = [event(10, 20), event(30, 40)];
  expect(verdicts(present, tried)).toEqual(['same', 'appears', 'vanishes']);
  expect(verdicts([], [])).toEqual([]);
});

test('an event is the same whatever its score', () => {
  expect(verdicts([event(10, 20, 1_500)], [event(10, 20, 3)])).toEqual(['same']);
});

test('says how an event changes', () => {
  expect(verdicts([event(10, 20)], [event(10.4, 20)])).toEqual(['changes begins 0.4 s later']);
  expect(verdicts([event(10, 20)], [event(9, 22.5)])).toEqual([
    'changes begins 1.0 s earlier, ends 2.5 s later',
  ]);
});

test('events that grow together or fall apart are one change', () => {
  expect(verdicts([event(10, 20), event(25, 35)], [event(10, 40)])).toEqual(['changes 2 become 1']);
  expect(verdicts([event(10, 40)], [event(10, 20), event(20, 35)])).toEqual(['changes 1 become 2']);
});

test('an event that begins where another ends is one of its own', () => {
  expect(verdicts([event(10, 20)], [event(20, 30)])).toEqual(['vanishes', 'appears']);
});
