import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder, PrerollProcess } from './preroll-process.ts';
import { filesBelow, recordingsOf } from './recordings.ts';

const cleanup: AsyncDisposable[] = [];
let folder: string;

/** An empty folder in an empty home. */
beforeEach(async () => {
  const made = await makeFolder();
  cleanup.push(made);
  folder = made.path;
});
afterEach(async () => {
  for (const each of cleanup.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

test('the first start, in an empty home, shows an event of the demo camera', async () => {
  const preroll = PrerollProcess.start(['run'], { folder, hasWeb: true });
  cleanup.push(preroll);
  await preroll.says('[yard] event: motion');
  await preroll.says('[yard] recording to');
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
  const [recording] = await recordingsOf(join(folder, 'archive'), 'yard');
  expect(recording?.faults).toEqual([]);
  expect(recording?.video).toMatchObject({ codec: 'h264', widthPx: 1280, heightPx: 720 });
  expect(recording?.sidecar.tracks.map(({ kind }) => kind)).toEqual(['video', 'audio']);
  expect(recording?.relativePath).toMatch(/^yard\/\d{4}-\d\d-\d\d\/\d\d-\d\d-\d\d\.mp4$/);
  expect(preroll.stderr).not.toMatch(/ ERROR /);
});

test('a Ctrl-C while the demo camera is drawn for the first time ends at once and leaves no litter', async () => {
  const preroll = PrerollProcess.start(['run'], { folder, hasWeb: true });
  cleanup.push(preroll);
  await preroll.says('the demo camera is getting ready');
  expect(await preroll.interrupt()).toEqual({ code: 0, by: null });
  // Drawing it takes many times as long as its first quarter, and each is told: it was waited for no longer.
  expect(preroll.stderr).not.toMatch(/the demo camera is (50|75|100) % ready/);
  expect(preroll.stderr).not.toMatch(/ (WARN|ERROR) /);
  const left = (await filesBelow(folder)).map((path) => path.slice(folder.length + 1));
  expect(left.filter((path) => path.startsWith('.cache'))).toEqual([]);
});
