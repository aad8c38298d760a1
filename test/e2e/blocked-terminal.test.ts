import { accessSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { PATIENCE_MS } from '../patience.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { filesBelow } from './recordings.ts';

const CTRL_S = '\u0013';
const CTRL_Q = '\u0011';

/** Gives a program a terminal; of util-linux. */
const SCRIPT = '/usr/bin/script';
const IN_A_TERMINAL = ['sh', '-c', `exec ${SCRIPT} --quiet --return --command "exec $0 $*" /dev/null`];

function hasScript(): boolean {
  try {
    accessSync(SCRIPT);
    return process.platform === 'linux';
  } catch {
    return false;
  }
}

test('a terminal that takes nothing more (Ctrl-S) holds up neither recording nor its end, and shows the rest later', async ({
  skip,
}) => {
  skip(!hasScript(), `needs ${SCRIPT} of Linux`);
  await using folder = await makeFolder();
  const main = await testClip({ ...TINY, loopSeconds: 4 });
  await using camera = await FakeCamera.start({ clock: systemClock, main, name: 'yard' });
  await writeConfig(folder.path, {
    archive: { segmentLength: '5s' },
    cameras: { yard: { url: camera.url, mode: 'always' } },
  });
  const options = { folder: folder.path, through: IN_A_TERMINAL, hasInput: true };
  await using preroll = PrerollProcess.start(['run'], options);
  const shown = () => preroll.stdout.split('recording to ').length - 1;
  const recordings = async () => {
    const files = await filesBelow(join(folder.path, 'archive'));
    return files.filter((path) => path.endsWith('.mp4')).length;
  };
  /** Until there are so many more than are shown. */
  const untilAhead = async (by: number) => {
    const isAhead = async () => (await recordings()) >= shown() + by;
    await vi.waitUntil(isAhead, { timeout: PATIENCE_MS, interval: 200 });
  };
  await preroll.until('it records', () => shown() > 0);
  preroll.type(CTRL_S);
  await untilAhead(2);
  const held = await recordings();
  preroll.type(CTRL_Q);
  await preroll.until('it shows the rest', () => shown() >= held);
  preroll.type(CTRL_S);
  await untilAhead(1);
  const [recorder = 0] = await preroll.children();
  process.kill(recorder, 'SIGTERM');
  expect(await preroll.ended).toEqual({ code: 0, by: null });
});
