import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIPS } from './footage.ts';
import { measured } from './measurements.ts';
import { RecorderProcess } from './recorder-process.ts';
import {
  decodeComplaints,
  eventsOf,
  recordingsOf,
  verifyFrames,
  type RecordedEvent,
  type Recording,
} from './recordings.ts';
import { expectedEvents, motionOf, type ClipSize, type ExpectedEvent } from './reference-events.ts';
import { missingRequirements } from './requirements.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { Simulator, type SentFrame, type SimulatedStream } from './simulator.ts';

/** A camera under test, and which of its streams is looked at for motion. */
interface Subject {
  readonly name: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly streams: Readonly<Record<string, SimulatedStream>>;
  readonly watched: { readonly path: string; readonly size: ClipSize; readonly rateFps: number };
}

const SUB = { path: '/sub', size: { widthPx: 640, heightPx: 360 }, rateFps: 10 };
const H264 = { '/main': { file: CLIPS.main, audio: 'aac' }, '/sub': { file: CLIPS.sub } } as const;

const SUBJECTS: readonly Subject[] = [
  { name: 'h264-tcp', port: 8801, transport: 'tcp', streams: H264, watched: SUB },
  { name: 'h264-udp', port: 8802, transport: 'udp', streams: H264, watched: SUB },
  {
    name: 'h265-tcp',
    port: 8803,
    transport: 'tcp',
    streams: { '/main': { file: CLIPS.h265, audio: 'aac' }, '/sub': { file: CLIPS.sub } },
    watched: SUB,
  },
  {
    name: 'h265-udp-alone',
    port: 8804,
    transport: 'udp',
    streams: { '/main': { file: CLIPS.h265, audio: 'aac' } },
    watched: { path: '/main', size: { widthPx: 1280, heightPx: 720 }, rateFps: 15 },
  },
  {
    name: 'bframes-alone',
    port: 8805,
    transport: 'tcp',
    streams: { '/main': { file: CLIPS.bframes, audio: 'aac' } },
    watched: { path: '/main', size: { widthPx: 640, heightPx: 360 }, rateFps: 15 },
  },
];

const USER = 'viewer';
const PASSWORD = 'acceptance & "digest"';
const CLIP_MS = 139_400;
const SAMPLE_RATE_FPS = 5;
const PRE_ROLL_MS = 5_000;
/**
 * Short enough that the people of the footage, who follow each other closely, are events of their own. The initial wait
 * ends in a pause of theirs, so that it does not matter to the second when a camera was connected; and no pause between
 * two motions is within 0.3 s of minimal duration and post-roll, so that it does not matter to the millisecond how it
 * compares.
 */
const EVENT = { initialWait: '15s', minimalDuration: '3300ms', preRoll: '5s', postRoll: '1s' };
const RULES = { initialWaitMs: 15_000, holdMs: 4_300 };
/**
 * How far the ends of an event may lie from those of the plain detector. The phase of the sampling is found, not
 * tolerated; what is left is the way of a picture from the camera to the recorder and the mapping of its time, and
 * the pictures that an encoder with B frames holds back: 2 sampling intervals cover them on a busy machine.
 */
const TOLERANCE_MS = 2 * (1000 / SAMPLE_RATE_FPS);

describe.skipIf(missingRequirements().length > 0)('events of another’s cameras over real footage', () => {
  let folder = '';
  let log = '';
  let exitCode: number | null = null;
  let stoppedMs = 0;
  const sent = new Map<string, { readonly main: SentFrame[]; readonly watched: SentFrame[] }>();
  const recorded = new Map<string, Recording[]>();

  beforeAll(async () => {
    folder = await makeScratchFolder();
    await using simulator = await Simulator.start(SUBJECTS.map(asCamera), join(folder, 'cameras'));
    const cameras = Object.fromEntries(SUBJECTS.map((subject) => [subject.name, asConfigured(subject)]));
    await using recorder = await RecorderProcess.start(folder, { cameras, event: EVENT });
    await recorder.connected(
      SUBJECTS.map(({ name }) => name),
      20_000,
    );
    await wait(CLIP_MS + 15_000);
    const { cpuSeconds, residentMib } = await recorder.usage();
    measured('1 events', 'recorder, 5 cameras', `${cpuSeconds} s CPU, ${residentMib.toFixed(0)} MiB`);
    stoppedMs = Date.now();
    exitCode = await recorder.interrupt();
    log = await readFile(join(folder, 'preroll.log'), 'utf8');
    for (const { name, watched } of SUBJECTS) {
      const main = await simulator.sent(name, '/main');
      sent.set(name, { main, watched: await simulator.sent(name, watched.path) });
      recorded.set(name, await recordingsOf(recorder.archive, name));
    }
  }, 260_000);

  afterAll(() => removeScratchFolder(folder));

  it.each(SUBJECTS)('$name: events are those of the plain detector', async ({ name, watched }) => {
    const pictures = (sent.get(name)?.watched ?? []).filter(({ wallMs }) => wallMs <= stoppedMs);
    const step = watched.rateFps / SAMPLE_RATE_FPS;
    const moved = await motionOf(clipOf(name), watched.size, step);
    const found = eventsOf(recorded.get(name) ?? []);
    const phases = Array.from({ length: step }, (_, phase) =>
      expectedEvents(moved, pictures, { step, phase }, RULES),
    );
    const deviations = phases.map((expected) => deviationMs(expected, found, stoppedMs));
    const deviation = Math.min(...deviations);
    measured('1 events', name, `${found.length} events, off by ${deviation.toFixed(0)} ms at most`);
    expect(found.length).toBeGreaterThan(3);
    expect(deviation, JSON.stringify({ found, phases }, undefined, 1)).toBeLessThanOrEqual(TOLERANCE_MS);
  });

  it.each(SUBJECTS)('$name: no frame is missing, doubled or out of order in any file', async ({ name }) => {
    for (const { path } of recorded.get(name) ?? []) {
      const report = await verifyFrames([path]);
      expect(report, path).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
    }
  });

  it.each(SUBJECTS)('$name: each file holds its event with the pre-roll and the post-roll', ({ name }) => {
    const firstSent = sent.get(name)?.main[0];
    const files = recorded.get(name) ?? [];
    expect(files.length).toBeGreaterThan(3);
    for (const { path, stamps, sidecar } of files) {
      const [event] = sidecar.events;
      const [first, last] = [stamps[0], stamps.at(-1)];
      if (event === undefined || first === undefined || last === undefined) throw new Error(`${path}: empty`);
      const isFromStart = first.number <= (firstSent?.number ?? 0) + 1;
      const ahead = Date.parse(event.trigger) - first.wallMs;
      if (!isFromStart) expect(ahead, `${path}: pre-roll`).toBeGreaterThanOrEqual(PRE_ROLL_MS);
      const wantedUntil = Math.min(Date.parse(event.until), stoppedMs);
      expect(last.wallMs, `${path}: post-roll`).toBeGreaterThanOrEqual(wantedUntil - TOLERANCE_MS);
    }
  });

  it.each(SUBJECTS)('$name: every file decodes whole', async ({ name }) => {
    const paths = (recorded.get(name) ?? []).map(({ path }) => path);
    expect(await decodeComplaints(paths)).toEqual([]);
  });

  it('ends on Ctrl-C with exit code 0, having told no password and no trouble', () => {
    expect(exitCode).toBe(0);
    expect(log).not.toContain('acceptance &');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string });
    expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

function asCamera({ name, port, transport, streams }: Subject) {
  return { name, port, transport, streams, user: USER, password: PASSWORD, auth: 'digest' as const };
}

function asConfigured({ port, transport, streams }: Subject) {
  const url = `rtsp://127.0.0.1:${port}`;
  const sub = '/sub' in streams ? { subUrl: `${url}/sub` } : {};
  return { url: `${url}/main`, ...sub, username: USER, password: PASSWORD, transport };
}

function clipOf(name: string): string {
  const subject = SUBJECTS.find((each) => each.name === name);
  const stream = subject?.streams[subject.watched.path];
  if (stream === undefined) throw new Error(`${name} has no watched stream`);
  return stream.file;
}

/** The largest distance between what was expected and what was found; infinite if it is not event for event. */
function deviationMs(
  expected: readonly ExpectedEvent[],
  found: readonly RecordedEvent[],
  stoppedMs: number,
): number {
  if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
  const distances = expected.flatMap(({ triggerMs, endMs }, index) => {
    const event = found[index];
    const start = Math.abs(Date.parse(event?.trigger ?? '') - triggerMs);
    const isClosed = endMs < stoppedMs - TOLERANCE_MS;
    return isClosed ? [start, Math.abs(Date.parse(event?.until ?? '') - endMs)] : [start];
  });
  return Math.max(0, ...distances);
}
