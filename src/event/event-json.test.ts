import { describe, expect, it } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { Event } from './event.ts';
import { eventJson } from './event-json.ts';

const trigger = {
  wallMs: wallMs(10_000),
  score: 1_800,
  boxes: [{ x: 1 / 3, y: 0.5, width: 0.12345, height: 0.25 }],
  zones: ['path'],
};

const event: Event = {
  camera: 'yard',
  triggerWallMs: wallMs(10_000),
  continues: wallMs(1_000),
  causes: ['motion'],
  fromWallMs: wallMs(5_000),
  untilWallMs: wallMs(23_000),
  trigger,
  peak: { wallMs: wallMs(11_000), score: 5_000, boxes: [], zones: ['door', 'path'] },
  lastMotionWallMs: wallMs(11_000),
  motionSamples: 2,
  zones: ['path', 'door'],
};

describe('eventJson', () => {
  it('tells times as text, boxes rounded, and the zones of the event and of its peak', () => {
    expect(eventJson(event)).toEqual({
      id: '1970-01-01T00:00:10.000Z',
      causes: ['motion'],
      continues: '1970-01-01T00:00:01.000Z',
      trigger: '1970-01-01T00:00:10.000Z',
      from: '1970-01-01T00:00:05.000Z',
      until: '1970-01-01T00:00:23.000Z',
      lastMotion: '1970-01-01T00:00:11.000Z',
      motionSamples: 2,
      zones: ['path', 'door'],
      score: 1_800,
      boxes: [{ x: 0.3333, y: 0.5, width: 0.1235, height: 0.25 }],
      peak: { time: '1970-01-01T00:00:11.000Z', score: 5_000, boxes: [], zones: ['door', 'path'] },
    });
  });

  it('has no scores, boxes and zones for an event that nothing was seen of', () => {
    const unseen = { continues: undefined, trigger: undefined, peak: undefined, lastMotionWallMs: undefined };
    const json = eventJson({ ...event, ...unseen, causes: ['unwatched'], motionSamples: 0, zones: [] });
    expect(json).toMatchObject({ causes: ['unwatched'], score: undefined, boxes: [], zones: [] });
    expect(json).toMatchObject({ peak: undefined, lastMotion: undefined });
  });
});
