import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { JpegCamera } from '../sources/jpeg-camera.ts';
import { jpegPictures } from '../sources/jpeg-pictures.ts';
import { muxClip } from '../sources/mux-clip.ts';
import { makeFolder, PATIENCE_MS, PrerollProcess, writeConfig, type Ended } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

const PASSWORD = 'canary: not to be seen';
const LOOP_SECONDS = 4;
/** Looped some times over. */
const LONG_ENOUGH = 4;
/** A source that died is back within this. */
const BACK_MS = 5_000;

/** One recorder with a camera of each kind that the tests can serve, from its start until the user's Ctrl-C. */
const cleanup: AsyncDisposable[] = [];
let ended: Ended;
let stderr = '';
let archive = '';
/** A picture was sent so often when the recorder was told to stop. */
let polled = 0;
let transcoders: readonly number[] = [];

beforeAll(async () => {
  const folder = await makeFolder();
  cleanup.push(folder);
  archive = join(folder.path, 'archive');
  const busy = await testClip({ ...TINY, loopSeconds: 14 });
  const clip = await testClip({ ...TINY, loopSeconds: LOOP_SECONDS, hasSound: true });
  const h265 = await testClip({ ...TINY, loopSeconds: LOOP_SECONDS, codec: 'h265' });
  const to = (name: string) => join(folder.path, name);
  await muxClip({ clip, format: 'mp4', to: to('yard.mp4') });
  await muxClip({ clip: h265, format: 'matroska', to: to('yard.mkv') });
  await muxClip({ clip, format: 'mpegts', to: to('yard.ts') });
  await muxClip({ clip: busy, format: 'mp4', to: to('walk.mp4') });
  const camera = await JpegCamera.start({
    pictures: jpegPictures(busy),
    rateFps: 10,
    login: { username: 'eva', password: PASSWORD },
  });
  cleanup.push(camera);
  const always = (url: string, more: object = {}) => ({ url, mode: 'always', ...more });
  await writeConfig(folder.path, {
    event: { initialWait: '1s', minimalDuration: '2s', preRoll: '2s', postRoll: '0s' },
    archive: { segmentLength: '5s' },
    cameras: {
      mp4: always('file:yard.mp4'),
      h265: always('file:yard.mkv'),
      ts: always('file:yard.ts'),
      once: always('file:yard.ts#once'),
      walk: { url: 'file:walk.mp4' },
      mjpeg: always(camera.url('video')),
      small: always(camera.url('video'), { reencode: { widthPx: 160, encoder: 'software', label: true } }),
      snapshot: always(`${camera.url('snapshot')}#every=500ms`),
      gone: always('file:nowhere.mp4'),
      text: always('file:preroll.yaml'),
    },
  });
  const preroll = PrerollProcess.start(['run'], { folder: folder.path });
  cleanup.push(preroll);
  for (const name of ['mp4', 'h265', 'ts', 'mjpeg', 'small', 'snapshot']) {
    await preroll.says(`[${name}] recorded `, LONG_ENOUGH);
  }
  await preroll.says(/\[walk\] event ended causes=.*motion/);
  transcoders = await preroll.children('transcoder-main');
  for (const pid of await preroll.children('source-main')) process.kill(pid, 'SIGKILL');
  for (const name of ['mp4', 'h265', 'ts', 'mjpeg', 'small', 'snapshot']) {
    await preroll.says(new RegExp(`\\[${name}\\] connected`), 2);
    await preroll.says(`[${name}] recording to`, LONG_ENOUGH + 2);
  }
  polled = camera.asked;
  ended = await preroll.interrupt();
  ({ stderr } = preroll);
}, 4 * PATIENCE_MS);

afterAll(async () => {
  for (const one of cleanup.toReversed()) await one[Symbol.asyncDispose]();
});

vi.setConfig({ testTimeout: PATIENCE_MS });

const seconds = ({ sidecar: { start, end = start } }: Recording) =>
  (Date.parse(end) - Date.parse(start)) / 1_000;
const pictures = ({ mp4, video }: Recording) =>
  mp4.fragments
    .flatMap(({ runs }) => runs)
    .filter(({ header }) => header.track === video)
    .reduce((sum, { samples }) => sum + samples.length, 0);

describe('a source of its own process', () => {
  test('leaves as an RTSP camera does, and tells no password', () => {
    expect(ended).toEqual({ code: 0, by: null });
    expect(stderr).not.toContain('canary');
  });

  test.each([
    ['mp4', 'h264', 320, 10],
    ['h265', 'h265', 320, 10],
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
      for (const recording of whole) {
        expect(pictures(recording) / seconds(recording)).toBeGreaterThan(0.8 * rateFps);
        expect(pictures(recording) / seconds(recording)).toBeLessThan(1.2 * rateFps);
      }
    },
  );

  test('that encodes needs no transcoder beside it', () => {
    expect(transcoders).toEqual([]);
  });

  test.each(['mp4', 'ts'])('keeps the sound of %s beside its pictures', async (name) => {
    for (const { mp4 } of await recordingsOf(archive, name)) {
      expect(mp4.header.tracks.map(({ track }) => track.codec)).toEqual(['h264', 'aac']);
    }
  });

  test.each(['mp4', 'h265', 'ts'])('goes on without a gap where the file %s begins again', async (name) => {
    const recordings = await recordingsOf(archive, name);
    const killed = recordings.findIndex(({ sidecar }) => sidecar.endedBy?.includes('SIGKILL'));
    const before = recordings.slice(0, killed + 1);
    const looped = before.reduce((sum, recording) => sum + pictures(recording), 0);
    expect(looped).toBeGreaterThan(2 * LOOP_SECONDS * TINY.rateFps);
    for (const [i, { sidecar }] of before.slice(1).entries()) {
      expect(Date.parse(sidecar.start) - Date.parse(before[i]?.sidecar.end ?? '')).toBeLessThan(500);
    }
  });

  test.each(['mp4', 'h265', 'ts', 'mjpeg', 'small', 'snapshot'])(
    'is back within five seconds when the process of %s is killed, and the recording tells why it ended',
    async (name) => {
      const recordings = await recordingsOf(archive, name);
      const killed = recordings.findIndex(({ sidecar }) => sidecar.endedBy?.includes('SIGKILL'));
      const [last, next] = [recordings[killed], recordings[killed + 1]];
      expect(last?.sidecar.endedBy).toContain('the source process was ended by SIGKILL');
      const awayMs = Date.parse(next?.sidecar.start ?? '') - Date.parse(last?.sidecar.end ?? '');
      expect(awayMs).toBeGreaterThan(0);
      expect(awayMs).toBeLessThan(BACK_MS);
    },
  );

  test('plays a file once, and then rests', async () => {
    const recordings = await recordingsOf(archive, 'once');
    const played = recordings.reduce((sum, recording) => sum + pictures(recording), 0);
    expect(played).toBe(LOOP_SECONDS * TINY.rateFps);
    expect(stderr).toContain('[once] the file has been played to its end');
    expect(stderr).not.toMatch(/\[once\].*trying again/);
  });

  test('finds motion in a file, and has the seconds before it', async () => {
    const [first] = await recordingsOf(archive, 'walk');
    expect(first?.faults).toEqual([]);
    const event = first?.sidecar.events[0];
    expect(event?.causes).toContain('motion');
    expect(Date.parse(event?.trigger ?? '') - Date.parse(first?.sidecar.start ?? '')).toBeGreaterThanOrEqual(
      2_000,
    );
  });

  test('asks for a snapshot as often as it was told', async () => {
    const recordings = await recordingsOf(archive, 'snapshot');
    const shown = recordings.reduce((sum, recording) => sum + pictures(recording), 0);
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
