import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera, type FakeCameraOptions } from '../fake-camera/fake-camera.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { filesBelow, recordingsOf } from './recordings.ts';

const QUIET = { ...TINY, loopSeconds: 4 };
const CANARY = 'canary/4711@yellow';

const cleanup: AsyncDisposable[] = [];
let folder: string;

beforeEach(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
});
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

async function startCamera(options: Partial<FakeCameraOptions> = {}): Promise<FakeCamera> {
  const camera = await FakeCamera.start({ clock: systemClock, main: await testClip(QUIET), ...options });
  cleanup.push(camera);
  return camera;
}

/** A recorder that has begun to record one camera. */
async function startRecorder(): Promise<PrerollProcess> {
  const camera = await startCamera();
  await writeConfig(folder, { cameras: { yard: { url: camera.url, mode: 'always+motion' } } });
  const recorder = PrerollProcess.start(['run'], { folder });
  cleanup.push(recorder);
  await recorder.says('[yard] recording to');
  return recorder;
}

function preroll(...words: string[]) {
  return PrerollProcess.run(words, { folder });
}

describe('a wrong configuration', () => {
  beforeEach(() =>
    writeFile(
      join(folder, 'preroll.yaml'),
      `event:\n  preRol: 5s\ncameras:\n  yard:\n    url: rtsp://10.0.0.1/\n    mode: sometimes\n`,
    ),
  );

  test.each(['run', 'check'])('makes "%s" say where and what, and write nothing', async (command) => {
    const { code, stdout, stderr } = await preroll(command);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/preroll\.yaml:2:\d+: .*preRol.*did you mean preRoll\?/);
    expect(stderr).toMatch(/preroll\.yaml:6:\d+: .*mode/);
    expect(await readdir(folder)).toEqual(['preroll.yaml']);
  });

  test('is told as JSON to scripts', async () => {
    const { code, stdout } = await preroll('check', '--json');
    expect(code).toBe(2);
    const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: { message: string }[] };
    expect(ok).toBe(false);
    expect(problems).toHaveLength(2);
  });
});

test('a wrong address of a camera is told without the password in it', async () => {
  const url = `rtsp://admin:${encodeURIComponent(CANARY)}@10.0.0.1:99999/`;
  await writeConfig(folder, { cameras: { yard: { url } } });
  const { code, stdout, stderr } = await preroll('check');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/cameras\.yard\.url/);
  expect(stderr).not.toContain('canary');
});

describe('check', () => {
  test('says of a good configuration what it would do, and writes nothing', async () => {
    await writeConfig(folder, {
      cameras: {
        yard: { url: 'rtsp://10.0.0.1/main', subUrl: 'rtsp://10.0.0.1/sub' },
        gate: { url: 'demo:', mode: 'always', enabled: false },
        hall: { url: 'demo:', mode: 'off', schedule: { 'mon-fri 18:00-08:00': 'timelapse+motion' } },
      },
    });
    const { code, stdout, stderr } = await preroll('check');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('camera yard: rtsp://10.0.0.1/main, records motion with 5 s before it');
    expect(stdout).toContain('camera gate: (disabled) the built-in demo camera, records without a break\n');
    expect(stdout).toContain(
      'camera hall: the built-in demo camera, records nothing by itself; mon-fri 18:00-08:00 records key pictures, and motion with 5 s before it, looks for motion in the sub-stream',
    );
    expect(JSON.parse((await preroll('check', '--json')).stdout)).toEqual({ ok: true, problems: [] });
    expect(await readdir(folder)).toEqual(['preroll.yaml']);
  });

  test('does not write a default where there is no configuration', async () => {
    const { code, stderr } = await preroll('check');
    expect(code).toBe(2);
    expect(stderr).toContain('preroll.yaml');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a wrong command line', () => {
  test.each([
    [['record'], /unknown command/],
    [['run', '--sett', 'a=b'], /unknown option/],
    [['run', '--set', 'event.preRoll=never'], /event\.preRoll/],
    [['run', '--set', 'cameras.a.password=canary'], /visible to every user/],
    [['probe'], /missing required argument/],
    [['demo', '--cameras', '65'], /from 1 to 64/],
  ])('ends with exit code 2 and leaves nothing behind: %j', async (words, message) => {
    const { code, stdout, stderr } = await preroll(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the first run', () => {
  test('writes a default configuration, which check finds good and a second run leaves alone', async () => {
    const run = async () => {
      const started = PrerollProcess.start(['run', '--set', 'cameras.yard.enabled=false'], { folder });
      cleanup.push(started);
      await started.says('there is no camera to record');
      const { code } = await started.interrupt();
      return { code, stderr: started.stderr };
    };
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.stderr).toContain(`wrote a default configuration to ${join(folder, 'preroll.yaml')}`);
    const text = await readFile(join(folder, 'preroll.yaml'), 'utf8');
    expect(text).toContain('url: "demo:"');
    expect((await preroll('check')).code).toBe(0);
    expect((await run()).stderr).not.toContain('wrote');
    expect(await readFile(join(folder, 'preroll.yaml'), 'utf8')).toBe(text);
  });
});

describe('probe', () => {
  test('tells scripts what a camera sends, and where its sub-stream is', async () => {
    const camera = await startCamera({
      main: await testClip({ ...QUIET, codec: 'h265', bFrames: 2, hasSound: true }),
      sub: await testClip({ ...QUIET, widthPx: 160, heightPx: 96 }),
      authentication: { scheme: 'digest', username: 'admin', password: CANARY },
    });
    const { code, stdout, stderr } = await PrerollProcess.run(
      ['probe', camera.url, '--user', 'admin', '--password-env', 'YARD_PASSWORD', '--json'],
      { folder, environment: { YARD_PASSWORD: CANARY } },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const size = { width: 320, height: 180, codec: 'h265', hasBFrames: true };
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      url: camera.url,
      transport: 'tcp',
      video: { ...size, framesPerSecond: 10, gopSeconds: 1 },
      audio: { codec: 'aac', sampleRate: 16_000 },
    });
    expect(stdout).not.toContain('canary');
  });

  test('ends with exit code 1 and a reason when it cannot', async () => {
    const camera = await startCamera({
      authentication: { scheme: 'digest', username: 'admin', password: 'another' },
    });
    const url = camera.url.replace('//', `//admin:${encodeURIComponent(CANARY)}@`);
    const { code, stdout, stderr } = await preroll('probe', url, '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: expect.stringContaining('accept') });
    const plain = await preroll('probe', url);
    expect(plain.code).toBe(1);
    expect(`${stdout}${plain.stdout}${plain.stderr}`).not.toContain('canary');
  });
});

test('with --json a failure is told as JSON on standard output, and by the exit code', async () => {
  await writeConfig(folder, { cameras: { yard: { url: 'rtsp://127.0.0.1:1/' } } });
  await writeFile(join(folder, 'wrong.yaml'), 'camera: {}');
  const span = ['--from', '2026-01-02', '--to', '2026-01-01'];
  for (const [command, code, error] of [
    [['status'], 1, 'recorder'],
    [['archive', 'gaps'], 1, 'nothing was recorded yet'],
    [['archive', 'check', '--config', 'wrong.yaml'], 2, 'wrong.yaml:1:1'],
    [['archive', 'keep', 'yard', '2026-01-01'], 1, 'nothing was recorded yet'],
    [['user', 'list', '--config', 'wrong.yaml'], 2, 'wrong.yaml:1:1'],
    [['export', 'yard', ...span], 2, 'nothing to export'],
    [['tune', 'yard'], 2, 'nothing to try'],
    [['probe', 'demo:'], 2, 'preroll demo serves it'],
    [['check', '--confg', 'other.yaml'], 2, 'unknown option'],
    [['probe'], 2, 'missing required argument'],
  ] as const) {
    const ended = await preroll(...command, '--json');
    expect({ command, code: ended.code, stderr: ended.stderr }).toEqual({ command, code, stderr: '' });
    const told: unknown = JSON.parse(ended.stdout);
    expect(told).toEqual({ ok: false, error: expect.stringContaining(error) as string });
  }
});

test.runIf(process.platform === 'linux')('a second Ctrl-C leaves at once with exit code 130', async () => {
  const recorder = await startRecorder();
  // Children that do not leave hold the recorder up, each for some seconds.
  const children = await recorder.children();
  expect(children.length).toBeGreaterThan(1);
  for (const pid of children) process.kill(pid, 'SIGSTOP');
  recorder.signal('SIGINT');
  await recorder.says('stopping; once more leaves at once');
  recorder.signal('SIGINT');
  expect(await recorder.ended).toEqual({ code: 130, by: null });
  for (const pid of children) process.kill(pid, 'SIGKILL');
});

describe('a reader of the output that leaves', () => {
  test('does not end the recording', async () => {
    const recorder = await startRecorder();
    recorder.closeOutput('stderr');
    recorder.signal('SIGINT');
    expect(await recorder.ended).toEqual({ code: 0, by: null });
    const [recording] = await recordingsOf(join(folder, 'archive'), 'yard');
    expect(recording).toMatchObject({ faults: [], sidecar: { endedBy: 'the recorder stopped' } });
  });

  test.each([['--help'], ['schema'], ['check', '--json']])('is no error (%s)', async (...words) => {
    await writeConfig(folder, {});
    const started = PrerollProcess.start(words, { folder });
    cleanup.push(started);
    started.closeOutput('stdout');
    expect(await started.ended).toEqual({ code: 0, by: null });
    expect(started.stderr).toBe('');
  });
});

test('killed without warning, it leaves files that are whole up to the last second', async () => {
  const recorder = await startRecorder();
  const path = (await filesBelow(join(folder, 'archive'))).find((file) => file.endsWith('.mp4')) ?? '';
  const size = (await readFile(path)).length;
  await vi.waitFor(async () => expect((await readFile(path)).length).toBeGreaterThan(size), {
    timeout: PATIENCE_MS,
    interval: 50,
  });
  recorder.signal('SIGKILL', 'group');
  await recorder.ended;
  const [recording] = await recordingsOf(join(folder, 'archive'), 'yard');
  expect(recording).toMatchObject({ faults: [], sidecar: { camera: 'yard' } });
  expect(recording?.sidecar.end).toBeUndefined();
});
