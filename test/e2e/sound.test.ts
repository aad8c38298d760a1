import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { A_LAW_BEEPS, BeaconCamera } from '../sources/beacon-camera.ts';
import { aLaw } from '../../src/sound/testing/tones.ts';
import { flashesAndBeeps, type FlashAndBeep } from '../sources/flash-and-beep.ts';
import { opusBeeps } from '../sources/opus-beeps.ts';
import { decodeWhole, hasFfmpeg, lateSecondsAsPlayed } from '../sources/played-by-ffmpeg.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig, type TestFolder } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

/** What the acceptance of sound asks for. */
const IN_STEP_SECONDS = 0.04;
const LATER_FILES = 6;
const EXPORTED_MS = 8_000;
/** Flashes without sound: before the sound process had started, and after it was killed. */
const SILENT_FLASHES = 6;
const NEEDS_FFMPEG = 'needs the ffmpeg program';

const cleanup: AsyncDisposable[] = [];
let folder: TestFolder;
let soundProcesses: number[] = [];

/** Two cameras that flash as they beep, by G.711 and by Opus, one that is silent at first, and a sound process that is killed. */
beforeAll(async () => {
  folder = await makeFolder();
  const alaw = await BeaconCamera.start({ clock: systemClock });
  const opus = await BeaconCamera.start({ clock: systemClock, sound: opusBeeps() });
  let beeps = false;
  const silence = new Uint8Array(A_LAW_BEEPS.packetSamples).fill(aLaw(0));
  const loud = await BeaconCamera.start({
    clock: systemClock,
    sound: { ...A_LAW_BEEPS, packet: (first) => (beeps ? A_LAW_BEEPS.packet(first) : silence) },
  });
  cleanup.push(folder, alaw, opus, loud);
  await writeConfig(folder.path, {
    archive: { segmentLength: '6s' },
    cameras: {
      alaw: { url: alaw.url, mode: 'always' },
      opus: { url: opus.url, mode: 'always' },
      // The flash is no motion that counts.
      loud: { url: loud.url, event: { initialWait: '1h', preRoll: '3s', loudDbfs: -20, loudFor: '0s' } },
    },
  });
  await using preroll = PrerollProcess.start(['run'], { folder: folder.path });
  await vi.waitFor(heardLongEnough, { timeout: PATIENCE_MS, interval: 1_000 });
  beeps = true;
  await preroll.says('[loud] event: loud');
  soundProcesses = await preroll.children('sound-main');
  for (const pid of soundProcesses) process.kill(pid, 'SIGKILL');
  await preroll.says('the sound process was ended by SIGKILL');
  await preroll.says('[alaw] recorded ', LATER_FILES);
  await preroll.says('[opus] recorded ', LATER_FILES - 2);
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
});

afterAll(async () => {
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

async function seenIn(recordings: readonly Recording[]): Promise<FlashAndBeep[]> {
  return await Promise.all(
    recordings.map(async ({ mp4, path }) => flashesAndBeeps(mp4, await readFile(path))),
  );
}

/** When the flashes with a beep were recorded. */
async function heardAtMs(recordings: readonly Recording[]): Promise<readonly number[]> {
  const seen = await seenIn(recordings);
  return recordings.flatMap(({ mp4, sidecar }, i) => {
    const { flashes = [], beeps = [] } = seen[i] ?? {};
    const run = mp4.fragments[0]?.runs.find(({ header }) => header.track.kind === 'video');
    if (run === undefined) return [];
    const startSeconds = (run.samples[0]?.pts ?? 0) / run.header.track.clockRateHz;
    return flashes
      .filter((flash) => beeps.some((beep) => Math.abs(beep - flash) < 0.4))
      .map((flash) => Date.parse(sidecar.start) + 1_000 * (flash - startSeconds));
  });
}

/** What is exported is to be recorded before the sound process is killed. */
async function heardLongEnough(): Promise<void> {
  for (const camera of ['alaw', 'opus']) {
    const heard = await heardAtMs(await recordingsOf(join(folder.path, 'archive'), camera));
    expect((heard.at(-1) ?? 0) - (heard[0] ?? 0)).toBeGreaterThan(EXPORTED_MS);
  }
}

test.each([
  ['alaw', 'aac'],
  ['opus', 'opus'],
] as const)('the sound of %s is recorded as %s, in step with the picture', async (camera, codec) => {
  const recordings = await recordingsOf(join(folder.path, 'archive'), camera);
  for (const { faults } of recordings) expect(faults).toEqual([]);
  const codecs = recordings.flatMap(({ mp4 }) => mp4.header.tracks.map(({ track }) => track.codec));
  expect(new Set(codecs)).toEqual(new Set(['h264', codec]));
  const seen = await seenIn(recordings);
  const late = seen.flatMap(({ lateSeconds }) => lateSeconds);
  const flashes = seen.flatMap((one) => one.flashes);
  expect(flashes.length).toBeGreaterThan(2 * SILENT_FLASHES);
  expect(late.length).toBeGreaterThan(flashes.length - SILENT_FLASHES);
  expect(Math.max(...late.map(Math.abs))).toBeLessThan(IN_STEP_SECONDS);
  const pitches = seen.flatMap(({ beepHz = [] }) => beepHz);
  expect(pitches.length).toBeGreaterThan(1);
  for (const hz of pitches) expect(Math.abs(hz - 1_000)).toBeLessThan(40);
});

test('a sound process that is killed costs sound alone', async () => {
  expect(soundProcesses).toHaveLength(1);
  for (const { sidecar } of await recordingsOf(join(folder.path, 'archive'), 'alaw')) {
    expect(sidecar.endedBy).toMatch(/^(the file was full|the sound format changed|the recorder stopped)$/);
  }
});

test('a beep makes an event, with what was before it', async () => {
  const [first] = await recordingsOf(join(folder.path, 'archive'), 'loud');
  const [event] = first?.sidecar.events ?? [];
  expect(event?.causes).toEqual(['loud']);
  const trigger = Date.parse(event?.trigger ?? '');
  expect(trigger - Date.parse(event?.from ?? '')).toBe(3_000);
  expect(Date.parse(first?.sidecar.start ?? '')).toBeLessThanOrEqual(trigger - 3_000);
});

describe.each(['alaw', 'opus'])('of %s', (camera) => {
  const recorded = () => recordingsOf(join(folder.path, 'archive'), camera);

  test('an export holds the sound in step, as another player plays it', async ({ skip }) => {
    const heard = await heardAtMs(await recorded());
    // From a third of a second before the first one, so that all flashes are within.
    const fromMs = (heard[0] ?? Number.NaN) - 300;
    const span = [fromMs, fromMs + EXPORTED_MS].map((ms) => new Date(ms).toISOString());
    const out = join(folder.path, `${camera}.mp4`);
    const words = ['export', camera, '--from', span[0] ?? '', '--to', span[1] ?? '', '--out', out];
    const { code, stderr } = await PrerollProcess.run(words, { folder: folder.path });
    expect(code, stderr).toBe(0);
    skip(!hasFfmpeg, NEEDS_FFMPEG);
    decodeWhole(out);
    const late = lateSecondsAsPlayed(out);
    expect(late.length).toBeGreaterThanOrEqual(EXPORTED_MS / 1_000 - 1);
    expect(Math.max(...late.map(Math.abs))).toBeLessThan(IN_STEP_SECONDS);
  });

  test('another player decodes every recording whole', async ({ skip }) => {
    skip(!hasFfmpeg, NEEDS_FFMPEG);
    const recordings = await recorded();
    expect(recordings).not.toEqual([]);
    for (const { path } of recordings) decodeWhole(path);
  });
});
