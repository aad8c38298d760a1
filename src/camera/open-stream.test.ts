import { expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { PLAIN_ENCODING } from '../config/resolve-reencode.ts';
import { ScriptedCamera } from '../rtsp/testing/scripted-camera.ts';
import { openStream } from './open-stream.ts';
import { SourceError } from './source-error.ts';

const never = new AbortController().signal;

/** By FFmpeg, from a program that there is not. */
async function open(camera: ScriptedCamera): Promise<unknown> {
  const opening = openStream(
    {
      camera: 'yard',
      address: {
        url: camera.url('/main'),
        credentials: { username: 'eva', password: 'canary' },
        input: { kind: 'rtsp' },
      },
      engine: 'ffmpeg',
      transport: 'tcp',
      audio: true,
      encoding: { reencode: PLAIN_ENCODING, camera: 'yard', timeZone: 'utc' },
      sourceProgram: '/nowhere.js',
      clock: systemClock,
      log: silentLog,
    },
    never,
  );
  return await opening.catch((error: unknown) => error);
}

test('FFmpeg does not come to a camera that would send it to another host, which would be told the password', async () => {
  await using other = await ScriptedCamera.start();
  await using camera = await ScriptedCamera.start({
    DESCRIBE: () => ({
      status: 302,
      headers: [['Location', other.url('/main').replace('127.0.0.1', 'localhost')]],
    }),
  });
  expect(await open(camera)).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('the camera redirects to another host, localhost') as string,
  });
  expect(other.connections).toHaveLength(0);
});

test('FFmpeg does not try a password again that the camera has just refused', async () => {
  await using camera = await ScriptedCamera.start({
    DESCRIBE: () => ({ status: 401, headers: [['WWW-Authenticate', 'Digest realm="yard", nonce="1"']] }),
  });
  expect(await open(camera)).toMatchObject({
    kind: 'auth',
    message: expect.stringContaining('it does not accept those configured') as string,
  });
  expect(camera.requests.filter(({ headers }) => headers.get('Authorization') !== undefined)).toHaveLength(1);
});

test.each([
  [
    'asks for a password in a way of its own',
    { status: 401, headers: [['WWW-Authenticate', 'Digest realm="yard", nonce="1", algorithm=""']] },
  ],
  ['redirects on the same host', { status: 302, headers: [['Location', 'rtsp://127.0.0.1:1/main']] }],
  ['says what is not RTSP', Buffer.from('HTTP/1.0 200 OK\r\n\r\n')],
  ['hangs up', 'close'],
] as const)('a camera that %s is left to FFmpeg', async (_, answer) => {
  await using camera = await ScriptedCamera.start({ DESCRIBE: () => answer });
  expect(await open(camera)).toBeInstanceOf(SourceError);
});
