import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sleep, systemClock } from '../../src/base/clock.ts';
import { makeFolder, PrerollProcess, writeConfig } from '../e2e/preroll-process.ts';
import { recordingsOf } from '../e2e/recordings.ts';
import { BeaconCamera } from '../sources/beacon-camera.ts';
import { flashesAndBeeps } from '../sources/flash-and-beep.ts';
import { opusBeeps } from '../sources/opus-beeps.ts';
import { measured } from './measurements.ts';
import { decodeWhole, hasFfmpeg, lateSecondsAsPlayed } from '../sources/played-by-ffmpeg.ts';

const MINUTES = 10;
const IN_STEP_SECONDS = 0.04;
/** Twice what a bad crystal has. */
const DRIFT = 0.0002;
/** One at the beginning of each file of a minute, which nothing dark precedes, and a few at both ends. */
const MISSED_FLASHES = 30;

const most = (all: readonly number[]) => Math.max(...all.map(Math.abs));
const inMs = (seconds: number) => `${(seconds * 1_000).toFixed(1)} ms`;

/** Sound and picture of cameras by whose clocks they would be a tenth of a second apart at the end. */
test.skipIf(process.env['PREROLL_LONG'] !== '1')(
  `sound is in step after ${MINUTES} minutes, whatever clock it runs by`,
  { timeout: (MINUTES + 5) * 60_000 },
  async () => {
    await using folder = await makeFolder();
    await using even = await BeaconCamera.start({ clock: systemClock });
    await using fast = await BeaconCamera.start({ clock: systemClock, drift: DRIFT });
    await using slow = await BeaconCamera.start({ clock: systemClock, drift: -DRIFT });
    await using opus = await BeaconCamera.start({ clock: systemClock, sound: opusBeeps() });
    const cameras = { even, fast, slow, opus };
    const always = Object.entries(cameras).map(([name, { url }]) => [name, { url, mode: 'always' }]);
    await writeConfig(folder.path, { cameras: Object.fromEntries(always) as object });
    await using preroll = PrerollProcess.start(['run'], { folder: folder.path });
    await preroll.says('connected', always.length);
    const startMs = Date.now();
    await sleep(systemClock, MINUTES * 60_000, new AbortController().signal);
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
    const errors: number[] = [];
    const beeps: number[] = [];
    for (const camera of Object.keys(cameras)) {
      const late: number[] = [];
      for (const { path, mp4, faults } of await recordingsOf(join(folder.path, 'archive'), camera)) {
        expect(faults).toEqual([]);
        if (hasFfmpeg) decodeWhole(path);
        late.push(...flashesAndBeeps(mp4, await readFile(path)).lateSeconds);
      }
      const span = [startMs + 5_000, startMs + MINUTES * 60_000 - 10_000].map((ms) =>
        new Date(ms).toISOString(),
      );
      const out = join(folder.path, `${camera}.mp4`);
      const words = ['export', camera, '--from', span[0] ?? '', '--to', span[1] ?? '', '--out', out];
      expect(await PrerollProcess.run(words, { folder: folder.path })).toMatchObject({ code: 0 });
      const played = hasFfmpeg ? lateSecondsAsPlayed(out) : late;
      const found = `${late.length} beeps, ${inMs(most(late))} from their flashes, exported ${inMs(most(played))}`;
      measured('sound', camera, found);
      errors.push(Math.max(most(late), most(played)));
      beeps.push(late.length);
    }
    expect(Math.min(...beeps)).toBeGreaterThan(MINUTES * 60 - MISSED_FLASHES);
    expect(Math.max(...errors)).toBeLessThan(IN_STEP_SECONDS);
  },
);
