import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog, type Log } from '../base/log.ts';
import { SimulatedClock } from '../base/simulated-clock.ts';
import { wallMs, type WallMs } from '../base/time.ts';
import type { SegmentRecord } from '../db/records.ts';
import type { Packet } from '../media/packet.ts';
import { startRun, type Run } from '../media/run.ts';
import { makePicture, makePictures, makeSound, testVideoTrack } from '../media/testing/make-packet.ts';
import { Recorder, type RecorderOptions } from './recorder.ts';
import { filesIn, pictureTimesMs, readRecording } from './testing/read-archive.ts';

const START = Date.UTC(2026, 10, 22, 20);
const ring = { spanMs: 8_000, maxBytes: 1e6 };

let folder: string;
let clock: SimulatedClock;
let run: Run;
/** What the recorder told of its files, in order. */
let segments: SegmentRecord[];
let abandoned: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preroll-recorder-'));
  clock = new SimulatedClock(START);
  run = newRun(1);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

function newRun(ordinal: number): Run {
  return startRun(ordinal, 0, { wall: wallMs(START), monotonic: clock.monotonicMs() });
}

/** A file is named for its start, in ms since the test's start. */
async function createFile(start: WallMs) {
  const path = join(folder, `${String(Math.round(start - START)).padStart(6, '0')}.mp4`);
  return { path, handle: await open(path, 'wx'), key: { volume: 'v', path: basename(path) } };
}

/** Records nothing until it is asked to. */
function makeRecorder(options: Partial<RecorderOptions> = {}): Recorder {
  segments = [];
  abandoned = [];
  const recorder = new Recorder({
    camera: 'yard',
    wholeKind: 'continuous',
    fileLengthMs: 60_000,
    ring,
    createFile,
    clock,
    log: silentLog,
    onSegment: (segment) => segments.push(segment),
    onAbandoned: ({ path }) => abandoned.push(path),
    ...options,
  });
  recorder.runStarted(run);
  return recorder;
}

/** Records everything, from the beginning. */
function makeSteadyRecorder(options: Partial<RecorderOptions> = {}): Recorder {
  const recorder = makeRecorder({ ring: undefined, ...options });
  recorder.recordFrom(wallMs(START));
  return recorder;
}

function feed(recorder: Recorder, packets: readonly Packet[]): void {
  for (const packet of packets) recorder.packet(packet, run);
}

async function readSidecar(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), 'utf8'));
}

const times = (fromMs: number, toMs: number) =>
  Array.from({ length: (toMs - fromMs) / 100 }, (_, i) => fromMs + i * 100);

async function soundTimesMs(name: string): Promise<number[]> {
  const { fragments } = await readRecording(folder, name);
  const runs = fragments.flatMap((fragment) => fragment.runs);
  const heard = runs.filter(({ header }) => header.track.kind === 'audio');
  return heard.flatMap(({ samples, header }) =>
    samples.map(({ pts }) => (pts * 1000) / header.track.clockRateHz),
  );
}

describe('Recorder asked by events', () => {
  test('begins on the key picture at or before the asked time and ends after the event', async () => {
    const recorder = makeRecorder();
    feed(recorder, makePictures(20_000, 100, 20));
    recorder.keepFrom(wallMs(START + 15_500), { id: 'e1', cause: 'motion' });
    feed(recorder, makePictures(30_000, 100, 20, 20_000));
    recorder.markEvent('e1', { kept: true });
    recorder.keepUntil(wallMs(START + 29_050), { id: 'e1', cause: 'motion', score: 7 });
    feed(recorder, makePictures(32_000, 100, 20, 30_000));
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['014000.mp4']);
    const file = await readRecording(folder, '014000.mp4');
    expect(pictureTimesMs(file)).toEqual(times(14_000, 30_000));
    expect(await readSidecar('014000.json')).toMatchObject({
      camera: 'yard',
      file: '014000.mp4',
      start: '2026-11-22T20:00:14.000Z',
      end: '2026-11-22T20:00:30.000Z',
      endedBy: 'the event ended',
      events: [{ id: 'e1', cause: 'motion', score: 7, kept: true }],
    });
  });

  test('has the sound up to its end, which comes later than the pictures, and none of after it', async () => {
    const recorder = makeRecorder();
    const pictures = makePictures(8_000, 100, 10);
    // A second late.
    for (const [i, picture] of pictures.entries()) {
      if (i === 21) recorder.keepFrom(wallMs(START + 2_000), { id: 'e1' });
      if (i === 25) recorder.keepUntil(wallMs(START + 3_950), { id: 'e1' });
      feed(recorder, i < 10 ? [picture] : [picture, makeSound((i - 10) * 100)]);
    }
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['002000.mp4']);
    expect(pictureTimesMs(await readRecording(folder, '002000.mp4'))).toEqual(times(2_000, 4_000));
    const heard = await soundTimesMs('002000.mp4');
    expect(heard.filter((at) => at >= 2_000)).toEqual(times(2_000, 4_000));
  });

  test('waits for footage that comes later than the event, and tells the event in each of its files', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    recorder.keepUntil(wallMs(START + 2_500), { id: 'e1', score: 7 });
    const other = { ...testVideoTrack, changeReason: 're-encoding stopped' };
    feed(recorder, makePictures(1_000, 100, 10));
    feed(
      recorder,
      makePictures(4_000, 100, 10, 1_000).map((packet) => ({ ...packet, track: other })),
    );
    recorder.keepFrom(wallMs(START + 3_900), { id: 'e2' });
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4', '001000.mp4', '003000.mp4']);
    expect(pictureTimesMs(await readRecording(folder, '000000.mp4'))).toEqual(times(0, 1_000));
    expect(pictureTimesMs(await readRecording(folder, '001000.mp4'))).toEqual(times(1_000, 2_600));
    const sidecars = await Promise.all(
      ['000000', '001000', '003000'].map((name) => readSidecar(`${name}.json`)),
    );
    expect(sidecars).toMatchObject([
      { endedBy: 're-encoding stopped', events: [{ id: 'e1', score: 7 }] },
      { endedBy: 'the event ended', continues: '000000.mp4', events: [{ id: 'e1', score: 7 }] },
      { events: [{ id: 'e2' }] },
    ]);
  });

  test('writes nothing without an event', async () => {
    const recorder = makeRecorder();
    feed(recorder, makePictures(60_000, 100, 20));
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '')).toEqual([]);
  });

  test('begins at the start of the run when the pre-roll reaches further back', async () => {
    const recorder = makeRecorder();
    feed(recorder, makePictures(2_000, 100, 20));
    recorder.keepFrom(wallMs(START - 3_000), { id: 'e1' });
    await recorder[Symbol.asyncDispose]();
    expect(pictureTimesMs(await readRecording(folder, '000000.mp4'))).toEqual(times(0, 2_000));
  });

  test('goes on in another file when the event is to be split, as often as it is', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    const pictures = makePictures(14_000, 100, 20);
    feed(recorder, pictures.slice(0, 50));
    await expect.poll(() => filesIn(folder, '.mp4')).toEqual(['000000.mp4']);
    recorder.splitEventFile();
    feed(recorder, pictures.slice(50, 110));
    recorder.splitEventFile();
    feed(recorder, pictures.slice(110));
    await recorder[Symbol.asyncDispose]();
    const names = await filesIn(folder, '.mp4');
    expect(names).toEqual(['000000.mp4', '006000.mp4', '012000.mp4']);
    const files = await Promise.all(names.map((name) => readRecording(folder, name)));
    expect(files.flatMap(pictureTimesMs)).toEqual(times(0, 14_000));
    expect(await readSidecar('006000.json')).toMatchObject({
      kind: 'event',
      continues: '000000.mp4',
      events: [{ id: 'e1' }],
    });
  });

  test('keeps recording while another event is open', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    feed(recorder, makePictures(4_000, 100, 20));
    recorder.keepFrom(wallMs(START + 3_000), { id: 'e2' });
    recorder.keepUntil(wallMs(START + 3_500), { id: 'e1' });
    feed(recorder, makePictures(8_000, 100, 20, 4_000));
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4']);
    expect(pictureTimesMs(await readRecording(folder, '000000.mp4'))).toHaveLength(80);
  });

  test('ends the file with the run, and does not reach into the run before', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    feed(recorder, makePictures(4_000, 100, 20));
    recorder.runEnded(run, { kind: 'stall', message: 'no media for 8 s', fields: {} });
    recorder.keepUntil(wallMs(START + 4_000), { id: 'e1' });
    run = startRun(2, 0, { wall: wallMs(START + 20_000), monotonic: clock.monotonicMs() });
    recorder.runStarted(run);
    feed(recorder, makePictures(4_000, 100, 20));
    recorder.keepFrom(wallMs(START + 18_000), { id: 'e2' });
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4', '020000.mp4']);
    expect(await readSidecar('000000.json')).toMatchObject({ endedBy: 'no media for 8 s' });
  });
});

describe('Recorder asked for everything', () => {
  test('cuts files on key pictures and loses nothing between them', async () => {
    const recorder = makeSteadyRecorder();
    feed(recorder, makePictures(200_000, 100, 35));
    await recorder[Symbol.asyncDispose]();
    const names = await filesIn(folder, '.mp4');
    const files = await Promise.all(names.map((name) => readRecording(folder, name)));
    expect(names).toEqual(['000000.mp4', '063000.mp4', '126000.mp4', '189000.mp4']);
    expect(files.flatMap(pictureTimesMs)).toEqual(times(0, 200_000));
    for (const file of files) expect(file.fragments[0]?.runs[0]?.samples[0]?.isKey).toBe(true);
  });

  test('begins a new file when the parameter sets change', async () => {
    const recorder = makeSteadyRecorder();
    const bigger = { ...testVideoTrack, widthPx: 1280, heightPx: 720 };
    feed(recorder, makePictures(3_000, 100, 20));
    feed(recorder, [
      makePicture(3_000, { track: bigger }),
      makePicture(3_100, { track: bigger, isKey: false }),
    ]);
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4', '003000.mp4']);
    expect(await readSidecar('000000.json')).toMatchObject({ endedBy: 'the video format changed' });
    expect(await readSidecar('003000.json')).toMatchObject({ tracks: [{ width: 1280, height: 720 }] });
  });

  test('takes sound that begins after the first picture into the same file', async () => {
    const recorder = makeSteadyRecorder();
    const packets = makePictures(4_000, 100, 10).flatMap((picture) => [picture, makeSound(picture.dts / 90)]);
    feed(recorder, packets);
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4']);
    expect((await readRecording(folder, '000000.mp4')).header.tracks).toHaveLength(2);
  });

  test('has its sound, however much later than the pictures that comes', async () => {
    const recorder = makeSteadyRecorder({ fileLengthMs: 2_000 });
    const pictures = makePictures(6_100, 100, 10);
    const sounds = Array.from({ length: 120 }, (_, index) => makeSound(index * 50));
    feed(recorder, pictures.slice(0, 1));
    feed(recorder, sounds.slice(0, 1));
    // Turns of 1.5 s, in each of which a fragment at least is complete before its sound comes.
    for (let turn = 0; turn < 4; turn++) {
      feed(recorder, pictures.slice(1 + turn * 15, 1 + (turn + 1) * 15));
      recorder.allRead(true);
      feed(recorder, sounds.slice(1 + turn * 30, 1 + (turn + 1) * 30));
    }
    await recorder[Symbol.asyncDispose]();
    const files = await filesIn(folder, '.mp4');
    expect(files).toEqual(['000000.mp4', '002000.mp4', '004000.mp4', '006000.mp4']);
    const heard = await Promise.all(files.map((file) => soundTimesMs(file)));
    const told = sounds.map(({ pts }) => pts / 16);
    expect(heard).toEqual(
      [0, 2_000, 4_000, 6_000].map((from) => told.filter((at) => at >= from && at < from + 2_000)),
    );
  });

  test('goes on with a file whose sound has ended, and begins the next one without', async () => {
    const recorder = makeSteadyRecorder({ fileLengthMs: 6_000 });
    feed(
      recorder,
      makePictures(1_000, 100, 10).flatMap((picture) => [picture, makeSound(picture.dts / 90)]),
    );
    feed(recorder, makePictures(14_000, 100, 10, 1_000));
    await recorder[Symbol.asyncDispose]();
    const files = await filesIn(folder, '.mp4');
    expect(files).toEqual(['000000.mp4', '006000.mp4', '012000.mp4']);
    const headers = await Promise.all(files.map(async (file) => (await readRecording(folder, file)).header));
    expect(headers.map(({ tracks }) => tracks.length)).toEqual([2, 1, 1]);
  });

  test('begins a new file when sound begins later', async () => {
    const recorder = makeSteadyRecorder();
    feed(recorder, makePictures(2_100, 100, 10));
    feed(recorder, [makeSound(2_150), ...makePictures(4_000, 100, 10, 3_000)]);
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '.mp4')).toEqual(['000000.mp4', '003000.mp4']);
  });

  test('records sound beside the pictures', async () => {
    const recorder = makeSteadyRecorder();
    const packets = makePictures(4_000, 100, 10).flatMap((picture) => [makeSound(picture.dts / 90), picture]);
    feed(recorder, packets);
    await recorder[Symbol.asyncDispose]();
    const { header, fragments } = await readRecording(folder, '000000.mp4');
    expect(header.tracks.map(({ track }) => track.kind)).toEqual(['video', 'audio']);
    const sounds = fragments.flatMap((fragment) => fragment.runs[1]?.samples ?? []);
    expect(sounds).toHaveLength(39);
  });

  test('says that footage is lost when no file can be made, and tries again', async () => {
    const lines: string[] = [];
    const log: Log = { ...silentLog, error: (message) => void lines.push(message) };
    let isFull = true;
    const create: typeof createFile = (start) =>
      isFull ? Promise.reject(new Error('ENOSPC: no space left on device')) : createFile(start);
    const recorder = makeSteadyRecorder({ log, createFile: create });
    feed(recorder, makePictures(2_000, 100, 10));
    await clock.advance(4_000);
    isFull = false;
    feed(recorder, makePictures(4_000, 100, 10, 2_000));
    expect(recorder.isRecording).toBe(false);
    await clock.advance(2_000);
    feed(recorder, makePictures(6_000, 100, 10, 4_000));
    await recorder[Symbol.asyncDispose]();
    expect(lines).toEqual([
      'could not write a new file: ENOSPC: no space left on device; footage is being lost, trying a new file every few seconds',
    ]);
    expect(pictureTimesMs(await readRecording(folder, '004000.mp4'))).toEqual(times(4_000, 6_000));
  });

  test('leaves neither a file nor a description of one of which nothing came on disk', async () => {
    let isFull = true;
    const create: typeof createFile = async (start) => {
      const file = await createFile(start);
      if (isFull) Object.assign(file.handle, { writev: () => Promise.reject(new Error('ENOSPC')) });
      return file;
    };
    const recorder = makeSteadyRecorder({ createFile: create });
    feed(recorder, makePictures(2_000, 100, 10));
    await expect.poll(() => recorder.isRecording).toBe(false);
    await clock.advance(6_000);
    isFull = false;
    feed(recorder, makePictures(9_000, 100, 10, 8_000));
    await recorder[Symbol.asyncDispose]();
    expect(await filesIn(folder, '')).toEqual(['008000.json', '008000.mp4']);
    expect(new Set(segments.map(({ path }) => path))).toEqual(new Set(['008000.mp4']));
    expect(abandoned).toEqual(['000000.mp4']);
  });

  test('complains once, however often a file is refused, and says when it records again', async () => {
    const lines: string[] = [];
    const tell = (message: string) => void lines.push(message.split(':')[0] ?? '');
    const log: Log = { ...silentLog, info: tell, error: tell };
    let isFull = true;
    const create: typeof createFile = (start) =>
      isFull ? Promise.reject(new Error('ENOSPC')) : createFile(start);
    const recorder = makeSteadyRecorder({ log, createFile: create });
    for (let atMs = 0; atMs < 40_000; atMs += 1_000) {
      isFull = atMs < 20_000;
      if (atMs === 10_000) expect(recorder.failure).toBe('could not write a new file: ENOSPC');
      feed(recorder, makePictures(atMs + 1_000, 100, 10, atMs));
      await clock.advance(1_000);
    }
    await recorder[Symbol.asyncDispose]();
    expect(recorder.failure).toBeUndefined();
    expect(lines.map((line) => line.replace(folder, ''))).toEqual([
      'could not write a new file',
      'recording again',
      'recording to /020000.mp4',
      'recorded /020000.mp4',
    ]);
  });
});

describe('what Recorder tells of a file', () => {
  test('is nothing before something of it is on disk, then each time all that is, and at last why it ended', async () => {
    const recorder = makeSteadyRecorder({ fileLengthMs: 4_000 });
    for (let atMs = 0; atMs < 6_000; atMs += 1_000) {
      feed(recorder, makePictures(atMs + 1_000, 100, 10, atMs));
      await clock.advance(1_000);
      const told = segments.findLast(({ path }) => path === '000000.mp4')?.sizeBytes ?? 0;
      const size = (await stat(join(folder, '000000.mp4')).catch(() => undefined))?.size ?? 0;
      expect(told).toBeLessThanOrEqual(size);
      // The disk is a real one, and may be busy.
      if (atMs === 2_000) await expect.poll(() => segments).not.toEqual([]);
    }
    await recorder[Symbol.asyncDispose]();
    expect(segments.find(({ path }) => path === '000000.mp4')).toMatchObject({
      volume: 'v',
      path: '000000.mp4',
      camera: 'yard',
      kind: 'continuous',
      runStartWallMs: START,
      startWallMs: START,
      isOpen: true,
      endedBy: undefined,
      video: { codec: 'avc1.42c01e', widthPx: 640, heightPx: 360 },
      audio: undefined,
    });
    const closed = segments.filter(({ isOpen }) => !isOpen).toSorted((a, b) => a.startWallMs - b.startWallMs);
    expect(closed.map(({ path, endWallMs, endedBy }) => [path, endWallMs - START, endedBy])).toEqual([
      ['000000.mp4', 4_000, 'the file was full'],
      ['004000.mp4', 6_000, 'the recorder stopped'],
    ]);
    expect(closed[0]?.fragments).toHaveLength(8);
    expect(segments.findLastIndex(({ path }) => path === '000000.mp4')).toBe(
      segments.findIndex(({ path, isOpen }) => path === '000000.mp4' && !isOpen),
    );
  });

  test('names its sound and what it was recorded for', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    feed(
      recorder,
      makePictures(2_000, 100, 10).flatMap((picture) => [makeSound(picture.dts / 90), picture]),
    );
    await recorder[Symbol.asyncDispose]();
    expect(segments.at(-1)).toMatchObject({
      kind: 'event',
      audio: { codec: 'mp4a.40.2', sampleRateHz: 16_000, channels: 1 },
    });
  });
});

describe('Recorder whose mode changes', () => {
  async function recorded(): Promise<{ name: string; kind: unknown; timesMs: readonly number[] }[]> {
    const names = await filesIn(folder, '.mp4');
    return await Promise.all(
      names.map(async (name) => ({
        name,
        // Written by the recorder under test.
        kind: ((await readSidecar(name.replace('.mp4', '.json'))) as { kind: unknown }).kind,
        timesMs: pictureTimesMs(await readRecording(folder, name)),
      })),
    );
  }

  test('begins on the key picture before the change and ends with the last picture before the next', async () => {
    const recorder = makeRecorder();
    feed(recorder, makePictures(8_000, 100, 40));
    recorder.recordFrom(wallMs(START + 7_900));
    feed(recorder, makePictures(10_000, 100, 40, 8_000));
    recorder.recordUntil(wallMs(START + 9_950));
    feed(recorder, makePictures(12_000, 100, 40, 10_000));
    await recorder[Symbol.asyncDispose]();
    expect(await recorded()).toEqual([
      { name: '004000.mp4', kind: 'continuous', timesMs: times(4_000, 10_000) },
    ]);
    expect(await readSidecar('004000.json')).toMatchObject({ endedBy: 'the mode changed' });
  });

  test('goes from an event to everything and back without losing or doubling a picture', async () => {
    const recorder = makeRecorder();
    const pictures = makePictures(15_000, 100, 20);
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    feed(recorder, pictures.slice(0, 50));
    recorder.recordFrom(wallMs(START + 4_900));
    feed(recorder, pictures.slice(50, 90));
    recorder.recordUntil(wallMs(START + 8_950));
    feed(recorder, pictures.slice(90, 130));
    recorder.keepUntil(wallMs(START + 12_950), { id: 'e1' });
    feed(recorder, pictures.slice(130));
    await recorder[Symbol.asyncDispose]();
    expect(await recorded()).toEqual([
      { name: '000000.mp4', kind: 'event', timesMs: times(0, 6_000) },
      { name: '006000.mp4', kind: 'continuous', timesMs: times(6_000, 10_000) },
      { name: '010000.mp4', kind: 'event', timesMs: times(10_000, 13_000) },
    ]);
    const [second, third] = [await readSidecar('006000.json'), await readSidecar('010000.json')];
    expect(second).toMatchObject({ continues: '000000.mp4', events: [{ id: 'e1' }] });
    expect(third).toMatchObject({ continues: '006000.mp4', endedBy: 'the event ended' });
  });

  test('names the file before in the description of one that is on disk sooner', async () => {
    let goOn: () => void = () => undefined;
    const secondIsClosed = new Promise<void>((resolve) => (goOn = resolve));
    const create: typeof createFile = async (start) => {
      if (start === START) await secondIsClosed;
      const file = await createFile(start);
      if (start !== START + 4_000) return file;
      const close = file.handle.close.bind(file.handle);
      file.handle.close = () => close().finally(goOn);
      return file;
    };
    const recorder = makeSteadyRecorder({ fileLengthMs: 4_000, createFile: create });
    feed(recorder, makePictures(8_000, 100, 20));
    await recorder[Symbol.asyncDispose]();
    expect(await readSidecar('004000.json')).toMatchObject({ continues: '000000.mp4' });
  });

  test('leaves the file of an event alone when everything was not wanted anyway', async () => {
    const recorder = makeRecorder();
    recorder.keepFrom(wallMs(START), { id: 'e1' });
    feed(recorder, makePictures(2_000, 100, 20));
    recorder.recordUntil(wallMs(START + 2_000));
    feed(recorder, makePictures(4_000, 100, 20, 2_000));
    await recorder[Symbol.asyncDispose]();
    expect(await recorded()).toEqual([{ name: '000000.mp4', kind: 'event', timesMs: times(0, 4_000) }]);
  });

  test('goes on with everything when an event ends', async () => {
    const recorder = makeSteadyRecorder();
    feed(recorder, makePictures(2_000, 100, 20));
    recorder.keepFrom(wallMs(START + 1_500), { id: 'e1' });
    recorder.keepUntil(wallMs(START + 1_800), { id: 'e1' });
    feed(recorder, makePictures(4_000, 100, 20, 2_000));
    await recorder[Symbol.asyncDispose]();
    expect(await recorded()).toEqual([{ name: '000000.mp4', kind: 'continuous', timesMs: times(0, 4_000) }]);
    expect(await readSidecar('000000.json')).toMatchObject({ events: [{ id: 'e1' }] });
  });
});
