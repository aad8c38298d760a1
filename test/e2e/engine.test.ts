import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatusJson } from '../../src/control/control-api.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { TransportStreamCamera } from '../sources/transport-stream-camera.ts';
import { makeFolder, PrerollProcess, writeConfig, type TestFolder } from './preroll-process.ts';
import { recordingsOf } from './recordings.ts';

/**
 * A recorder, started twice, with an encoder that serves both its streams as MPEG transport streams over RTSP: our own client does not
 * know that, and FFmpeg's does.
 */
const LOGIN = { username: 'viewer', password: 'p@ss/wörd22' } as const;
/** The password in the forms in which it may be found. */
const SECRETS = [LOGIN.password, encodeURIComponent(LOGIN.password)];
const FELL_BACK = /\[yard\] FFmpeg reads the camera from now on.*found video MP2T/g;

let folder: TestFolder;
let camera: TransportStreamCamera;
const first = { stderr: '', commandLines: '', status: undefined as StatusJson | undefined };
const second = { stderr: '' };

async function start(): Promise<PrerollProcess> {
  const environment = { YARD_PASSWORD: LOGIN.password };
  const preroll = PrerollProcess.start(['run'], { folder: folder.path, environment });
  await preroll.says('[yard] recorded ');
  await preroll.says('opened rtsp://', 2);
  return preroll;
}

beforeAll(async () => {
  folder = await makeFolder();
  const clip = await testClip({ ...TINY, loopSeconds: 4, hasSound: true });
  camera = await TransportStreamCamera.start(clip, { scheme: 'digest', ...LOGIN });
  await writeConfig(folder.path, {
    archive: { segmentLength: '5s' },
    cameras: {
      yard: {
        url: camera.url('/main'),
        subUrl: camera.url('/sub'),
        username: LOGIN.username,
        password: { env: 'YARD_PASSWORD' },
        mode: 'always+motion',
      },
    },
  });
  {
    await using preroll = await start();
    first.commandLines = await preroll.commandLines();
    const status = await PrerollProcess.run(['status', '--json'], { folder: folder.path });
    first.status = JSON.parse(status.stdout) as StatusJson;
    expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
    first.stderr = preroll.stderr;
  }
  await using preroll = await start();
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
  second.stderr = preroll.stderr;
});

afterAll(async () => {
  await camera[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test('records with FFmpeg what our own client does not understand, whole and with its sound', async () => {
  const recordings = await recordingsOf(join(folder.path, 'archive'), 'yard');
  expect(recordings.length).toBeGreaterThanOrEqual(2);
  for (const { faults } of recordings) expect(faults).toEqual([]);
  const codecs = recordings.flatMap(({ sidecar }) => sidecar.tracks.map(({ codec }) => codec));
  expect(codecs).toEqual(
    expect.arrayContaining([expect.stringMatching(/^avc1/), expect.stringMatching(/^mp4a/)]),
  );
});

test('says so once for each stream, after three attempts', () => {
  expect(first.stderr.match(FELL_BACK)).toHaveLength(2);
  expect(first.stderr.match(/found video MP2T; trying again/g)).toHaveLength(6);
  const [status] = first.status?.cameras ?? [];
  // Which of the two is the first to have failed three times is a matter of chance.
  expect(status?.fallbacks.toSorted((a, b) => a.stream.localeCompare(b.stream))).toEqual([
    expect.objectContaining({ stream: 'main', reason: expect.stringContaining('MP2T') as string }),
    expect.objectContaining({ stream: 'sub', reason: expect.stringContaining('MP2T') as string }),
  ]);
});

test('remembers it when it is started again', () => {
  expect(second.stderr).toContain('[yard] connected: avc1');
  expect(second.stderr).not.toContain('MP2T');
});

test('probe says which engine reads it and why', async () => {
  const environment = { PW: LOGIN.password };
  const words = ['probe', camera.url('/main'), '--user', LOGIN.username, '--password-env', 'PW', '--json'];
  const found = await PrerollProcess.run(words, { folder: folder.path, environment });
  expect(JSON.parse(found.stdout)).toMatchObject({
    ok: true,
    engine: 'ffmpeg',
    nativeFailure: expect.stringContaining('MP2T') as string,
  });
});

test('shows the password nowhere', async () => {
  expect(first.commandLines).toContain('source-main');
  const index = await readFile(join(folder.path, 'preroll.db'), 'latin1');
  const told = first.stderr + second.stderr + first.commandLines + JSON.stringify(first.status) + index;
  for (const secret of SECRETS) expect(told).not.toContain(secret);
});
