import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { JpegCamera } from '../sources/jpeg-camera.ts';
import { jpegPictures } from '../sources/jpeg-pictures.ts';
import { muxClip } from '../sources/mux-clip.ts';
import { makeFolder, PrerollProcess, writeConfig, type Ended } from './preroll-process.ts';
import { exportWhole, type WholeExport } from './export-whole.ts';
import { picturesIn, recordingsOf, type Recording } from './recordings.ts';
import { signUp, watchLive, type Watched } from './web-site.ts';

const PASSWORD = 'canary: not to be seen';
const LOOP_SECONDS = 4;
const CAMERA_FPS = 10;
/** Looped some times over. */
const LONG_ENOUGH = 4;
/** A source that died is back within this, or on a slow machine as soon as it was there when the recorder was started. */
const BACK_MS = 5_000;

/** One recorder with a camera of each kind that the tests can serve, from its start until the user's Ctrl-C. */
const cleanup: AsyncDisposable[] = [];
let ended: Ended;
let stderr = '';
let archive = '';
/** A picture was sent so often when the recorder was told to stop. */
let polled = 0;
/** Of the camera whose pictures are encoded. */
let sentFps = 0;
let transcoders: readonly number[] = [];
/** From the start of the recorder until a camera was recorded, by its name. */
const startedWithinMs = new Map<string, number>();
const RECORDED = ['mp4', 'h265', 'av1', 'ts', 'mjpeg', 'small', 'snapshot'] as const;
const WITH_SOUND: ReadonlySet<string> = new Set(['mp4', 'ts']);
const watched = new Map<string, Watched>();
let exported: ReadonlyMap<string, WholeExport> = new Map();

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  archive = join(folder.path, 'archive');
  const busy = await testClip({ ...TINY, loopSeconds: 14 });
  const clip = await testClip({ ...TINY, loopSeconds: LOOP_SECONDS, hasSound: true });
  const h265 = await testClip({ ...TINY, loopSeconds: LOOP_SECONDS, codec: 'h265' });
  const av1 = await testClip({ ...TINY, loopSeconds: LOOP_SECONDS, codec: 'av1' });
  const to = (name: string) => join(folder.path, name);
  await muxClip({ clip, format: 'mp4', to: to('yard.mp4') });
  await muxClip({ clip: h265, format: 'matroska', to: to('yard.mkv') });
  await muxClip({ clip: av1, format: 'mp4', to: to('av1.mp4') });
  await muxClip({ clip, format: 'mpegts', to: to('yard.ts') });
  await muxClip({ clip: busy, format: 'mp4', to: to('walk.mp4') });
  const camera = await JpegCamera.start({
    pictures: jpegPictures(busy),
    rateFps: CAMERA_FPS,
    login: { username: 'eva', password: PASSWORD },
  });
  const still = await JpegCamera.start({ pictures: jpegPictures(clip), rateFps: 10 });
  cleanup.push(camera, still);
  const always = (url: string, more: object = {}) => ({ url, mode: 'always', ...more });
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    cameras: {
      mp4: always('file:yard.mp4'),
      h265: always('file:yard.mkv'),
      av1: always('file:av1.mp4'),
      ts: always('file:yard.ts'),
      once: always('file:yard.ts#once'),
      walk: { url: 'file:walk.mp4' },
      // Not looked at: an analyzer that is late would make an event of that.
      asked: { url: still.url('video'), mode: 'off' },
      mjpeg: always(camera.url('video')),
      small: always(camera.url('video'), { reencode: { widthPx: 160, encoder: 'software', label: true } }),
      snapshot: always(`${camera.url('snapshot')}#every=500ms`),
      gone: always('file:nowhere.mp4'),
      text: always('file:preroll.yaml'),
    },
  });
  const startedMs = Date.now();
  const preroll = PrerollProcess.start(['run'], { folder: folder.path, hasWeb: true });
  cleanup.push(preroll);
  const site = await signUp(preroll);
  for (const name of RECORDED) {
    await preroll.says(`[${name}] connected`);
    watched.set(name, await watchLive(site, name, { fragments: 5, hasSound: WITH_SOUND.has(name) }));
  }
  const asking = await PrerollProcess.run(['event', 'start', 'asked', '--duration', '2s'], {
    folder: folder.path,
  });
  expect(asking.code, asking.stderr).toBe(0);
  for (const name of RECORDED) await preroll.says(`[${name}] recorded `, LONG_ENOUGH);
  // Of motion alone: an analyzer that is late with its first picture makes an event of that.
  await preroll.says(/\[walk\] event ended causes=motion /);
  transcoders = await preroll.children('transcoder-main');
  for (const pid of await preroll.children('source-main')) process.kill(pid, 'SIGKILL');
  for (const name of RECORDED) {
    await preroll.says(new RegExp(`\\[${name}\\] connected`), 2);
    await preroll.says(`[${name}] recording to`, LONG_ENOUGH + 2);
  }
  polled = camera.asked;
  sentFps = camera.paceFps;
  ended = await preroll.interrupt();
  ({ stderr } = preroll);
  for (const name of RECORDED) {
    startedWithinMs.set(name, preroll.saidAtMs(`[${name}] recording to`) - startedMs);
  }
  exported = await exportWhole(folder.path, RECORDED, { fromMs: startedMs, toMs: Date.now() });
});

afterAll(async () => {
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

const seconds = ({ sidecar: { start, end = start } }: Recording) =>
  (Date.parse(end) - Date.parse(start)) / 1_000;

const wasKilled = ({ sidecar }: Recording) => sidecar.endedBy?.includes('SIGKILL') === true;

describe('a source of its own process', () => {
  test('leaves as an RTSP camera does, and tells no password', () => {
    expect(ended).toEqual({ code: 0, by: null });
    expect(stderr).not.toContain('canary');
  });

  test.each([
    ['mp4', 'h264', 320, 10],
    ['h265', 'h265', 320, 10],
    ['av1', 'av1', 320, 10],
    ['ts', 'h264', 320, 10],
    ['mjpeg', 'h264', 320, 10],
    ['small', 'h264', 160, 10],
    ['snapshot', 'h264', 320, 2],
  ] as const)(
    'records %s: files decode whole, at the pace of the source',
    async (name, codec, widthPx, rateFps) => {
      const recordings = await recordingsOf(archive, name);
      expect(recordings.length).toBeGreaterThan(LONG_ENOUGH);
      for (const recording of recordings) {
        expect(recording.faults).toEqual([]);
        expect(recording.video).toMatchObject({ codec, widthPx });
      }
      const whole = recordings.filter((recording) => seconds(recording) >= 5);
      expect(whole.length).toBeGreaterThan(0);
      const sum = (of: (recording: Recording) => number) => whole.reduce((all, one) => all + of(one), 0);
      const foundFps = sum(picturesIn) / sum(seconds);
      // What was sent more slowly comes more slowly.
      expect(foundFps).toBeGreaterThan(0.8 * rateFps * Math.min(1, sentFps / CAMERA_FPS));
      expect(foundFps).toBeLessThan(1.2 * rateFps);
    },
  );

  test('that encodes needs no transcoder beside it', () => {
    expect(transcoders).toEqual([]);
  });

  test.each(['mp4', 'ts'])('keeps the sound of %s beside its pictures', async (name) => {
    const recordings = await recordingsOf(archive, name);
    expect(recordings.length).toBeGreaterThan(LONG_ENOUGH);
    for (const recording of recordings) {
      // The kill may have come right after a file's first picture, before any of its sound.
      if (wasKilled(recording) && seconds(recording) < 1) continue;
      expect(recording.mp4.header.tracks.map(({ track }) => track.codec)).toEqual(['h264', 'aac']);
    }
  });

  test.each(['mp4', 'h265', 'av1', 'ts'])(
    'goes on without a gap where the file %s begins again',
    async (name) => {
      const recordings = await recordingsOf(archive, name);
      const killed = recordings.findIndex(wasKilled);
      const before = recordings.slice(0, killed + 1);
      const looped = before.reduce((sum, recording) => sum + picturesIn(recording), 0);
      expect(looped).toBeGreaterThan(2 * LOOP_SECONDS * TINY.rateFps);
      for (const [i, { sidecar }] of before.slice(1).entries()) {
        expect(Date.parse(sidecar.start) - Date.parse(before[i]?.sidecar.end ?? '')).toBeLessThan(500);
      }
    },
  );

  test.each(RECORDED)('shows %s live, with its sound where it has any', (name) => {
    const { track, codecs, faults } = watched.get(name) ?? {};
    expect(faults).toEqual([]);
    expect(codecs?.[0]).toBe(name === 'h265' || name === 'av1' ? name : 'h264');
    expect(codecs?.includes('aac')).toBe(WITH_SOUND.has(name));
    expect(track).toMatchObject({ stream: 'main', w: name === 'small' ? 160 : TINY.widthPx });
  });

  test.each(RECORDED)('exports %s, all that was recorded in files that decode whole', async (name) => {
    const recordings = await recordingsOf(archive, name);
    const recorded = recordings.reduce((sum, recording) => sum + picturesIn(recording), 0);
    expect(exported.get(name)).toEqual({ pictures: recorded, damaged: 0 });
  });

  test('has the seconds before an event that is asked for, of pictures that are encoded first', async () => {
    const [first] = await recordingsOf(archive, 'asked');
    expect(first?.faults).toEqual([]);
    const event = first?.sidecar.events[0];
    expect(event?.causes).toContain('manual');
    const beforeMs = Date.parse(event?.trigger ?? '') - Date.parse(first?.sidecar.start ?? '');
    expect(beforeMs).toBeGreaterThanOrEqual(2_000);
    expect(beforeMs).toBeLessThan(6_000);
  });

  test.each(RECORDED)(
    'is back within five seconds when the process of %s is killed, and the recording tells why it ended',
    async (name) => {
      const recordings = await recordingsOf(archive, name);
      const killed = recordings.findIndex(wasKilled);
      const [last, next] = [recordings[killed], recordings[killed + 1]];
      expect(last?.sidecar.endedBy).toContain('the source process was ended by SIGKILL');
      const awayMs = Date.parse(next?.sidecar.start ?? '') - Date.parse(last?.sidecar.end ?? '');
      expect(awayMs).toBeGreaterThan(0);
      expect(awayMs).toBeLessThan(Math.max(BACK_MS, startedWithinMs.get(name) ?? 0));
    },
  );

  test('plays a file once, and then rests', async () => {
    const recordings = await recordingsOf(archive, 'once');
    const played = recordings.reduce((sum, recording) => sum + picturesIn(recording), 0);
    expect(played).toBe(LOOP_SECONDS * TINY.rateFps);
    expect(stderr).toContain('[once] the file has been played to its end');
    expect(stderr).not.toMatch(/\[once\].*trying again/);
  });

  test('finds motion in a file, and has the seconds before it', async () => {
    const found = (await recordingsOf(archive, 'walk')).find(
      ({ sidecar }) => sidecar.events[0]?.causes.join() === 'motion',
    );
    expect(found?.faults).toEqual([]);
    const event = found?.sidecar.events[0];
    expect(Date.parse(event?.trigger ?? '') - Date.parse(found?.sidecar.start ?? '')).toBeGreaterThanOrEqual(
      2_000,
    );
  });

  test('asks for a snapshot as often as it was told', async () => {
    const recordings = await recordingsOf(archive, 'snapshot');
    const shown = recordings.reduce((sum, recording) => sum + picturesIn(recording), 0);
    expect(shown).toBeGreaterThan(20);
    expect(polled).toBeGreaterThanOrEqual(shown);
  });

  test('says what was looked for and what was found', () => {
    expect(stderr).toContain('[gone] opening file:nowhere.mp4: No such file or directory; trying again');
    expect(stderr).toContain(
      '[text] opening file:preroll.yaml: what is there is no video that Preroll reads',
    );
  });
});
