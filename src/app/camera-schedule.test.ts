import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { RecordingMode } from '../config/recording-mode.ts';
import { parseWeeklySpan, type WeeklySpan } from '../config/weekly-span.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { Event } from '../event/event.ts';
import { eventJson } from '../event/event-json.ts';
import { EventTracker } from '../event/event-tracker.ts';
import { startRun, wallOfPacket } from '../media/run.ts';
import { makePictures } from '../media/testing/make-packet.ts';
import { Recorder } from '../recording/recorder.ts';
import { pictureTimesMs, readRecording } from '../recording/testing/read-archive.ts';
import { CameraSchedule } from './camera-schedule.ts';

/** A Sunday, UTC, at which 20:00 is 59 s after the start, between two key pictures. */
const START = Date.UTC(2026, 10, 22, 19, 59, 1);
const PICTURE_MS = 200;
const GOP = 20;

const event = {
  initialWaitMs: 5_000,
  minimalDurationMs: 10_000,
  preRollMs: 5_000,
  postRollMs: 2_000,
  maximalLengthMs: 600_000,
};

let folder: string;
let clock: SimulatedClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-schedule-'));
  clock = new SimulatedClock(START);
});
afterEach(() => rm(folder, { recursive: true }));

function span(text: string): WeeklySpan {
  const parsed = parseWeeklySpan(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

interface Played {
  readonly segments: readonly SegmentRecord[];
  readonly closed: readonly Event[];
  /** When motion was begun or ceased to be looked for. */
  readonly watches: readonly string[];
  /** Times of the pictures of a kind's files, since the start. */
  readonly pictures: (kind: string) => Promise<number[]>;
}

/** Plays four minutes of a camera with this schedule. */
async function play(
  mode: RecordingMode,
  schedule: Readonly<Record<string, RecordingMode>>,
  at: readonly string[] = [],
): Promise<Played> {
  const segments = new Map<string, SegmentRecord>();
  const closed: Event[] = [];
  const watches: string[] = [];
  let now = wallMs(START);
  let files = 0;
  const shared = {
    camera: 'yard',
    async createFile(start: WallMs) {
      const path = join(folder, `${Math.round(start - START)}-${++files}.mp4`);
      return { path, handle: await open(path, 'wx'), key: { volume: 'v', path: basename(path) } };
    },
    clock,
    log: silentLog,
    onSegment: (segment: SegmentRecord) => void segments.set(segment.path, segment),
  };
  const ring = { spanMs: 9_000, maxBytes: 1e6 };
  const recorder = new Recorder({ ...shared, wholeKind: 'continuous', fileLengthMs: 300_000, ring });
  const timelapse = new Recorder({
    ...shared,
    wholeKind: 'timelapse',
    fileLengthMs: 3_600_000,
    ring: undefined,
  });
  const tracker = new EventTracker('yard', event, {
    opened: (opened) => recorder.keepFrom(opened.fromWallMs, eventJson(opened)),
    closed(ended) {
      closed.push(ended);
      recorder.keepUntil(ended.untilWallMs, eventJson(ended));
    },
  });
  const note = (what: string) => void watches.push(`${what} ${(now - START) / 1000}`);
  const spans = Object.entries(schedule).map(([text, other]) => ({ span: span(text), mode: other }));
  const follower = new CameraSchedule({
    config: { modes: { mode, spans }, event: { ...event, at: at.map(span), loud: undefined } },
    timeZone: 'utc',
    recorder,
    timelapse,
    tracker,
    lookForMotion: () => note('look'),
    ignoreMotion: () => note('ignore'),
    log: silentLog,
  });
  follower.follow(now);
  const run = startRun(1, 0, { wall: now, monotonic: clock.monotonicMs() });
  for (const sink of [recorder, timelapse]) sink.runStarted(run);
  tracker.connected(run.startWallMs);
  for (const packet of makePictures(240_000, PICTURE_MS, GOP)) {
    now = wallOfPacket(packet, run);
    follower.follow(now);
    recorder.packet(packet, run);
    if (packet.isKey) timelapse.packet(packet, run);
    tracker.advance(now);
  }
  await recorder[Symbol.asyncDispose]();
  await timelapse[Symbol.asyncDispose]();
  const inOrder = [...segments.values()].toSorted((a, b) => a.startWallMs - b.startWallMs);
  return {
    segments: inOrder,
    closed,
    watches,
    pictures: async (kind) => {
      const ofKind = inOrder.filter((segment) => segment.kind === kind);
      const each = ofKind.map(async ({ path, startWallMs }) => {
        const [first = 0, ...rest] = pictureTimesMs(await readRecording(folder, path));
        return [first, ...rest].map((ms) => ms - first + startWallMs - START);
      });
      return (await Promise.all(each)).flat();
    },
  };
}

function times(fromMs: number, toMs: number, stepMs = PICTURE_MS): number[] {
  return Array.from({ length: (toMs - fromMs) / stepMs }, (_, i) => fromMs + i * stepMs);
}

test('begins to record everything with the key picture before, and ends with the first picture of another mode', async () => {
  const { segments, pictures } = await play('off', { '20:00-20:02': 'always' });
  expect(segments.map(({ kind }) => kind)).toEqual(['continuous']);
  expect(await pictures('continuous')).toEqual(times(56_000, 179_000 + PICTURE_MS));
});

test('loses and doubles nothing from mode to mode while an event goes on', async () => {
  const modes = { '20:00-20:01': 'always', '20:01-20:02': 'timelapse' } as const;
  const { segments, closed, pictures } = await play('off', modes, ['19:59-20:03']);
  const full = segments.filter(({ kind }) => kind !== 'timelapse');
  expect(full.map(({ kind, startWallMs }) => [kind, startWallMs - START])).toEqual([
    ['event', 0],
    ['continuous', 60_000],
    ['event', 120_000],
  ]);
  const all = [...(await pictures('event')), ...(await pictures('continuous'))].toSorted((a, b) => a - b);
  expect(all).toEqual(times(0, 240_000));
  expect(await pictures('timelapse')).toEqual(times(120_000, 180_000, GOP * PICTURE_MS));
  expect(closed).toEqual([]);
});

test('looks for motion only in modes that do, and misses nothing in the others', async () => {
  const modes = { '20:00-20:01': 'motion', '20:01-20:02': 'always+motion' } as const;
  const { watches, closed } = await play('off', modes);
  expect(watches).toEqual(['ignore 0', 'look 59', 'ignore 179']);
  // No samples came while it looked: the camera was unwatched after the initial wait, and up to the end of that mode.
  expect(closed).toMatchObject([
    { causes: ['unwatched'], triggerWallMs: START + 64_000, untilWallMs: START + 179_000 },
  ]);
});

test('opens and closes the events of the schedule, with pre-roll and post-roll', async () => {
  const { closed, pictures } = await play('off', {}, ['20:00-20:01', 'sun 20:02-20:03', 'mon 20:01-20:02']);
  const [first, ...others] = closed;
  expect(first).toMatchObject({
    causes: ['schedule'],
    triggerWallMs: START + 59_000,
    fromWallMs: START + 54_000,
    untilWallMs: START + 121_000,
  });
  expect(others).toHaveLength(0);
  expect(await pictures('event')).toEqual([
    ...times(52_000, 121_000 + PICTURE_MS),
    ...times(172_000, 240_000),
  ]);
});
