import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { TimelineAnswer } from '../../../src/http/api/timeline.ts';
import { LocalTime } from './local-time.ts';
import { hitAt, sceneOf, type SceneInput } from './scene.ts';
import { levelFor, LEVELS, Tiles, type TileQuestion } from './tiles.ts';
import { showing, timeAt, xOf } from './view.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOUR_START = Date.UTC(2026, 10, 28, 12);
const NOW = HOUR_START + 30 * MINUTE_MS;
/** The recorder's clock is ahead. */
const AHEAD_MS = 5_000;

let nowMs: number;
let asked: { readonly question: TileQuestion; readonly answer: (answer: TimelineAnswer | Error) => void }[];
let tiles: Tiles;
const onChange = vi.fn();

beforeEach(() => {
  nowMs = NOW;
  asked = [];
  onChange.mockClear();
  tiles = new Tiles({
    ask: (question) =>
      new Promise((resolve, reject) => {
        const answer = (one: TimelineAnswer | Error) => (one instanceof Error ? reject(one) : resolve(one));
        asked.push({ question, answer });
      }),
    nowMs: () => nowMs,
    onChange,
  });
  tiles.setCameras(['yard']);
});

/** Ten minutes recorded, five missing, an event of half a minute after one, and recording since. */
function answerTo({ fromMs, toMs, resolutionMs }: TileQuestion): TimelineAnswer {
  const sinceMs = 15 * MINUTE_MS;
  return {
    fromMs,
    toMs,
    resolutionMs,
    nowMs: nowMs + AHEAD_MS,
    timeZone: 'UTC',
    reasons: [{ cause: 'disk', detail: 'no space left' }],
    labels: [{ causes: ['motion'], zones: ['drive'] }],
    cameras: [
      {
        camera: 'yard',
        recorded: [0, 10 * MINUTE_MS, 10 * MINUTE_MS, sinceMs, NOW - 2_000 - fromMs - sinceMs, 1],
        gaps: [10 * MINUTE_MS, 5 * MINUTE_MS, 5 * MINUTE_MS, 0],
        events: [MINUTE_MS, 30_000, 5_000, 1, 0, 0],
        motion: { startMs: fromMs, slotMs: 10_000, intensity: btoa('\u0001\u00ff') },
      },
    ],
  };
}

async function answerAll(withError?: Error): Promise<void> {
  for (const { question, answer } of asked.splice(0)) answer(withError ?? answerTo(question));
  for (let turns = 0; turns < 4; turns += 1) await Promise.resolve();
}

/** The last forty minutes, in a view of a pixel a second. */
const view = showing(2_400, 40 * MINUTE_MS, NOW, 1);

describe('Tiles', () => {
  test('asks once for a tile on its multiple, and gives it when it has come', async () => {
    expect(tiles.slices(view)).toEqual([]);
    tiles.slices(view);
    expect(asked.map(({ question }) => question.fromMs)).toEqual([HOUR_START - HOUR_MS, HOUR_START]);
    expect(tiles.isLoading(view)).toBe(true);
    await answerAll();
    expect(onChange).toHaveBeenCalledTimes(2);
    expect(tiles.slices(view).map(({ fromMs }) => fromMs)).toEqual([HOUR_START - HOUR_MS, HOUR_START]);
    expect(tiles.isLoading(view)).toBe(false);
    expect(tiles.presentMs).toBe(NOW + AHEAD_MS);
  });

  test('asks again for what has the present in it, and at once when it has changed', async () => {
    tiles.slices(view);
    await answerAll();
    nowMs += 2_000;
    tiles.slices(view);
    expect(asked).toHaveLength(0);
    tiles.invalidate();
    tiles.slices(view);
    expect(asked.map(({ question }) => question.fromMs)).toEqual([HOUR_START]);
    await answerAll();
    nowMs += 6_000;
    tiles.slices(view);
    expect(asked.map(({ question }) => question.fromMs)).toEqual([HOUR_START]);
  });

  test('tells an error, keeps what it had, and tries again after a while', async () => {
    tiles.slices(view);
    await answerAll(new Error('away'));
    expect(tiles.error).toMatchObject({ message: 'away' });
    tiles.slices(view);
    expect(asked).toHaveLength(0);
    nowMs += 4_000;
    tiles.slices(view);
    await answerAll();
    expect(tiles.error).toBeUndefined();
    expect(tiles.slices(view)).toHaveLength(2);
  });

  test('shows what a nearer or farther level knows until its own has come', async () => {
    tiles.slices(view);
    await answerAll();
    const day = showing(1_000, 24 * HOUR_MS, NOW, 1);
    expect(tiles.slices(day).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [HOUR_START - HOUR_MS, HOUR_START],
      [HOUR_START, HOUR_START + HOUR_MS],
    ]);
    expect(asked.map(({ question }) => question.resolutionMs)).toEqual([40_000]);
  });

  test('asks for nothing of the future, and nothing without cameras', () => {
    tiles.slices(showing(1_000, HOUR_MS, NOW + 3 * HOUR_MS, 0));
    tiles.setCameras([]);
    tiles.slices(view);
    expect(asked).toHaveLength(0);
  });

  test('what was asked for other cameras is forgotten', async () => {
    tiles.slices(view);
    tiles.setCameras(['gate']);
    await answerAll();
    expect(onChange).not.toHaveBeenCalled();
  });

  test('chooses the farthest level whose cells are no longer than a pixel', () => {
    expect([1, 4_999, 5_000, 39_000, 60_000, 1_860_000].map(levelFor)).toEqual([0, 0, 1, 1, 2, 4]);
    // So an answer is a few thousand cells.
    for (const { tileMs, resolutionMs } of LEVELS.slice(1)) expect(tileMs / resolutionMs).toBeLessThan(4_500);
  });
});

describe('sceneOf', () => {
  async function input(): Promise<SceneInput> {
    tiles.slices(view);
    await answerAll();
    return {
      view,
      heightPx: 120,
      cameras: ['yard'],
      slices: tiles.slices(view),
      time: new LocalTime('UTC'),
      presentMs: tiles.presentMs,
      playheadMs: NOW - MINUTE_MS,
      selection: undefined,
    };
  }

  test('recording goes on up to the present between two answers', async () => {
    const now = await input();
    const later = sceneOf({
      ...now,
      view: showing(2_400, 40 * MINUTE_MS, NOW + MINUTE_MS, 1),
      presentMs: NOW + 30_000,
    });
    const last = later.lanes[0]?.recorded.at(-1);
    expect((last?.xPx ?? 0) + (last?.widthPx ?? 0)).toBeCloseTo(later.presentPx, 3);
  });

  test('has the play head, the gap and the event where they belong', async () => {
    const scene = sceneOf(await input());
    expect(scene.playheadPx).toBeCloseTo(xOf(view, NOW - MINUTE_MS), 6);
    const [lane] = scene.lanes;
    expect(lane?.gaps.at(-1)).toMatchObject({ xPx: xOf(view, HOUR_START + 10 * MINUTE_MS), look: 'trouble' });
    expect(lane?.events.at(-1)).toMatchObject({ xPx: xOf(view, HOUR_START + MINUTE_MS), look: 'motion' });
  });

  test('tells what lies under the pointer', async () => {
    const now = await input();
    const at = (ms: number, yPx = 80) => hitAt(now, xOf(view, ms), yPx);
    expect(at(HOUR_START + 12 * MINUTE_MS)).toMatchObject({
      camera: 'yard',
      gap: { cause: 'disk', detail: 'no space left' },
      isRecorded: false,
    });
    expect(at(HOUR_START + 70_000)).toMatchObject({
      event: { zones: ['drive'] },
      isRecorded: true,
      gap: undefined,
    });
    expect(at(HOUR_START + 12 * MINUTE_MS, 5).camera).toBeUndefined();
    expect(timeAt(view, xOf(view, NOW))).toBeCloseTo(NOW, 3);
  });
});
