import { expect, test } from 'vitest';
import { compareEvents, eventOfKey, indexOfEvent, keyOf, pathOf } from './event-key.ts';

test('a key names its event, whatever the camera is called', () => {
  const event = { camera: 'front: left', triggerMs: 1_795_834_800_000 };
  expect(eventOfKey(keyOf(event))).toEqual(event);
  expect(pathOf(event)).toBe('front%3A%20left/1795834800000');
});

test('each event is found where it lies, and none that is not there', () => {
  const events = Array.from({ length: 60 }, (_, i) => ({
    camera: i % 2 === 0 ? 'gate' : 'yard',
    triggerMs: Math.floor(i / 3),
  })).toSorted(compareEvents);
  const apart = events.filter((event, i) => i === 0 || compareEvents(event, events[i - 1] ?? event) !== 0);
  for (const [index, event] of apart.entries()) expect(indexOfEvent(apart, event)).toBe(index);
  expect(indexOfEvent(apart, { camera: 'attic', triggerMs: 5 })).toBe(-1);
  expect(indexOfEvent([], { camera: 'yard', triggerMs: 5 })).toBe(-1);
});
