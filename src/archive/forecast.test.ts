import { describe, expect, test } from 'vitest';
import { wallMs } from '../base/time.ts';
import type { CameraRetentionConfig } from '../config/config.ts';
import type { RecordedHour } from '../db/archive-index.ts';
import { forecast, type ForecastSituation, type ForecastVolume } from './forecast.ts';

/** A Friday, in the middle of an hour. */
const NOW = Date.UTC(2026, 10, 20, 15, 30);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GB = 1e9;

const UNBOUNDED: CameraRetentionConfig = {
  continuous: { maxAgeMs: undefined, maxSizeBytes: undefined },
  event: { maxAgeMs: undefined, maxSizeBytes: undefined },
  maxSizeBytes: undefined,
  minAgeMs: 0,
};

/** Bytes of the hour that begins then. */
type Profile = (startMs: number, random: () => number) => number;

const hourOfDay = (ms: number) => new Date(ms).getUTCHours();
const isWeekend = (ms: number) => [0, 6].includes(new Date(ms).getUTCDay());
/** Weeks since the beginning of measuring. */
const weeks = (ms: number) => (ms - (NOW - 28 * DAY)) / (7 * DAY);

const constant: Profile = () => 2 * GB;
/** Streams of a constant quality take less at night, and never the same. */
const dayAndNight: Profile = (ms, random) =>
  (hourOfDay(ms) >= 7 && hourOfDay(ms) < 19 ? 3 * GB : 0.8 * GB) * (0.9 + 0.2 * random());
/** About so many events an hour by day, each of 20 to 120 MB; hardly any by night, and few at the weekend. */
const events: Profile = (ms, random) => {
  const isDay = hourOfDay(ms) >= 6 && hourOfDay(ms) < 22;
  const likely = (isDay ? 12 : 0.5) * (isWeekend(ms) ? 0.25 : 1);
  let bytes = 0;
  for (let minute = 0; minute < 60; minute += 1) {
    if (random() < likely / 60) bytes += (0.02 + 0.1 * random()) * GB;
  }
  return bytes;
};
/** Closed from Friday night to Monday: nothing moves. */
const office: Profile = (ms, random) => (isWeekend(ms) ? 0 : 2 * GB * (0.8 + 0.4 * random()));
const growing: Profile = (ms, random) => dayAndNight(ms, random) * (1 + 0.08 * weeks(ms));
const shrinking: Profile = (ms, random) => dayAndNight(ms, random) * (1 - 0.05 * weeks(ms));

/** Numbers from 0 to 1 by Lehmer's generator, the same ones for a seed. */
function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

interface Simulation {
  readonly history: readonly RecordedHour[];
  /** When the room really ran out. */
  readonly fullMs: number;
}

function simulate(profile: Profile, historyDays: number, roomBytes: number, seed: number): Simulation {
  const random = randomFrom(seed);
  const startMs = Math.floor((NOW - historyDays * DAY) / HOUR) * HOUR;
  const history: RecordedHour[] = [];
  let left = roomBytes;
  for (let hour = startMs; ; hour += HOUR) {
    const bytes = Math.round(profile(hour, random));
    if (hour + HOUR <= NOW) history.push(recorded(hour, bytes));
    else left -= bytes;
    if (left < 0) return { history, fullMs: hour };
  }
}

function recorded(startMs: number, sizeBytes: number, more: Partial<RecordedHour> = {}): RecordedHour {
  return { camera: 'yard', volume: 'a', holdsEvent: false, startWallMs: wallMs(startMs), sizeBytes, ...more };
}

function situation(
  hours: readonly RecordedHour[],
  volumes: readonly Partial<ForecastVolume>[],
  rules: Partial<CameraRetentionConfig> = {},
): ForecastSituation {
  return {
    now: wallMs(NOW),
    hours,
    usage: [],
    volumes: volumes.map((volume) => ({
      id: 'a',
      freeBytes: 0,
      floorBytes: 0,
      maxSizeBytes: undefined,
      moveAfterMs: undefined,
      ...volume,
    })),
    rules: { ofCamera: () => ({ ...UNBOUNDED, ...rules }), archiveMaxSizeBytes: undefined },
  };
}

describe('when a disk will be full', () => {
  const SEEDS = [1, 22, 333, 4_444, 55_555, 666_666, 7_777_777, 88_888_888];

  test.each<[string, Profile, number, number]>([
    ['constant, for 28 days', constant, 28, 2_000 * GB],
    ['constant, for 3 hours', constant, 3.5 / 24, 100 * GB],
    ['constant, on a huge disk', constant, 28, 15_000 * GB],
    ['by day more than by night, for 28 days', dayAndNight, 28, 1_000 * GB],
    ['by day more than by night, for 3 days', dayAndNight, 3, 300 * GB],
    ['by day more than by night, and full within two days', dayAndNight, 14, 70 * GB],
    ['events, few of them at night and at the weekend, for 28 days', events, 28, 200 * GB],
    ['events, few of them at night and at the weekend, for 14 days', events, 14, 100 * GB],
    ['nothing at the weekend, and full in the next one', office, 28, 40 * GB],
    ['nothing at the weekend, for 9 days', office, 9, 300 * GB],
    ['more from week to week', growing, 28, 1_500 * GB],
    ['less from week to week', shrinking, 28, 800 * GB],
  ])('is told within a tenth of the time left for footage that is %s', (_, profile, days, roomBytes) => {
    for (const seed of SEEDS) {
      const { history, fullMs } = simulate(profile, days, roomBytes, seed);
      const { fullAt } = forecast(situation(history, [{ freeBytes: roomBytes }]));
      expect(Math.abs((fullAt ?? Number.NaN) - fullMs)).toBeLessThan(0.1 * (fullMs - NOW));
    }
  });

  test('counts all cameras, each from when it began', () => {
    const old = simulate(dayAndNight, 28, 500 * GB, 1).history;
    const added = simulate(constant, 5, 500 * GB, 2).history.map((hour) => ({ ...hour, camera: 'gate' }));
    const { fullAt, footage } = forecast(situation([...old, ...added], [{ freeBytes: 942 * GB }]));
    // 45.6 and 48 GB a day.
    expect(footage.map(({ bytesPerDay = 0 }) => Math.round(bytesPerDay / GB))).toEqual([48, 46]);
    expect(((fullAt ?? 0) - NOW) / DAY).toBeCloseTo(10, 0);
  });

  test('is never, where the rules delete before', () => {
    const { history } = simulate(constant, 20, 1_000 * GB, 1);
    const rules = { continuous: { maxAgeMs: 30 * DAY, maxSizeBytes: undefined } };
    // 20 of 30 days are there: 10 days of 48 GB more.
    expect(forecast(situation(history, [{ freeBytes: 500 * GB }], rules))).toMatchObject({ fullAt: undefined });
    expect(forecast(situation(history, [{ freeBytes: 460 * GB }], rules)).fullAt).toBeDefined();
    const { fullAt } = forecast(situation(history, [{ freeBytes: 100 * GB }], { maxSizeBytes: 1_000 * GB }));
    expect(fullAt).toBeUndefined();
  });

  test('is now, where it is full already, and unknown before a full hour is over', () => {
    const { history } = simulate(constant, 20, 0, 1);
    expect(forecast(situation(history, [{ freeBytes: 5 * GB, floorBytes: 5 * GB }])).fullAt).toBe(NOW);
    const young = [recorded(NOW - 0.5 * HOUR, GB)];
    expect(forecast(situation(young, [{ freeBytes: 5 * GB }]))).toMatchObject({
      footage: [{ bytesPerDay: undefined, reachMs: undefined }],
      fullAt: undefined,
    });
  });
});

describe('several disks', () => {
  test('are full one after the other', () => {
    const { history } = simulate(constant, 10, 0, 1);
    const { volumes, fullAt } = forecast(
      situation(history, [{ freeBytes: 96 * GB, floorBytes: 48 * GB }, { id: 'b', freeBytes: 900 * GB, maxSizeBytes: 96 * GB }]),
    );
    expect(volumes.map(({ fullAt: at }) => Math.round(((at ?? 0) - NOW) / HOUR))).toEqual([24, 72]);
    expect(fullAt).toBe(volumes[1]?.fullAt);
  });

  test('of which a fast one passes its recordings on fill up later', () => {
    const { history } = simulate(constant, 3, 0, 1);
    const fast = { freeBytes: 240 * GB, moveAfterMs: 7 * DAY };
    const { volumes } = forecast(situation(history, [fast, { id: 'b', freeBytes: 480 * GB }]));
    // The fast one holds 8 days. What has been recorded for 3 days is passed on from the fourth day on.
    expect(volumes.map(({ fullAt: at }) => Math.round(((at ?? 0) - NOW) / DAY))).toEqual([15, 14]);
  });
});

describe('how far back recordings reach', () => {
  const days = (hours: readonly RecordedHour[], freeBytes: number, rules: Partial<CameraRetentionConfig> = {}) =>
    forecast(situation(hours, [{ freeBytes }], rules)).footage.map(
      ({ reachMs }) => reachMs && Math.round(reachMs / DAY),
    );

  test('is what the disk holds at the present rate', () => {
    const { history } = simulate(constant, 20, 0, 1);
    expect(days(history, 480 * GB)).toEqual([30]);
  });

  test('is what the narrowest rule allows; what one kind leaves over is for the others', () => {
    const { history } = simulate(constant, 20, 0, 1);
    const both = [...history, ...history.map((hour) => ({ ...hour, holdsEvent: true }))];
    const continuous = { maxAgeMs: 10 * DAY, maxSizeBytes: undefined };
    expect(days(both, 0)).toEqual([20, 20]);
    expect(days(both, 0, { continuous })).toEqual([10, 30]);
    expect(days(both, 0, { continuous: { maxAgeMs: undefined, maxSizeBytes: 240 * GB } })).toEqual([5, 35]);
    expect(days(both, 0, { maxSizeBytes: 960 * GB })).toEqual([10, 10]);
    expect(days(both, 0, { continuous, event: continuous })).toEqual([10, 10]);
  });

  test('is without end where nothing is recorded any more', () => {
    const old = simulate(constant, 20, 0, 1).history.map((hour) => ({
      ...hour,
      startWallMs: wallMs(hour.startWallMs - 60 * DAY),
    }));
    expect(days(old, 480 * GB)).toEqual([undefined]);
  });
});
