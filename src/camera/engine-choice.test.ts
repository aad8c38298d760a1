import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs } from '../base/time.ts';
import type { EngineSetting } from '../config/config.ts';
import type { Fallback } from '../db/records.ts';
import { RtspError } from '../rtsp/error.ts';
import { EngineChoice, type EngineAttempt } from './engine-choice.ts';
import { SourceError } from './source-error.ts';

const NOT_UNDERSTOOD = new RtspError('protocol', 'reading the answer to DESCRIBE: found rubbish', {
  camera: 'yard',
});
const AWAY = new RtspError('connect', 'connecting failed', { camera: 'yard' });
const SILENT = new RtspError('timeout', 'reading the answer to OPTIONS: found none', { camera: 'yard' });
const FFMPEG_NEITHER = new SourceError('unsupported', 'opening it: Invalid data');
const FFMPEG_AWAY = new SourceError('connect', 'opening it: Connection refused');
const HOUR_MS = 3_600_000;

function setUp(setting: EngineSetting = 'auto', fallback?: Fallback) {
  const clock = new SimulatedClock();
  const journal: string[] = [];
  const memory = {
    fallback,
    remember(told: Fallback) {
      journal.push(`remember ${told.reason}`);
      memory.fallback = told;
    },
    forget(isMended: boolean) {
      journal.push(isMended ? 'mended' : 'neither');
      memory.fallback = undefined;
    },
  };
  const choice = new EngineChoice({ setting, memory, clock });
  const fail = (error: Error): string => {
    const attempt = choice.attempt();
    attempt.failed(error);
    return attempt.engine;
  };
  /** Plays for so long and then fails, if it does. */
  const play = async (ms: number, error?: Error): Promise<string> => {
    const attempt: EngineAttempt = choice.attempt();
    attempt.runStarted();
    await clock.advance(ms);
    if (error !== undefined) attempt.failed(error);
    attempt[Symbol.dispose]();
    return attempt.engine;
  };
  return { clock, memory, journal, fail, play };
}

function times(count: number, work: () => string): string[] {
  return Array.from({ length: count }, work);
}

test('a camera that our client does not understand three times is read by FFmpeg, and that is remembered', async () => {
  const { clock, memory, journal, fail, play } = setUp();
  expect(times(3, () => fail(NOT_UNDERSTOOD))).toEqual(['native', 'native', 'native']);
  expect(journal).toEqual([]);
  expect(await play(0)).toBe('ffmpeg');
  expect(journal).toEqual(['remember reading the answer to DESCRIBE: found rubbish']);
  expect(memory.fallback).toMatchObject({ sinceWallMs: clock.wallMs(), triedWallMs: clock.wallMs() });
  expect(await play(0)).toBe('ffmpeg');
  expect(journal).toHaveLength(1);
});

test('a camera that is away is not read by FFmpeg for that', () => {
  const { journal, fail } = setUp();
  expect(new Set(times(50, () => fail(AWAY)))).toEqual(new Set(['native']));
  expect(journal).toEqual([]);
});

test('being away between failures makes them neither more nor fewer', () => {
  const { fail } = setUp();
  const errors = [NOT_UNDERSTOOD, AWAY, NOT_UNDERSTOOD, AWAY, AWAY, NOT_UNDERSTOOD];
  expect(new Set(errors.map((error) => fail(error)))).toEqual(new Set(['native']));
  expect(fail(FFMPEG_AWAY)).toBe('ffmpeg');
});

test('failures count only in a row: a run of ten seconds between them begins anew', async () => {
  const { fail, play } = setUp();
  fail(NOT_UNDERSTOOD);
  fail(NOT_UNDERSTOOD);
  expect(await play(10_000, NOT_UNDERSTOOD)).toBe('native');
  fail(NOT_UNDERSTOOD);
  expect(fail(NOT_UNDERSTOOD)).toBe('native');
  expect(fail(FFMPEG_NEITHER)).toBe('ffmpeg');
});

test('a camera that shows a few pictures before each failure is read by FFmpeg', async () => {
  const { play } = setUp();
  for (let i = 0; i < 3; i++) expect(await play(4_000, NOT_UNDERSTOOD)).toBe('native');
  expect(await play(0)).toBe('ffmpeg');
});

test('where FFmpeg fails as well our client is tried again, and nothing is remembered', () => {
  const { journal, fail } = setUp();
  times(3, () => fail(NOT_UNDERSTOOD));
  expect(fail(FFMPEG_NEITHER)).toBe('ffmpeg');
  expect(times(3, () => fail(NOT_UNDERSTOOD))).toEqual(['native', 'native', 'native']);
  expect(fail(FFMPEG_AWAY)).toBe('ffmpeg');
  expect(fail(NOT_UNDERSTOOD)).toBe('native');
  expect(journal).toEqual([]);
});

test('what was remembered is used from the first attempt on, however often the camera is away', () => {
  const { clock, fail } = setUp('auto', remembered());
  expect(new Set(times(50, () => fail(FFMPEG_AWAY)))).toEqual(new Set(['ffmpeg']));
  expect(clock.monotonicMs()).toBe(0);
});

test('our client is tried once when the camera is reached a day later, and FFmpeg goes on where it fails', async () => {
  const { clock, memory, journal, fail, play } = setUp('auto', remembered());
  await clock.advance(24 * HOUR_MS - 1);
  expect(fail(FFMPEG_AWAY)).toBe('ffmpeg');
  await clock.advance(1);
  expect(fail(AWAY)).toBe('native');
  expect(fail(NOT_UNDERSTOOD)).toBe('native');
  expect(journal).toEqual([`remember ${NOT_UNDERSTOOD.message}`]);
  expect(memory.fallback).toMatchObject({
    sinceWallMs: remembered().sinceWallMs,
    triedWallMs: clock.wallMs(),
  });
  expect(await play(10_000, FFMPEG_AWAY)).toBe('ffmpeg');
  await clock.advance(23 * HOUR_MS);
  expect(fail(FFMPEG_AWAY)).toBe('ffmpeg');
});

test('a camera that FFmpeg reads is not lost where our client, tried again, hears nothing of it', async () => {
  const { clock, memory, journal, fail, play } = setUp('auto', remembered());
  await clock.advance(24 * HOUR_MS);
  expect(times(3, () => fail(SILENT))).toEqual(['native', 'native', 'native']);
  expect(await play(60_000, FFMPEG_AWAY)).toBe('ffmpeg');
  expect(journal).toEqual(['remember as before']);
  expect(memory.fallback?.triedWallMs).toBe(remembered().triedWallMs + 24 * HOUR_MS);
  expect(await play(10_000)).toBe('ffmpeg');
  expect(journal).toHaveLength(1);
});

test('our client is tried again as long as the camera is away, and FFmpeg now and then', async () => {
  const { clock, journal, fail } = setUp('auto', remembered());
  await clock.advance(24 * HOUR_MS);
  const failing = (count: number) => times(count, () => fail(AWAY)).join(' ');
  expect(failing(8)).toBe('native native native ffmpeg native native native ffmpeg');
  expect(journal).toEqual([]);
});

test('where our client reads the camera again for ten seconds the fallback is forgotten', async () => {
  const { clock, journal, play } = setUp('auto', remembered());
  await clock.advance(24 * HOUR_MS);
  expect(await play(9_999)).toBe('native');
  expect(journal).toEqual([]);
  expect(await play(10_000)).toBe('native');
  expect(journal).toEqual(['mended']);
  expect(await play(10_000)).toBe('native');
  expect(journal).toHaveLength(1);
});

test('where FFmpeg does not understand the camera any more either, the fallback is forgotten', async () => {
  const { journal, fail, play } = setUp('auto', remembered());
  fail(FFMPEG_NEITHER);
  fail(FFMPEG_NEITHER);
  expect(await play(10_000, FFMPEG_NEITHER)).toBe('ffmpeg');
  fail(FFMPEG_NEITHER);
  expect(journal).toEqual([]);
  expect(fail(FFMPEG_NEITHER)).toBe('ffmpeg');
  expect(journal).toEqual(['neither']);
  expect(fail(AWAY)).toBe('native');
});

test('a clock that was wrong when our client was tried last puts nothing off for years', () => {
  const inYears = wallMs(Date.UTC(2040, 0, 1));
  const { fail } = setUp('auto', { ...remembered(), triedWallMs: inYears });
  expect(fail(AWAY)).toBe('native');
});

test.each(['native', 'ffmpeg'] as const)('%s stays what it is, whatever fails', async (setting) => {
  const { journal, fail, play } = setUp(setting);
  for (const error of [NOT_UNDERSTOOD, FFMPEG_NEITHER, AWAY]) {
    expect(new Set(times(5, () => fail(error)))).toEqual(new Set([setting]));
  }
  expect(await play(60_000)).toBe(setting);
  expect(journal).toEqual([]);
});

test('only where another engine may be tried is media without a picture given up', () => {
  const clock = new SimulatedClock();
  const patienceOf = (setting: EngineSetting, fallback?: Fallback) =>
    new EngineChoice({ setting, memory: { ...setUp().memory, fallback }, clock }).attempt().patienceMs;
  expect(patienceOf('auto')).toBe(120_000);
  expect(patienceOf('native')).toBeUndefined();
  expect(patienceOf('ffmpeg')).toBeUndefined();
  expect(patienceOf('auto', remembered())).toBeUndefined();
});

test('an attempt that was given up tells nothing more', async () => {
  const { clock, memory, journal } = setUp('auto', remembered());
  await clock.advance(24 * HOUR_MS);
  const attempt = new EngineChoice({ setting: 'auto', memory, clock }).attempt();
  attempt.runStarted();
  attempt[Symbol.dispose]();
  attempt.failed(NOT_UNDERSTOOD);
  await clock.advance(HOUR_MS);
  expect(journal).toEqual([]);
});

function remembered(): Fallback {
  const nowMs = new SimulatedClock().wallMs();
  return { reason: 'as before', sinceWallMs: nowMs, triedWallMs: nowMs };
}
