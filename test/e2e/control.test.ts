import { createConnection } from 'node:net';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { StatusJson } from '../../src/control/control-api.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf, type Recording } from './recordings.ts';

const QUIET = { ...TINY, loopSeconds: 4 };
const PRE_ROLL_MS = 2_000;
const GOP_MS = 1_000;

/** A recorder whose cameras nobody analyses, and what was asked of it on the command line. */
let folder: string;
let archive: string;
const answers = new Map<string, Awaited<ReturnType<typeof PrerollProcess.run>>>();
let analyzers: readonly number[] = [];
let socketMode = 0;
let leftBehind: readonly string[] = [];
const recordings = new Map<string, readonly Recording[]>();
const cleanup: AsyncDisposable[] = [];

async function ask(name: string, ...words: readonly string[]): Promise<void> {
  answers.set(name, await PrerollProcess.run(words, { folder }));
}

beforeAll(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
  archive = join(folder, 'archive');
  await ask('nobody', 'status');
  const main = await testClip(QUIET);
  const cameras: Record<string, { readonly url: string; readonly mode: string }> = {};
  for (const [name, mode] of [
    ['off', 'off'],
    ['front door', 'off'],
    ['always', 'always'],
    ['timelapse', 'timelapse'],
  ] as const) {
    const camera = await FakeCamera.start({ clock: systemClock, main, name: stampName(name) });
    cleanup.push(camera);
    cameras[name] = { url: camera.url, mode };
  }
  // Killed, so that its socket stays behind, and before it records anything.
  await writeConfig(folder, { cameras: { off: cameras['off'] } });
  await using killed = PrerollProcess.start(['run'], { folder });
  await killed.says('[off] connected');
  killed.signal('SIGKILL');
  await killed.ended;
  leftBehind = await readdir(folder);
  await ask('killed', 'status');

  await writeConfig(folder, {
    event: { preRoll: '2s', postRoll: '0s', maximalLength: '10s' },
    archive: { segmentLength: '5s' },
    cameras: { ...cameras, away: { url: 'rtsp://127.0.0.1:9/', mode: 'off' } },
  });
  await using preroll = PrerollProcess.start(['run'], { folder });
  for (const name of Object.keys(cameras)) await preroll.says(`[${name}] connected`);
  // So long that the rings hold the pre-roll, and more than a file.
  await preroll.saysAgain('[always] recorded');
  socketMode = (await stat(join(folder, 'preroll.sock'))).mode & 0o777;
  if (process.platform === 'linux') analyzers = await preroll.children('analyzer-main');
  await ask('start', 'event', 'start', 'off', '--cause', 'doorbell', '--duration', '2s');
  await ask('start by hand', 'event', 'start', 'front door');
  await ask('start in always', 'event', 'start', 'always', '--cause', 'alarm', '--duration', '1s');
  await ask('start in timelapse', 'event', 'start', 'timelapse');
  await ask('start away', 'event', 'start', 'away');
  await ask('unknown', 'event', 'start', 'of');
  await ask('status', 'status', '--json');
  await ask('table', 'status');
  await preroll.says(/\[off\] recorded /);
  await preroll.says(/\[timelapse\] event: manual, going on/);
  await preroll.says(/\[timelapse\] recorded /);
  await ask('stop', 'event', 'stop', 'timelapse');
  await ask('stop again', 'event', 'stop', 'timelapse');
  await ask('stop by hand', 'event', 'stop', 'front door');
  await preroll.says(/\[timelapse\] recorded /, 2);
  await preroll.says(/\[front door\] recorded /);
  await throwGarbage(join(folder, 'preroll.sock'));
  await ask('status after', 'status', '--json');
  await preroll.interrupt();
  for (const name of Object.keys(cameras)) recordings.set(name, await recordingsOf(archive, name));
});

afterAll(async () => {
  for (const each of cleanup.toReversed()) await each[Symbol.asyncDispose]();
});

async function throwGarbage(path: string): Promise<void> {
  for (const bytes of ['\0\u0001\r\n\r\n', 'POST / HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n', 'GET /']) {
    await new Promise<void>((resolve) => {
      const socket = createConnection({ path });
      socket.on('error', () => undefined);
      socket.on('close', () => resolve());
      socket.resume().end(bytes);
    });
  }
}

/** Stamps are divided by spaces. */
function stampName(camera: string): string {
  return camera.replace(' ', '-');
}

function answer(name: string) {
  const found = answers.get(name);
  if (found === undefined) throw new Error(`nothing was asked as ${name}`);
  return found;
}

function statusOf(name: string, camera: string) {
  const { cameras } = JSON.parse(answer(name).stdout) as StatusJson;
  return cameras.find((one) => one.camera === camera);
}

function events(camera: string) {
  return (recordings.get(camera) ?? []).flatMap(({ sidecar }) => sidecar.events);
}

function expectWhole(found: readonly Recording[], name: string): void {
  expect(found.flatMap(({ faults }) => faults)).toEqual([]);
  const report = reportStamps(found.flatMap(({ stamps }) => stamps)).get(`${stampName(name)}/main`);
  expect(report).toMatchObject({ missing: [], duplicated: 0, reordered: 0 });
}

describe.runIf(process.platform !== 'win32')('a recorder that other programs ask', () => {
  test('answers on a socket of its user only, also after one that was killed, and takes it away', async () => {
    expect(leftBehind).toContain('preroll.sock');
    expect(answer('killed')).toMatchObject({ code: 1, stderr: expect.stringContaining('none is running') });
    expect(socketMode).toBe(0o600);
    expect(await readdir(folder)).not.toContain('preroll.sock');
  });

  test('needs no analyzers where no mode looks for motion, and never misses them', () => {
    expect(analyzers).toEqual([]);
    expect(
      [...recordings.keys()].flatMap((name) => events(name).flatMap(({ causes }) => causes)),
    ).not.toContain('unwatched');
  });

  test('records an event with its pre-roll, for as long as it was asked to', () => {
    expect(answer('start')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^off: event \S+Z, for 2s\n$/),
    });
    const found = recordings.get('off') ?? [];
    expect(found).toHaveLength(1);
    expectWhole(found, 'off');
    const [event, ...others] = events('off');
    expect(others).toEqual([]);
    expect(event?.causes).toEqual(['doorbell']);
    const [trigger, from, until] = [event?.trigger, event?.from, event?.until].map((time) =>
      Date.parse(time ?? ''),
    );
    expect(until).toBe((trigger ?? 0) + 2_000);
    expect(from).toBe((trigger ?? 0) - PRE_ROLL_MS);
    expect(Date.parse(found[0]?.sidecar.start ?? '')).toBeGreaterThan((from ?? 0) - 2 * GOP_MS);
    expect(Date.parse(found[0]?.sidecar.start ?? '')).toBeLessThanOrEqual(from ?? 0);
    expect(Date.parse(found[0]?.sidecar.end ?? '')).toBeGreaterThanOrEqual(until ?? 0);
  });

  test('records by hand until it is stopped', () => {
    expect(answer('start by hand').stdout).toContain('until preroll event stop "front door"');
    expect(answer('stop by hand')).toMatchObject({ code: 0, stdout: 'front door: stopped\n' });
    expectWhole(recordings.get('front door') ?? [], 'front door');
    expect(new Set(events('front door').flatMap(({ causes }) => causes))).toEqual(new Set(['manual']));
  });

  test('marks an event in what is recorded anyway', () => {
    const found = recordings.get('always') ?? [];
    expectWhole(found, 'always');
    expect(found.length).toBeGreaterThan(2);
    expect(events('always').map(({ causes }) => causes)).toContainEqual(['alarm']);
  });

  test('records events of a time-lapse in full, beside it, and long ones in several files without a gap', () => {
    const found = recordings.get('timelapse') ?? [];
    const lapse = found.filter(({ sidecar }) => sidecar.kind === 'timelapse');
    const full = found.filter(({ sidecar }) => sidecar.kind === 'event');
    expect(full.length).toBeGreaterThan(1);
    expectWhole(full, 'timelapse');
    for (const { faults, mp4, stamps } of lapse) {
      expect(faults).toEqual([]);
      expect(mp4.header.tracks).toHaveLength(1);
      expect(stamps.length).toBeGreaterThan(2);
      const samples = mp4.fragments.flatMap(({ runs }) => runs.flatMap((run) => run.samples));
      expect(samples.every(({ isKey }) => isKey)).toBe(true);
      // Played at the speed of life: a picture stands until the next one.
      const [first] = stamps;
      const apartMs = stamps.map(({ wallMs }) => wallMs - (first?.wallMs ?? 0));
      for (const [i, { pts }] of samples.entries()) {
        expect(Math.abs((pts - (samples[0]?.pts ?? 0)) / 90 - (apartMs[i] ?? 0))).toBeLessThan(500);
      }
    }
  });

  test('tells its state as JSON and as a table', () => {
    expect(statusOf('status', 'front door')).toMatchObject({
      stream: { state: 'playing' },
      mode: 'off',
      recording: true,
      held: ['manual'],
      event: { causes: ['manual'] },
      video: { codec: expect.stringMatching(/^avc1\./) as unknown },
    });
    expect(statusOf('status', 'away')).toMatchObject({ held: ['manual'], event: null, video: null });
    expect(statusOf('status after', 'off')).toMatchObject({ recording: false, held: [], event: null });
    expect(answer('table').stdout).toMatch(/^front door +playing +off +yes +manual since /m);
    expect(answer('table').stdout).toMatch(/^timelapse +playing +timelapse +yes +manual since /m);
  });

  test('says what cannot be done', () => {
    expect(answer('nobody')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none is running there'),
    });
    expect(answer('unknown')).toMatchObject({
      code: 1,
      stderr: 'no camera "of" is being recorded, did you mean off?\n',
    });
    expect(answer('stop')).toMatchObject({ code: 0 });
    expect(answer('stop again')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has been started'),
    });
    expect(answer('start away').stdout).toContain('an event begins as soon as the camera is there');
  });
});
