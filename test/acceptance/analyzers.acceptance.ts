import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIPS } from './footage.ts';
import { measured } from './measurements.ts';
import { RecorderProcess, timeOf, type LogLine } from './recorder-process.ts';
import { decodeComplaints, recordingsOf, stampsOf, verifyFrames, type Recording } from './recordings.ts';
import { missingRequirements } from './requirements.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { balance } from './sent-and-recorded.ts';
import { Simulator, type SentFrame } from './simulator.ts';

const H264 = { '/main': { file: CLIPS.main, audio: 'aac' }, '/sub': { file: CLIPS.sub } } as const;
const ALONE = { '/main': { file: CLIPS.bframes, audio: 'aac' } } as const;
const SUBJECTS = [
  { name: 'always', port: 8801, mode: 'always+motion', streams: H264 },
  { name: 'always-alone', port: 8802, mode: 'always+motion', streams: ALONE },
  { name: 'motion', port: 8803, mode: 'motion', streams: H264 },
  { name: 'motion-alone', port: 8804, mode: 'motion', streams: ALONE },
] as const;
const ALWAYS = SUBJECTS.filter(({ mode }) => mode === 'always+motion');
const MOTION = SUBJECTS.filter(({ mode }) => mode === 'motion');

const PRE_ROLL_MS = 5_000;
const BACK_WITHIN_MS = 5_000;
const LONGEST_GOP_MS = 10_000;
/** A camera counts as unwatched 3.5 s after its last sample; the line about it needs a picture more, and pictures are read every 0.4 s. */
const UNWATCHED_TOLD_WITHIN_MS = 4_500;

/** Sends a signal to every analyzer. @returns how many there were. */
async function signalAnalyzers(recorder: RecorderProcess, signal: NodeJS.Signals): Promise<number> {
  const pids = await recorder.analyzerPids();
  for (const pid of pids) process.kill(pid, signal);
  return pids.length;
}

describe.skipIf(missingRequirements().length > 0)('analyzers that are killed', () => {
  let folder = '';
  let lines: readonly LogLine[] = [];
  let analyzers = 0;
  let killedMs = 0;
  let hungMs = 0;
  let killedHungMs = 0;
  const sent = new Map<string, SentFrame[]>();
  const recorded = new Map<string, Recording[]>();

  beforeAll(async () => {
    folder = await makeScratchFolder();
    await using simulator = await Simulator.start(
      SUBJECTS.map(({ name, port, streams }) => ({ name, port, streams })),
      join(folder, 'cameras'),
    );
    await using recorder = await RecorderProcess.start(folder, {
      cameras: Object.fromEntries(SUBJECTS.map((subject) => [subject.name, asConfigured(subject)])),
    });
    await recorder.connected(
      SUBJECTS.map(({ name }) => name),
      20_000,
    );
    // Fills the rings past the pre-roll and lets the analyzers begin.
    await wait(12_000);
    killedMs = Date.now();
    analyzers = await signalAnalyzers(recorder, 'SIGKILL');
    await allAnswer(recorder, analyzers, killedMs);
    // A camera analysed by its only stream is watched again at its next key picture; its event ends 3 s later.
    await wait(LONGEST_GOP_MS + 8_000);
    hungMs = Date.now();
    await signalAnalyzers(recorder, 'SIGSTOP');
    await Promise.all(MOTION.map(({ name }) => unwatchedLine(recorder, name, hungMs)));
    killedHungMs = Date.now();
    await signalAnalyzers(recorder, 'SIGKILL');
    await allAnswer(recorder, analyzers, killedHungMs);
    await wait(8_000);
    await recorder.interrupt();
    ({ lines } = recorder);
    for (const { name } of SUBJECTS) {
      sent.set(name, await simulator.sent(name, '/main'));
      recorded.set(name, await recordingsOf(recorder.archive, name));
    }
  }, 120_000);

  afterAll(() => removeScratchFolder(folder));

  it('are back within 5 s, and the log tells their end and their return', () => {
    for (const [what, atMs] of [
      ['killed', killedMs],
      ['killed while hanging', killedHungMs],
    ] as const) {
      const ends = lines.filter((line) => isEnd(line) && timeOf(line) >= atMs);
      expect(ends.length).toBeGreaterThanOrEqual(analyzers);
      const answers = lines.filter((line) => isAnswer(line) && timeOf(line) >= atMs).slice(0, analyzers);
      const backMs = Math.max(...answers.map((line) => timeOf(line) - atMs));
      measured(
        '3 analyzers',
        what,
        `${analyzers} analyzers, all answer again after ${(backMs / 1000).toFixed(1)} s`,
      );
      expect(answers).toHaveLength(analyzers);
      expect(backMs).toBeLessThanOrEqual(BACK_WITHIN_MS);
    }
  });

  it.each(ALWAYS)('$name: no frame is lost meanwhile', ({ name }) => {
    const { recorded: count, ...rest } = balance(sent.get(name) ?? [], stampsOf(recorded.get(name) ?? []));
    measured('3 analyzers', name, `${count} pictures, ${rest.lost.length} lost`);
    expect(rest).toMatchObject({ lost: [], doubled: [], invented: [] });
  });

  it.each(MOTION)('$name: is recorded while it is unwatched, from the pre-roll on', async ({ name }) => {
    const told = lines.find((line) => line.camera === name && isUnwatched(line) && timeOf(line) >= hungMs);
    if (told === undefined) throw new Error(`${name}: nothing was told of its analyzer's hanging`);
    const toldAfterMs = timeOf(told) - hungMs;
    measured('3 analyzers', `${name}: told after`, `${(toldAfterMs / 1000).toFixed(1)} s of hanging`);
    expect(toldAfterMs).toBeLessThanOrEqual(UNWATCHED_TOLD_WITHIN_MS);
    const file = (recorded.get(name) ?? []).findLast(({ sidecar }) =>
      sidecar.events.some(({ causes }) => causes.includes('unwatched')),
    );
    if (file === undefined) throw new Error(`${name}: no recording of the unwatched time`);
    const [first, last] = [file.stamps[0], file.stamps.at(-1)];
    const spanMs = (last?.wallMs ?? 0) - (first?.wallMs ?? 0);
    measured(
      '3 analyzers',
      name,
      `${(spanMs / 1000).toFixed(1)} s kept around ${((killedHungMs - hungMs) / 1000).toFixed(1)} s of hanging`,
    );
    expect(first?.wallMs).toBeLessThanOrEqual(hungMs - PRE_ROLL_MS);
    expect(last?.wallMs).toBeGreaterThanOrEqual(killedHungMs);
    expect(await verifyFrames([file.path])).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
  });

  it('every file decodes whole', async () => {
    const paths = [...recorded.values()].flat().map(({ path }) => path);
    expect(await decodeComplaints(paths)).toEqual([]);
  });
});

/** Motion never alarms here, so that every event is of an analyzer's making. */
function asConfigured({ port, mode, streams }: (typeof SUBJECTS)[number]) {
  const url = `rtsp://127.0.0.1:${port}`;
  const sub = '/sub' in streams ? { subUrl: `${url}/sub` } : {};
  return { url: `${url}/main`, ...sub, mode, motion: { minimalArea: 4_000_000 } };
}

async function allAnswer(recorder: RecorderProcess, count: number, sinceMs: number): Promise<void> {
  for (let ordinal = 1; ordinal <= count; ordinal++) {
    const isIt = (line: LogLine) => isAnswer(line) && line.message.startsWith(`analyzer ${ordinal} `);
    await recorder.line(`analyzer ${ordinal} answering`, 15_000, isIt, sinceMs);
  }
}

async function unwatchedLine(recorder: RecorderProcess, camera: string, sinceMs: number): Promise<void> {
  const isIt = (line: LogLine) => line.camera === camera && isUnwatched(line);
  await recorder.line(`${camera} being unwatched`, 10_000, isIt, sinceMs);
}

function isUnwatched({ message }: LogLine): boolean {
  return message.startsWith('event: the camera is not being analysed');
}

function isEnd({ message }: LogLine): boolean {
  return /^analyzer \d+ was ended by SIGKILL/.test(message);
}

function isAnswer({ message }: LogLine): boolean {
  return /^analyzer \d+ answers again/.test(message);
}
