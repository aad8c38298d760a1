import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { wallMs } from '../../src/base/time.ts';
import { VideoDecoder } from '../../src/decode/decoder.ts';
import type { ClipSpec } from '../../src/demo/clip-spec.ts';
import { yardTruth } from '../../src/demo/yard.ts';
import { textPanel } from '../../src/media/burnt-text.ts';
import { createI420 } from '../../src/media/i420.ts';
import type { Mp4Run } from '../../src/media/fmp4/track-fragment-reader.ts';
import { panelDifference } from '../../src/media/testing/panel-difference.ts';
import { labelText } from '../../src/transcode/label.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { datedLateByMs, recordingsOf, shownAtMs, type Recording, type Sidecar } from './recordings.ts';

/** A quiet yard: a loop too short for anyone to pass. */
const QUIET = { ...TINY, loopSeconds: 4 };
/** Someone passes from second 6 to 13. */
const BUSY = { ...TINY, loopSeconds: 14 };
const HARDLY_ANALYSED = { motion: { rateFps: 0.5, widthPx: 64 } };
const PRE_ROLL_MS = 2_000;
/** How late a busy machine may be with what it would do at once. */
const SLACK_MS = 1_500;
/** Of the labels that a picture is compared with, from the second that its file says. */
const LABEL_OFFSETS_S = [-2, -1, 0, 1, 2];
/** What a recorder says of a transcoder that cannot keep up; then it records what comes as it is, for some time. */
const TOO_SLOW = 'did not answer in time';
const TOO_BUSY = 'this machine is too busy';
/** A machine that was idle for less than this share of so long a time, which is what a transcoder is waited for. */
const BUSY_IDLE_SHARE = 0.3;
const BUSY_MS = 5_000;

const cleanup: AsyncDisposable[] = [];
afterAll(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

interface Recorded {
  readonly main: ClipSpec;
  readonly [option: string]: unknown;
}

/** A recorder with these cameras, each with the options beside its clip. */
async function startRecorder(cameras: Readonly<Record<string, Recorded>>) {
  const folder = await makeFolder();
  cleanup.push(folder);
  const entries: Record<string, object> = {};
  const running: Record<string, FakeCamera> = {};
  for (const [name, { main, ...options }] of Object.entries(cameras)) {
    const camera = await FakeCamera.start({
      clock: systemClock,
      name,
      main: await testClip(main),
      waitsForViewer: true,
    });
    cleanup.push(camera);
    running[name] = camera;
    entries[name] = { url: camera.url, ...options };
  }
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s', timeZone: 'utc' },
    cameras: entries,
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  return { preroll, folder: folder.path, archive: join(folder.path, 'archive'), cameras: running };
}

/** Checks that the files are whole, and each picture of the camera in them exactly once, in order. */
function expectUnbroken(recordings: readonly Recording[], camera: string): void {
  expectWhole(recordings);
  const report = reportStamps(recordings.flatMap(({ stamps }) => stamps)).get(`${camera}/main`);
  expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
}

/** Checks that the files decode from end to end, by another decoder too where it is installed. */
function expectWhole(recordings: readonly Recording[]): void {
  expect(recordings.length).toBeGreaterThan(0);
  expect(recordings.flatMap(({ faults }) => faults)).toEqual([]);
  if (spawnSync('ffmpeg', ['-version']).status !== 0) return;
  for (const { path } of recordings) {
    const words = ['-v', 'error', '-i', path, '-f', 'null', '-'];
    expect(spawnSync('ffmpeg', words, { encoding: 'utf8' }).stderr, path).toBe('');
  }
}

/** Watches the machine from the start of the tests. */
class CpuWatch implements Disposable {
  #before = idle();
  #leastShare = 1;
  readonly #timer = setInterval(() => {
    const now = idle();
    const passedMs = (now.atMs - this.#before.atMs) * cpus().length;
    this.#leastShare = Math.min(this.#leastShare, (now.idleMs - this.#before.idleMs) / passedMs);
    this.#before = now;
  }, BUSY_MS);

  /** Whether there was a time when hardly any CPU was to spare. */
  get wasBusy(): boolean {
    return this.#leastShare < BUSY_IDLE_SHARE;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** How long the CPUs of the machine together have had nothing to do; that they wait for a disk or another machine is not counted. */
function idle(): { readonly atMs: number; readonly idleMs: number } {
  return { atMs: performance.now(), idleMs: cpus().reduce((sum, { times }) => sum + times.idle, 0) };
}

const cpuWatch = new CpuWatch();
afterAll(() => cpuWatch[Symbol.dispose]());

/** Whether a transcoder was too late because the machine was busy. On any other it is a fault, which the tests are to find. */
function wasTooSlow(stderr: string, expected = 0): boolean {
  return cpuWatch.wasBusy && stderr.split(TOO_SLOW).length - 1 > expected;
}

const widths = (recordings: readonly Recording[]) => recordings.map(({ video }) => video.widthPx);

/** The luma of each picture of a file, in their order. */
async function lumaOf({ path, mp4, video }: Recording): Promise<Uint8Array[]> {
  const bytes = await readFile(path);
  using decoder = new VideoDecoder();
  const pictures: Uint8Array[] = [];
  for (const run of mp4.fragments.flatMap((fragment) => fragment.runs)) {
    if (run.header.track !== video) continue;
    for (const { positionBytes, sizeBytes, isKey, pts, dts } of run.samples) {
      const data = bytes.subarray(positionBytes, positionBytes + sizeBytes);
      decoder.decode({ track: video, isKey, pts, dts, data }, (picture) => {
        const target = createI420(video.widthPx, video.heightPx);
        picture.readI420(target);
        pictures.push(target.y);
      });
    }
  }
  return pictures;
}

describe('re-encoding', () => {
  let archive: string;
  let stderr: string;
  let sentAtStop: number;

  beforeAll(async () => {
    // Encoding it holds up this process, which plays the cameras.
    const otherPictures = await testClip({ ...QUIET, widthPx: 160, heightPx: 96 });
    const always = { mode: 'always', ...HARDLY_ANALYSED };
    const recorder = await startRecorder({
      labelled: { main: QUIET, ...always, reencode: { label: true } },
      scaled: {
        main: { ...QUIET, bFrames: 2, hasSound: true },
        ...always,
        reencode: { codec: 'h265', heightPx: 96 },
      },
      slow: { main: { ...QUIET, codec: 'h265', gopSeconds: 4 }, ...always, reencode: { rateFps: 5 } },
      change: { main: QUIET, ...always, reencode: {} },
      walk: { main: BUSY, reencode: { widthPx: 160 } },
    });
    const { preroll, cameras } = recorder;
    ({ archive } = recorder);
    await Promise.all([
      ...['labelled', 'scaled', 'slow'].map((name) => preroll.says(`[${name}] recorded `, 2)),
      (async () => {
        await preroll.says('[change] recording to');
        cameras['change']?.switchTo(otherPictures);
        await preroll.says('[change] recording to', 2);
      })(),
      (async () => {
        await preroll.says(/\[walk\] event ended causes=.*motion/);
        await preroll.says('[walk] recorded');
      })(),
    ]);
    cameras['labelled']?.set({ isFrozen: true });
    sentAtStop = cameras['labelled']?.framesSent() ?? Infinity;
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
    ({ stderr } = preroll);
  });

  test('says what it encodes with, and nothing that went wrong', ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    expect(stderr).toMatch(/\[labelled\] re-encoding with \w*264/);
    expect(stderr).toMatch(/\[scaled\] re-encoding with \w*(265|hevc)/);
    expect(stderr).not.toContain('re-encoding stopped');
    expect(stderr).not.toMatch(/ ERROR /);
  });

  test('loses no picture, from file to file and up to the end', async () => {
    const recordings = await recordingsOf(archive, 'labelled');
    expect(recordings.length).toBeGreaterThan(2);
    expectUnbroken(recordings, 'labelled');
    expect(recordings.at(-1)?.stamps.at(-1)?.number).toBeGreaterThanOrEqual(sentAtStop - 5);
    for (const [index, { sidecar }] of recordings.slice(1).entries()) {
      expect(sidecar.continues).toBe(recordings[index]?.name);
    }
  });

  test('burns the name of the camera and the time of the picture in', async ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    const [recording] = await recordingsOf(archive, 'labelled');
    if (recording === undefined) throw new Error('no recording');
    const { stamps, video } = recording;
    const pictures = await lumaOf(recording);
    expect(pictures).toHaveLength(stamps.length);
    const lateMs = datedLateByMs(recording);
    expect(lateMs).toBeGreaterThan(-200);
    expect(lateMs).toBeLessThan(SLACK_MS);
    let lateSoFarMs = -Infinity;
    for (const [i, ms] of shownAtMs(recording).entries()) {
      lateSoFarMs = Math.max(lateSoFarMs, ms - (stamps[i]?.wallMs ?? Number.NaN));
      const luma = pictures[i] ?? new Uint8Array(0);
      const differences = LABEL_OFFSETS_S.map((offset) => {
        const text = labelText('labelled', wallMs(ms + 1_000 * offset), 'utc');
        return panelDifference(luma, video.widthPx, textPanel(text, 1));
      });
      const least = Math.min(...differences);
      expect(least).toBeLessThan(10);
      const second = Math.floor(ms / 1_000) + (LABEL_OFFSETS_S[differences.indexOf(least)] ?? Number.NaN);
      // When a picture was taken is known better a little later, by which its file may go and its label cannot: that
      // goes by the most prompt of the pictures so far, and a camera that is held up sends them late.
      expect(second).toBeGreaterThanOrEqual(Math.floor((ms - lateMs - 200) / 1_000));
      expect(second).toBeLessThanOrEqual(Math.floor((ms - lateSoFarMs + SLACK_MS) / 1_000));
    }
  });

  test('scales, takes another codec, and leaves the sound beside it', async ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    const recordings = await recordingsOf(archive, 'scaled');
    expectWhole(recordings);
    // The camera numbers them as it sends them, which with B pictures is not the order in which they are shown.
    const stamps = recordings.flatMap((recording) => recording.stamps);
    expect(reportStamps(stamps).get('scaled/main')).toMatchObject({ missing: [], duplicated: 0 });
    // The last ones may refer to pictures before them that the camera was still to send.
    const settled = stamps.slice(0, -3);
    const steps = settled.slice(1).map(({ frame }, i) => (frame - (settled[i]?.frame ?? 0) + 40) % 40);
    expect(new Set(steps)).toEqual(new Set([1]));
    for (const [i, { video, mp4, sidecar }] of recordings.entries()) {
      expect(video).toMatchObject({ codec: 'h265', widthPx: 170, heightPx: 96 });
      // What the transcoder lets out when the recorder stops may be a file of its own, behind the last sound.
      const isRest = i === recordings.length - 1 && i > 0 && lastsMs(sidecar) < 500;
      const kinds = sidecar.tracks.map(({ kind }) => kind);
      expect(kinds, JSON.stringify(sidecar)).toEqual(
        isRest ? expect.arrayContaining(['video']) : ['video', 'audio'],
      );
      if (isRest) continue;
      for (const { runs } of mp4.fragments) {
        const [pictures, sound] = ['video', 'audio'].map((kind) =>
          runs.find(({ header }) => header.track.kind === kind),
        );
        // Sound comes after the picture beside it: a fragment that ends with its first picture may have none yet.
        if (sound === undefined) expect(pictures?.samples).toHaveLength(1);
        else expect(Math.abs(startSeconds(pictures) - startSeconds(sound))).toBeLessThan(0.5);
      }
    }
  });

  test('keeps GOPs short and pictures few where it is told so', async ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    const recordings = await recordingsOf(archive, 'slow');
    expectWhole(recordings);
    for (const { mp4, video } of recordings) {
      expect(video.codec).toBe('h264');
      const samples = mp4.fragments.flatMap((fragment) => fragment.runs.flatMap((run) => run.samples));
      const keys = samples.flatMap(({ isKey }, at) => (isKey ? [at] : []));
      expect(keys[0]).toBe(0);
      expect(Math.max(...keys.map((at, i) => (keys[i + 1] ?? samples.length) - at))).toBeLessThanOrEqual(11);
    }
    const numbers = recordings.flatMap(({ stamps }) => stamps.map(({ number }) => number));
    expect(new Set(numbers.slice(1).map((number, i) => number - (numbers[i] ?? 0)))).toEqual(new Set([2]));
  });

  test('follows a camera that changes its size', async ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    const recordings = await recordingsOf(archive, 'change');
    expectUnbroken(recordings, 'change');
    expect(new Set(widths(recordings))).toEqual(new Set([320, 160]));
    const last = recordings.findLast(({ video }) => video.widthPx === 320);
    expect(last?.sidecar.endedBy).toBe('the video format changed');
  });

  test('keeps the pre-roll', async ({ skip }) => {
    skip(wasTooSlow(stderr), TOO_BUSY);
    const recordings = await recordingsOf(archive, 'walk');
    const event = recordings.find(({ sidecar }) => sidecar.events[0]?.causes.includes('motion'));
    if (event === undefined) throw new Error('no recording of motion');
    expectUnbroken([event], 'walk');
    expect(event.video.widthPx).toBe(160);
    const walked = event.stamps.filter(({ frame }) => yardTruth(BUSY, frame).walker !== undefined);
    expect(walked.length).toBeGreaterThan(60);
    skip(event.sidecar.events[0]?.causes.includes('unwatched') === true, TOO_BUSY);
    const [{ trigger, until } = { trigger: '', until: '' }] = event.sidecar.events;
    // By the recorder's clock: on a busy machine it has them later than the camera.
    const shown = shownAtMs(event);
    const leadMs = Date.parse(trigger) - (shown[0] ?? 0);
    expect(leadMs).toBeGreaterThan(PRE_ROLL_MS - 100);
    expect(leadMs).toBeLessThan(PRE_ROLL_MS + 2_000 + SLACK_MS);
    expect(Math.abs(Date.parse(until) - (shown.at(-1) ?? 0))).toBeLessThan(SLACK_MS);
    expect(datedLateByMs(event)).toBeGreaterThan(-200);
    expect(datedLateByMs(event)).toBeLessThan(SLACK_MS);
  });
});

describe.runIf(process.platform === 'linux')('a transcoder that', () => {
  test.concurrent('is killed costs no picture, amid an event and without one', async ({ skip }) => {
    const { preroll, archive } = await startRecorder({
      always: { main: QUIET, mode: 'always', ...HARDLY_ANALYSED, reencode: { widthPx: 160 } },
      // Long enough to go on after a transcoder has started on a slow machine, and with a pause before the next one.
      walk: { main: TINY, event: { minimalDuration: '6s' }, reencode: { widthPx: 160 } },
    });
    await preroll.says('[always] recording to');
    // What is re-encoded of the event has begun.
    await preroll.says('[walk] event: motion');
    await preroll.says('[walk] recording to');
    await signalTranscoders(preroll, 'SIGKILL');
    for (const name of ['always', 'walk']) {
      await preroll.says(`[${name}] re-encoding stopped: the transcoder was ended by SIGKILL;`);
      await preroll.says(`[${name}] re-encoding with`, 2);
    }
    await preroll.says('[always] recorded', 4);
    await preroll.says(/\[walk\] event ended/);
    await preroll.says('[walk] recorded', 3);
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });

    // Whatever the machine had to do.
    const recordings = await recordingsOf(archive, 'always');
    expectUnbroken(recordings, 'always');
    const walk = await recordingsOf(archive, 'walk');
    const event = walk[0]?.sidecar.events[0];
    const ofEvent = walk.filter(({ sidecar }) => sidecar.events[0]?.trigger === event?.trigger);
    expectUnbroken(ofEvent, 'walk');
    skip(wasTooSlow(preroll.stderr), TOO_BUSY);
    expectFallback(recordings, /^re-encoding stopped: the transcoder was ended by SIGKILL$/);
    expectFallback(ofEvent, /^re-encoding stopped/);
    const leadMs = Date.parse(event?.trigger ?? '') - (ofEvent[0]?.stamps[0]?.wallMs ?? 0);
    expect(leadMs).toBeGreaterThan(PRE_ROLL_MS - 100);
  });

  test.concurrent('hangs costs no picture', async ({ skip }) => {
    const { preroll, archive } = await startRecorder({
      always: { main: QUIET, mode: 'always', ...HARDLY_ANALYSED, reencode: { widthPx: 160 } },
    });
    await preroll.says('[always] recording to');
    await signalTranscoders(preroll, 'SIGSTOP');
    await preroll.says(`[always] re-encoding stopped: the transcoder ${TOO_SLOW}`);
    await preroll.says('[always] re-encoding with', 2);
    await preroll.says('[always] recording to', 5);
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });

    const recordings = await recordingsOf(archive, 'always');
    expectUnbroken(recordings, 'always');
    skip(wasTooSlow(preroll.stderr, 1), TOO_BUSY);
    expectFallback(recordings, /^re-encoding stopped: the transcoder did not answer in time/);
  });
});

/** Re-encoded, as it came, and re-encoded again, in files that go on from each other. */
function expectFallback(recordings: readonly Recording[], reason: RegExp): void {
  const kinds = widths(recordings).filter((width, i, all) => width !== all[i - 1]);
  expect(kinds).toEqual([160, 320, 160]);
  const first = recordings.findIndex(({ video }) => video.widthPx === 320);
  const last = recordings.findLastIndex(({ video }) => video.widthPx === 320);
  expect(recordings[first - 1]?.sidecar.endedBy).toMatch(reason);
  expect(recordings[last]?.sidecar.endedBy).toBe('re-encoding goes on');
  for (const [index, { sidecar }] of recordings.slice(1).entries()) {
    expect(sidecar.continues).toBe(recordings[index]?.name);
  }
}

async function signalTranscoders(preroll: PrerollProcess, signal: NodeJS.Signals): Promise<void> {
  const pids = await preroll.children('transcoder-main');
  for (const pid of pids) process.kill(pid, signal);
  expect(pids).not.toEqual([]);
}

function lastsMs({ start, end }: Sidecar): number {
  return Date.parse(end ?? '') - Date.parse(start);
}

/** Where a fragment's run begins, in the run's time; NaN where there is none. */
function startSeconds(run: Mp4Run | undefined): number {
  return (run?.samples[0]?.dts ?? Number.NaN) / (run?.header.track.clockRateHz ?? Number.NaN);
}
