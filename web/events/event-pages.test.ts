import { expect, test } from 'vitest';
import type { EventsAnswer, EventSummaryJson } from '../../src/http/api/events.ts';
import { ALL_EVENTS } from './event-filter.ts';
import { withNewestPage } from './event-pages.ts';

function event(triggerMs: number, different: Partial<EventSummaryJson> = {}): EventSummaryJson {
  return {
    camera: 'yard',
    triggerMs,
    startMs: triggerMs,
    endMs: triggerMs + 10,
    isOpen: false,
    causes: ['motion'],
    zones: [],
    peakScore: null,
    isKept: false,
    isSeen: false,
    note: null,
    ...different,
  };
}

const page = (triggers: readonly number[], next: string | null): EventsAnswer => ({
  events: triggers.map((trigger) => event(trigger)),
  next,
});
const triggersOf = (pages: readonly EventsAnswer[]) =>
  pages.map(({ events }) => events.map((one) => one.triggerMs));

test('takes in what is new and what has changed, and leaves further pages alone', () => {
  const longer = { events: [event(60), event(50, { endMs: 99 }), event(40)], next: '40:yard' };
  const pages = withNewestPage([page([50, 40, 30], '30:yard'), page([20, 10], null)], longer, ALL_EVENTS);
  expect(triggersOf(pages)).toEqual([
    [60, 50, 40, 30],
    [20, 10],
  ]);
  expect(pages[0]?.events[1]?.endMs).toBe(99);
  expect(pages.map(({ next }) => next)).toEqual(['30:yard', null]);
});

test('what somebody else has deleted goes', () => {
  expect(
    triggersOf(withNewestPage([page([50, 40, 30], '30:yard')], page([50, 30], '30:yard'), ALL_EVENTS)),
  ).toEqual([[50, 30]]);
  expect(triggersOf(withNewestPage([page([50, 40], null)], page([50], null), ALL_EVENTS))).toEqual([[50]]);
  expect(triggersOf(withNewestPage([], page([50], null), ALL_EVENTS))).toEqual([[50]]);
});

test('what was just seen stays among the unseen', () => {
  const seen = { events: [event(50), event(40, { isSeen: true })], next: null };
  const pages = withNewestPage([seen], page([60, 50], null), { ...ALL_EVENTS, show: 'unseen' });
  expect(triggersOf(pages)).toEqual([[60, 50, 40]]);
});
