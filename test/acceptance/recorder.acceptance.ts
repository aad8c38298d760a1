import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../src/media/fmp4/byte-source.ts';
import { readMp4 } from '../../src/media/fmp4/reader.ts';
import { CLIPS } from './footage.ts';
import { measured } from './measurements.ts';
import { RecorderProcess } from './recorder-process.ts';
import { decodeComplaints, recordingsOf, stampsOf, verifyFrames, type Recording } from './recordings.ts';
import { missingRequirements } from './requirements.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { balance } from './sent-and-recorded.ts';
import { Simulator, type SentFrame } from './simulator.ts';

const SUBJECTS = [
  { name: 'h264', port: 8801, streams: { '/main': { file: CLIPS.main, audio: 'aac' } } },
  { name: 'h265', port: 8802, streams: { '/main': { file: CLIPS.h265, audio: 'aac' } } },
  { name: 'bframes', port: 8803, streams: { '/main': { file: CLIPS.bframes, audio: 'aac' } } },
] as const;
const NAMES = SUBJECTS.map(({ name }) => name);

const RUN_MS = 13_000;
/** What a recorder that is asked to stop may not have received yet. */
const IN_FLIGHT_MS = 500;
/** A fragment is never longer than 2 s; half a second for the way to the disk. */
const LOST_BY_KILL_MS = 2_500;

type Recordings = ReadonlyMap<string, readonly Recording[]>;

describe.skipIf(missingRequirements().length > 0)('the end of the recorder', () => {
  let folder = '';
  let exitCode: number | null = null;
  let interruptedMs = 0;
  let killedMs = 0;
  let interrupted: Recordings = new Map();
  let killed: Recordings = new Map();
  let hashesBefore: ReadonlyMap<string, string> = new Map();
  let hashesAfter: ReadonlyMap<string, string> = new Map();
  const sent = new Map<string, SentFrame[]>();

  beforeAll(async () => {
    folder = await makeScratchFolder();
    await using simulator = await Simulator.start(SUBJECTS, join(folder, 'cameras'));
    const cameras = Object.fromEntries(
      SUBJECTS.map(({ name, port }) => [
        name,
        { url: `rtsp://127.0.0.1:${port}/main`, mode: 'always+motion' },
      ]),
    );
    const start = async () => {
      const recorder = await RecorderProcess.start(folder, { cameras });
      await recorder.connected(NAMES, 20_000);
      await wait(RUN_MS);
      return recorder;
    };
    await using first = await start();
    interruptedMs = Date.now();
    exitCode = await first.interrupt();
    interrupted = await recordings(first.archive);

    await using second = await start();
    killedMs = Date.now();
    await second.kill();
    killed = without(await recordings(second.archive), interrupted);
    hashesBefore = await hashes([...interrupted.values(), ...killed.values()].flat());

    await using third = await start();
    await third.interrupt();
    hashesAfter = await hashes([...interrupted.values(), ...killed.values()].flat());
    for (const name of NAMES) sent.set(name, await simulator.sent(name, '/main'));
  }, 120_000);

  afterAll(() => removeScratchFolder(folder));

  it('Ctrl-C ends it with exit code 0', () => {
    expect(exitCode).toBe(0);
  });

  it.each(NAMES)('Ctrl-C: %s is recorded to the last picture, and its file is whole', async (name) => {
    const files = interrupted.get(name) ?? [];
    const stamps = stampsOf(files);
    const missedMs = interruptedMs - (stamps.at(-1)?.wallMs ?? 0);
    measured('4 recorder', `Ctrl-C: ${name}`, `the last ${missedMs.toFixed(0)} ms are not there`);
    expect(missedMs).toBeLessThanOrEqual(IN_FLIGHT_MS);
    expect(files.at(-1)?.sidecar).toMatchObject({ endedBy: 'the recorder stopped' });
    expect(balance(sent.get(name) ?? [], stamps)).toMatchObject({ lost: [], doubled: [], invented: [] });
    expect(await decodeComplaints(files.map(({ path }) => path))).toEqual([]);
    for (const { path } of files) {
      expect((await readMp4(memorySource(await readFile(path)))).tornBy).toBeUndefined();
    }
  });

  it.each(NAMES)('kill -9: %s is there up to the last fragment', async (name) => {
    const files = killed.get(name) ?? [];
    const file = files.at(-1);
    if (file === undefined) throw new Error(`nothing was recorded of ${name}`);
    const missedMs = killedMs - (file.stamps.at(-1)?.wallMs ?? 0);
    measured('4 recorder', `kill -9: ${name}`, `the last ${missedMs.toFixed(0)} ms are not there`);
    expect(missedMs).toBeLessThanOrEqual(LOST_BY_KILL_MS);
    expect(file.sidecar.endedBy).toBeUndefined();
    const bytes = await readFile(file.path);
    const { wholeSizeBytes } = await readMp4(memorySource(bytes));
    const whole = join(folder, `${name}.whole.mp4`);
    await writeFile(whole, bytes.subarray(0, wholeSizeBytes));
    expect(await decodeComplaints([whole])).toEqual([]);
    expect(await verifyFrames([whole])).toMatchObject({ missing: 0, duplicates: 0, out_of_order: 0 });
  });

  it('a new start leaves what is there as it is', () => {
    expect(hashesBefore.size).toBeGreaterThanOrEqual(2 * NAMES.length);
    expect(hashesAfter).toEqual(hashesBefore);
  });
});

async function recordings(archive: string): Promise<Recordings> {
  const entries = NAMES.map(async (name) => [name, await recordingsOf(archive, name)] as const);
  return new Map(await Promise.all(entries));
}

/** Those of `all` that are not among `known`. */
function without(all: Recordings, known: Recordings): Recordings {
  const paths = new Set([...known.values()].flat().map(({ path }) => path));
  return new Map(Array.from(all, ([name, files]) => [name, files.filter(({ path }) => !paths.has(path))]));
}

async function hashes(files: readonly Recording[]): Promise<Map<string, string>> {
  const hashed = files.map(async ({ path }) => {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return [path, digest] as const;
  });
  return new Map(await Promise.all(hashed));
}
