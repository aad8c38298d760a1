import { describe, expect, test } from 'vitest';
import { eventBars, gapBars, motionColumns, recordedBars } from './bars.ts';
import { commandOf } from './keys.ts';
import { heightFor, laneAt, lanesOf } from './lanes.ts';
import { showing } from './view.ts';

/** A pixel a second. */
const view = showing(100, 100_000, 0, 0);
const clip = { fromPx: -2, toPx: 102 };
const span = (startS: number, endS: number) => ({ startMs: startS * 1_000, endMs: endS * 1_000 });

describe('bars', () => {
  test('what touches to the eye is one bar, and what is outside none', () => {
    const recorded = [span(-50, -10), span(10, 20), span(20.3, 30), span(40, 50), span(200, 300)];
    expect(
      recordedBars(
        recorded.map((one) => ({ ...one, share: 1 })),
        view,
        clip,
      ),
    ).toEqual([
      { xPx: 10, widthPx: 20, share: 1 },
      { xPx: 40, widthPx: 10, share: 1 },
    ]);
  });

  test('bars end at the edges of what is to be drawn', () => {
    expect(recordedBars([{ ...span(-50, 500), share: 1 }], view, { fromPx: 5, toPx: 60 })).toEqual([
      { xPx: 5, widthPx: 55, share: 1 },
    ]);
  });

  test('what is recorded in part is told apart from the whole', () => {
    const parts = [
      { ...span(0, 10), share: 0.42 },
      { ...span(10, 20), share: 0.44 },
      { ...span(20, 30), share: 1 },
    ];
    expect(recordedBars(parts, view, clip).map(({ share }) => share)).toEqual([0.5, 1]);
  });

  test('trouble is seen however short it was, and told apart from what was configured', () => {
    const gaps = [
      { ...span(10, 10.1), cause: 'unreachable', detail: '' },
      { ...span(20, 30), cause: 'policy', detail: 'mode motion' },
      { ...span(40, 50), cause: 'retention', detail: '' },
    ];
    expect(gapBars(gaps, view, clip)).toEqual([
      { xPx: 10, widthPx: 2, look: 'trouble' },
      { xPx: 20, widthPx: 10, look: 'quiet' },
      { xPx: 40, widthPx: 10, look: 'past' },
    ]);
  });

  test('events are seen however short, apart by their cause, and begin where they begin', () => {
    const event = (startS: number, endS: number, cause = 'motion') => ({
      ...span(startS, endS),
      triggerMs: startS * 1_000,
      count: 1,
      causes: [cause],
      zones: [],
      isKept: false,
    });
    const bars = eventBars(
      [event(10, 10.5), event(20, 30), event(25, 35), event(28, 29, 'unwatched')],
      view,
      clip,
    );
    expect(bars.map(({ xPx, widthPx, look }) => [xPx, widthPx, look])).toEqual([
      [10, 3, 'motion'],
      [20, 15, 'motion'],
      [28, 3, 'unwatched'],
    ]);
  });

  test('motion is columns of two pixels at least, the strongest in it, without a picture’s noise', () => {
    const intensity = new Uint8Array(1_000).fill(1);
    intensity[105] = 255;
    intensity[500] = 20;
    const columns = motionColumns({ startMs: 0, slotMs: 100, intensity }, view, clip);
    expect(columns).toHaveLength(1);
    expect(columns[0]).toMatchObject({ part: 1 });
    expect(columns[0]?.xPx).toBeLessThanOrEqual(10.5);
    expect(columns[0]?.widthPx).toBeGreaterThanOrEqual(2);
  });
});

describe('lanes', () => {
  test('share the height there is and are found again', () => {
    const lanes = lanesOf(['a', 'b', 'c'], 200);
    expect(lanes.map(({ topPx }) => topPx)).toEqual([40, 93, 145]);
    expect(laneAt(lanes, 100)?.camera).toBe('b');
    expect(laneAt(lanes, 10)).toBeUndefined();
    expect(heightFor(16, 1_000)).toBeGreaterThan(16 * 20);
  });
});

describe('commandOf', () => {
  test.each([
    [{ key: ' ' }, { kind: 'toggle-play' }],
    [{ key: 'ArrowLeft' }, { kind: 'move', byMs: -10_000 }],
    [
      { key: 'ArrowRight', shiftKey: true },
      { kind: 'move', byMs: 60_000 },
    ],
    [{ key: 'N' }, { kind: 'event', direction: 1 }],
    [{ key: ',' }, { kind: 'frame', direction: -1 }],
    [{ key: '?', shiftKey: true }, { kind: 'help' }],
    [{ key: 's', ctrlKey: true }, undefined],
    [{ key: 'constructor' }, undefined],
  ])('%j', (pressed, command) => {
    const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
    expect(commandOf({ ...plain, ...pressed })).toEqual(command);
  });
});
