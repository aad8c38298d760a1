import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { testClip, TINY } from '../fake-camera/clips.ts';
import { FakeCamera } from '../fake-camera/fake-camera.ts';
import { reportStamps } from '../fake-camera/frame-stamps.ts';
import { makeFolder, PrerollProcess, writeConfig } from './preroll-process.ts';
import { recordingsOf } from './recordings.ts';

const PASSWORD = 'not-to-be-seen';

test('a running recorder follows its configuration, and cameras that are not concerned lose nothing', async () => {
  await using folder = await makeFolder();
  const main = await testClip({ ...TINY, loopSeconds: 4 });
  await using kept = await FakeCamera.start({ clock: systemClock, main, name: 'kept' });
  await using moved = await FakeCamera.start({ clock: systemClock, main, name: 'moved' });
  const login = { username: 'viewer', password: PASSWORD };
  await using added = await FakeCamera.start({
    clock: systemClock,
    main,
    name: 'added',
    authentication: { scheme: 'digest', ...login },
  });
  const always = (camera: FakeCamera, more: object = {}) => ({ url: camera.url, mode: 'always', ...more });
  const configure = async (cameras: object, log: object = {}) =>
    await writeConfig(folder.path, { cameras, archive: { segmentLength: '1h' }, log });
  await configure({ kept: always(kept), moved: always(moved) });
  await using recorder = PrerollProcess.start(['run'], { folder: folder.path });
  await recorder.says('[kept] recording to');

  await writeFile(join(folder.path, 'preroll.yaml'), 'cameras: [');
  await recorder.says(/cannot be used; going on with the one before: .*preroll\.yaml:1/);

  await configure(
    { kept: always(kept), moved: always(moved, { enabled: false }), added: always(added, login) },
    { level: 'debug' },
  );
  await recorder.says(/what was changed in log applies when the recorder is started the next time/);
  expect(recorder.stderr).toContain('the configuration was changed: added added; changed moved');
  await recorder.says('[added] recording to');
  await configure({ kept: always(kept) });
  await recorder.says(/the configuration was changed: removed moved, added/);
  expect(await recorder.interrupt()).toMatchObject({ code: 0 });

  expect(recorder.stderr).not.toContain(PASSWORD);
  const archive = join(folder.path, 'archive');
  expect((await recordingsOf(archive, 'added')).length).toBeGreaterThan(0);
  // One file from beginning to end, although the configuration changed four times.
  const recordings = await recordingsOf(archive, 'kept');
  expect(recordings).toHaveLength(1);
  const [report] = reportStamps(recordings.flatMap(({ stamps }) => stamps)).values();
  expect(report).toMatchObject({ missing: [], duplicated: 0 });
});
